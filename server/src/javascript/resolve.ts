/** What the reader may see of the workspace. */
export interface ModuleHost {
  /**
   * The text of a workspace file by its path with forward slashes; null when there is none, or when it must not be
   * read. Called often with paths that do not exist; the host caches.
   */
  readFile(path: string): string | null;
  /** The path that a relative one names, seen from the folder of `from`; by default forward slashes are assumed. */
  join?(from: string, relative: string): string;
}

const EXTENSIONS = ['.ts', '.tsx', '.js', '.jsx', '.mjs', '.cjs', '.mts', '.cts', '.json'];
/** TypeScript's sources import the name of the file that they will become. */
const SOURCES_OF: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx'],
  '.jsx': ['.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
};

/**
 * The file that a relative specifier names, seen from another file: the name itself, with an extension, as a
 * TypeScript source of a `.js` name, or a folder's index. Null for packages (nothing under node_modules is followed),
 * and when no such file can be read.
 */
export function resolveModule(host: ModuleHost, from: string, specifier: string): string | null {
  if (!isRelative(specifier)) return null;
  const base = host.join?.(from, specifier) ?? join(from.slice(0, from.lastIndexOf('/') + 1), specifier);
  return readable(host, base, specifier.endsWith('/'));
}

/** The file that a path, with or without its extension, names. */
export function readable(host: ModuleHost, base: string, isFolder: boolean): string | null {
  if (/(?:^|[\\/])node_modules[\\/]/.test(base)) return null;
  return candidates(base, isFolder).find((path) => host.readFile(path) !== null) ?? null;
}

export function isRelative(specifier: string): boolean {
  return /^\.{1,2}(?:\/|$)/.test(specifier);
}

/** Joins a folder (ending in a slash, or empty) with a relative path; `..` above the root stays at the root. */
export function join(folder: string, relative: string): string {
  const parts: string[] = [];
  for (const part of `${folder}${relative}`.split('/')) {
    if (part === '.' || (part === '' && parts.length > 0)) continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..' && parts.at(-1) !== '') parts.pop();
    else if (part !== '..' || parts.at(-1) !== '') parts.push(part);
  }
  return parts.join('/');
}

function candidates(base: string, isFolder: boolean): string[] {
  const indexes = EXTENSIONS.map((extension) => `${base}/index${extension}`);
  if (isFolder || base === '') return indexes;
  const extension = /\.[cm]?jsx?$/.exec(base)?.[0] ?? '';
  const stem = base.slice(0, base.length - extension.length);
  const sources = (SOURCES_OF[extension] ?? []).map((source) => stem + source);
  const itself = /\.[^./]+$/.test(base) ? [base] : [];
  return [...itself, ...sources, ...EXTENSIONS.map((suffix) => base + suffix), ...indexes];
}
