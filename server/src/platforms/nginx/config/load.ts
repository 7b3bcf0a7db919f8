import { type Place, samePlace } from '../../../cors/place';
import type { Host } from '../../../lint/types';
import { isHole } from '../syntax/holes';
import { parse } from '../syntax/parse';
import type { Directive, Tree } from '../syntax/tree';
import { headPlace, type Node } from './node';

/** A configuration with its includes put in place. */
export interface Loaded {
  readonly nodes: readonly Node[];
  /** Files that were read, or looked for in vain, apart from the first one. */
  readonly dependencies: ReadonlySet<string>;
  /** The files that were put in place, each with the `include`s that brought it in. */
  readonly included: ReadonlyMap<string, readonly Place[]>;
}

/** The name that stands for an `include` whose file cannot be read, or a template's hole: what it brings is not known. */
export const UNREADABLE = '\0unreadable include';

/** More than any configuration has: a bound for snippets that include snippets that include snippets. */
const MAX_FILES = 20_000;
const MAX_NODES = 400_000;
/** Deeper blocks than this are not looked into. */
const MAX_NESTING = 64;

export interface LoadOptions {
  /**
   * Files in whose folders relative names are looked for, the likeliest first. nginx takes the folder of the file that
   * it was started with.
   */
  readonly bases: readonly string[];
  /** Whether the file is a part of a server or a location: then its top is inside a block. */
  readonly isFragment?: boolean;
}

/** Expands the `include`s of a parsed file. Never throws, however the files include each other. */
export function load(file: string, tree: Tree, { bases, isFragment = false }: LoadOptions, host: Host): Loaded {
  const loader = new Loader(bases, host);
  const nodes = loader.start(file, tree, isFragment);
  return { nodes, dependencies: loader.dependencies, included: loader.included };
}

/** Parsed files by host, so that a snippet included a hundred times is parsed once. */
const parsed = new WeakMap<Host, Map<string, { readonly version: string | number | undefined; readonly tree: Tree }>>();

/** The tree of a file of the host, or undefined when it cannot be read. */
export function readTree(file: string, host: Host): Tree | undefined {
  const version = host.version(file);
  const cache = parsed.get(host) ?? new Map<string, { version: string | number | undefined; tree: Tree }>();
  parsed.set(host, cache);
  const known = cache.get(file);
  if (known !== undefined && version !== undefined && known.version === version) {
    return known.tree;
  }
  const text = host.read(file);
  if (text === undefined) {
    return undefined;
  }
  const tree = parse(text);
  cache.set(file, { version, tree });
  return tree;
}

/** Where a directive stands: what a pattern that finds nothing may have meant depends on it. */
interface Spot {
  readonly depth: number;
  /** Whether it is in a block deeper than `http`. */
  readonly inner: boolean;
}

class Loader {
  readonly dependencies = new Set<string>();
  readonly included = new Map<string, Place[]>();
  private files = 0;
  private nodes = 0;
  private readonly expanding = new Set<string>();

  constructor(
    private readonly bases: readonly string[],
    private readonly host: Host,
  ) {}

  start(file: string, tree: Tree, inner: boolean): Node[] {
    this.expanding.add(file);
    return this.expand(file, tree.directives, { depth: 0, inner });
  }

  private expand(file: string, directives: readonly Directive[], spot: Spot): Node[] {
    const nodes: Node[] = [];
    this.nodes += directives.length;
    for (const directive of directives) {
      const name = directive.name.value;
      if (name === 'include' && directive.block === undefined && directive.args.length === 1) {
        for (const node of this.include(file, directive, spot)) nodes.push(node);
        continue;
      }
      if (directive.block === undefined && isHole(name)) {
        nodes.push({ name: UNREADABLE, args: directive.args, file, directive, children: undefined });
        continue;
      }
      nodes.push({ name, args: directive.args, file, directive, children: this.children(file, directive, spot) });
    }
    return nodes;
  }

  private children(file: string, { name, block }: Directive, spot: Spot): Node[] | undefined {
    if (block === undefined) {
      return undefined;
    }
    const inside = { depth: spot.depth + 1, inner: spot.inner || name.value !== 'http' };
    return spot.depth < MAX_NESTING ? this.expand(file, block.directives, inside) : [];
  }

