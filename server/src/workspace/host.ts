import { basename, dirname, isAbsolute, join, normalize, resolve, sep } from 'node:path';
import type { Host } from '../lint/types';
import { A_LINK, type Content, type Disk, MOST_BYTES, TOO_LARGE, versionOf } from './disk';
import { isGlob, matchesGlob } from './glob';
import { byName, isInside } from './paths';

/** A text that an editor has open. */
export interface Overlay {
  readonly text: string;
  /** The editor's own version number. */
  readonly version: number | undefined;
}

/**
 * The files of one workspace: what editors have open first, then the disk. Nothing outside the root is read, neither
 * by `..` nor through a link. A link inside the root stands for what it leads to: `resolve` and `glob` give that name,
 * so that a file has one name only.
 *
 * `version` of a folder changes when an entry comes or goes: it is what a `glob` depends on.
 */
export interface WorkspaceHost extends Host {
  /** As `read`, with the reason where there is no text. Unlike with `read`, the text is not remembered. */
  content(file: string): Content;
  setOverlay(file: string, overlay: Overlay | undefined): void;
  overlay(file: string): Overlay | undefined;
  /** The name that a file goes by, links followed; undefined when it leads outside the root. */
  canonical(file: string): string | undefined;
  /** Something on the disk changed: what is remembered of links is forgotten. Texts go by their versions. */
  forget(): void;
}

/** Texts are remembered up to this many characters in all. */
const MOST_REMEMBERED = 32 * 1024 * 1024;

