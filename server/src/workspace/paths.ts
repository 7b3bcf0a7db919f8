import { relative, sep } from 'node:path';

/** Whether a path (absolute, normalised) is the folder itself or inside it. Looks at the names only. */
export function isInside(folder: string, path: string): boolean {
  if (!path.startsWith(folder)) return false;
  return path.length === folder.length || path.charAt(folder.length) === sep || folder.endsWith(sep);
}

/** The path as seen from the folder, with forward slashes: `src/app.js`, `../other.js`. */
export function relativePath(folder: string, path: string): string {
  const seen = path.startsWith(folder + sep) ? path.slice(folder.length + 1) : relative(folder, path);
  return sep === '/' ? seen : seen.split(sep).join('/');
}

/** By code units, so that the order is the same on every machine. */
export function byName(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