  private include(from: string, directive: Directive, spot: Spot): readonly Node[] {
    const unreadable: Node = { name: UNREADABLE, args: directive.args, file: from, directive, children: undefined };
    const found = this.find(directive.args[0]?.value ?? '', spot);
    if (found === undefined) {
      return [unreadable];
    }
    const place = headPlace({ ...unreadable, name: 'include' });
    const nodes: Node[] = [];
    for (const file of found) {
      this.dependencies.add(file);
      // nginx would go round until it has no more files to open.
      if (this.expanding.has(file)) {
        continue;
      }
      const tree = spot.depth > MAX_NESTING ? undefined : this.read(file);
      if (tree === undefined) {
        nodes.push(unreadable);
        continue;
      }
      this.note(file, place);
      this.expanding.add(file);
      for (const node of this.expand(file, tree.directives, { ...spot, depth: spot.depth + 1 })) {
        nodes.push(node);
      }
      this.expanding.delete(file);
    }
    return nodes;
  }

  private note(file: string, place: Place): void {
    const known = this.included.get(file);
    if (known === undefined) {
      this.included.set(file, [place]);
    } else if (!known.some((other) => samePlace(other, place))) {
      known.push(place);
    }
  }

  private read(file: string): Tree | undefined {
    this.files += 1;
    return this.files > MAX_FILES || this.nodes > MAX_NODES ? undefined : readTree(file, this.host);
  }

  /** The files that the argument names, none if it brings nothing; undefined when it is not known what it brings. */
  private find(pattern: string, spot: Spot): readonly string[] | undefined {
    const names = [pattern, ...withoutInstallFolder(pattern)];
    const places = this.bases.flatMap((base) => names.map((name) => [base, name] as const));
    if (/[*?[]/.test(pattern)) {
      return this.findAll(pattern, places) ?? (spot.inner ? undefined : []);
    }
    for (const [base, name] of places) {
      const file = this.host.resolve(base, name);
      this.dependencies.add(file);
      if (this.host.version(file) !== undefined) {
        return [file];
      }
    }
    return isHarmless(pattern) ? [] : undefined;
  }

  /**
   * The files that a pattern names; undefined when the folder is not in the workspace. At the top of a configuration
   * that is taken for empty, since what is put there is servers and modules; inside a block it may bring any header.
   */
  private findAll(pattern: string, places: readonly (readonly [string, string])[]): readonly string[] | undefined {
    if (pattern.includes('${')) {
      return undefined;
    }
    let isThere = false;
    for (const [base, name] of places) {
      const folder = this.host.resolve(base, name.replace(/(?<![^/])[^/*?[]*[*?[].*/s, '') || '.');
      this.dependencies.add(folder);
      const files = this.host.glob(base, name);
      if (files.length > 0) {
        return files;
      }
      isThere ||= this.host.version(folder) !== undefined;
    }
    return isThere ? [] : undefined;
  }
}

/** `/etc/nginx/snippets/cors.conf` is `snippets/cors.conf` beside the main file of a repository. */
function withoutInstallFolder(pattern: string): string[] {
  const inside =
    /^\/(?:etc\/nginx|usr\/local\/nginx\/conf|usr\/local\/openresty\/nginx\/conf|opt\/nginx\/conf|opt\/bitnami\/nginx\/conf)\/(.+)$/.exec(
      pattern,
    )?.[1];
  return inside === undefined ? [] : [inside];
}

/** Files that come with nginx and its neighbours and set no response header. */
function isHarmless(pattern: string): boolean {
  const name = pattern.slice(pattern.lastIndexOf('/') + 1);
  return /^(?:mime\.types|(?:fastcgi|uwsgi|scgi|proxy)[_-]params|(?:fastcgi|fastcgi-php|php_fastcgi)\.conf|koi-utf|koi-win|win-utf|options-ssl-nginx\.conf|snakeoil\.conf|resolvers?\.conf)$/.test(
    name,
  );
}