/** @param root an absolute folder */
export function openHost(root: string, disk: Disk): WorkspaceHost {
  const realRoot = disk.realPath(root) ?? root;
  const overlays = new Map<string, Overlay & { readonly edition: number }>();
  let edition = 0;
  const texts = new Map<string, Content & { kind: 'text' }>();
  let remembered = 0;
  const folders = new Map<string, string | undefined>();

  return {
    read: (file) => {
      const found = content(file);
      if (found.kind === 'none') return undefined;
      remember(canonical(file) ?? file, found);
      return found.text;
    },
    resolve: (from, relative) => {
      const path = isAbsolute(relative) ? normalize(relative) : resolve(dirname(from), relative);
      return overlays.has(path) ? path : (canonical(path) ?? path);
    },
    glob,
    version,
    content,
    setOverlay: (name, overlay) => {
      const file = canonical(name) ?? name;
      edition += 1;
      if (overlay === undefined) overlays.delete(file);
      else overlays.set(file, { ...overlay, edition });
    },
    overlay: (file) => overlays.get(canonical(file) ?? file),
    canonical,
    forget: () => folders.clear(),
  };

  function content(file: string): Content {
    const open = overlays.get(file);
    if (open !== undefined) return openContent(open.text, open.edition);
    const known = texts.get(file);
    if (known !== undefined && version(file) === known.version) return known;
    const plain = pathOf(file);
    if (plain === undefined) return OUTSIDE;
    const found = disk.read(plain);
    if (found.kind === 'text' || found.reason !== A_LINK) return found;
    const path = canonical(plain);
    if (path === undefined) return OUTSIDE;
    return path === plain ? found : content(path);
  }

  function version(file: string): string | undefined {
    const open = overlays.get(file);
    if (open !== undefined) return `open ${open.edition}`;
    const plain = pathOf(file);
    const stats = plain === undefined ? undefined : disk.lstat(plain);
    if (stats?.isSymbolicLink()) {
      const path = canonical(file);
      return path === undefined || path === plain ? undefined : version(path);
    }
    return stats?.isFile() || stats?.isDirectory() ? versionOf(stats) : undefined;
  }

  function glob(from: string, pattern: string): string[] {
    const whole = isAbsolute(pattern) ? normalize(pattern) : join(dirname(from), pattern);
    const segments = whole.split(sep);
    const fixed = segments.findIndex(isGlob);
    if (fixed < 0) return isFile(whole) ? [canonical(whole) ?? whole] : [];
    let found = [segments.slice(0, fixed).join(sep) || sep];
    for (const segment of segments.slice(fixed)) {
      found = found.flatMap((folder) => namesIn(folder, segment).map((name) => join(folder, name)));
    }
    // By the names that the pattern met: a link is there to give a file its place in the order.
    const files = found.sort(byName).flatMap((path) => (isFile(path) ? [canonical(path) ?? path] : []));
    return [...new Set(files)];
  }

  /** The names in a folder that a segment of a pattern matches; a segment without wildcards matches itself. */
  function namesIn(folder: string, segment: string): string[] {
    if (!isInside(root, folder)) {
      // The way down to the root may lead through wildcards; it is not looked at, only walked along.
      const next = root.startsWith(folder) ? root.slice(folder.length).split(sep).filter(Boolean)[0] : undefined;
      return next !== undefined && matchesBytes(next, segment) ? [next] : [];
    }
    if (!isGlob(segment)) return [segment];
    const names = new Set<string>();
    for (const open of overlays.keys()) if (dirname(open) === folder) names.add(basename(open));
    for (const name of listFolder(folder)) names.add(name);
    return [...names].filter((name) => matchesBytes(name, segment));
  }

  function listFolder(folder: string): string[] {
    const real = canonicalFolder(folder);
    if (real === undefined) return [];
    const entries = disk.list(real);
    return typeof entries === 'string' ? [] : entries.map(({ name }) => name);
  }

  function isFile(path: string): boolean {
    if (overlays.has(path)) return true;
    const real = canonical(path);
    return real !== undefined && disk.lstat(real)?.isFile() === true;
  }

  function canonical(file: string): string | undefined {
    const path = pathOf(file);
    if (path === undefined || !disk.lstat(path)?.isSymbolicLink()) return path;
    const target = disk.realPath(path);
    return target === undefined ? path : fromReal(target);
  }

  /** The path with the links of its folders followed, but not the last one; undefined when that is outside. */
  function pathOf(file: string): string | undefined {
    const parent = dirname(file);
    const folder = canonicalFolder(parent);
    if (folder === undefined) return undefined;
    const path = folder === parent ? file : join(folder, basename(file));
    return isInside(root, path) ? path : undefined;
  }

  /** Where a folder really is, named from the root; undefined when that is outside. A folder that is not there stays. */
  function canonicalFolder(folder: string): string | undefined {
    if (folder === root || folder === dirname(root)) return folder;
    if (folders.has(folder)) return folders.get(folder);
    let found: string | undefined;
    if (isInside(root, folder)) {
      const real = disk.realPath(folder);
      const parent = real === undefined ? canonicalFolder(dirname(folder)) : undefined;
      found = real === undefined ? parent && join(parent, basename(folder)) : fromReal(real);
    }
    folders.set(folder, found);
    return found;
  }

  function fromReal(real: string): string | undefined {
    if (!isInside(realRoot, real)) return undefined;
    return realRoot === root ? real : join(root, real.slice(realRoot.length));
  }

  function remember(file: string, found: Content & { kind: 'text' }): void {
    if (overlays.has(file) || texts.get(file) === found) return;
    remembered += found.text.length - (texts.get(file)?.text.length ?? 0);
    texts.delete(file);
    texts.set(file, found);
    for (const [first, { text }] of texts) {
      if (remembered <= MOST_REMEMBERED) break;
      texts.delete(first);
      remembered -= text.length;
    }
  }
}

/** A `?` is one byte to programs that set no locale, as nginx does not. */
function matchesBytes(name: string, pattern: string): boolean {
  return matchesGlob(bytesOf(name), bytesOf(pattern));
}

function bytesOf(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}

const OUTSIDE: Content = { kind: 'none', reason: 'outside the workspace' };

function openContent(text: string, edition: number): Content {
  if (text.length > MOST_BYTES) return { kind: 'none', reason: TOO_LARGE };
  return { kind: 'text', text, bom: false, version: `open ${edition}` };
}
