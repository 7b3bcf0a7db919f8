import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, type Stats } from 'node:fs';

/** Files larger than this are not looked at: nobody writes them by hand. */
export const MOST_BYTES = 1024 * 1024;

export const TOO_LARGE = 'larger than 1 MiB';
export const A_LINK = 'a link';
export const GONE = 'no longer there';

/** The text of a file, or why there is none. */
export type Content =
  | { readonly kind: 'text'; readonly text: string; readonly bom: boolean; readonly version: string }
  | { readonly kind: 'none'; readonly reason: string };

/** Links are not followed here (Windows has no such flag), and a pipe that nobody writes to must not block. */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

const BOM = '\uFEFF';

/**
 * Reads a file from the disk. Of the text, offsets are as in an editor: a byte order mark is not part of it (editors
 * hide it; whoever writes the file back puts it there again), line ends are as they are. Never throws: a file that is
 * gone, unreadable, too large, binary or a link has a reason instead of a text.
 */
export function readContent(file: string): Content {
  let descriptor: number;
  try {
    if (constants.O_NOFOLLOW === undefined && lstatSync(file).isSymbolicLink()) return { kind: 'none', reason: A_LINK };
    descriptor = openSync(file, FLAGS);
  } catch (error) {
    return { kind: 'none', reason: whyUnreadable(error) };
  }
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) return { kind: 'none', reason: 'not a file' };
    if (stats.size > MOST_BYTES) return { kind: 'none', reason: TOO_LARGE };
    const length = readWhole(descriptor, stats.size);
    if (scratch.subarray(0, length).includes(0)) return { kind: 'none', reason: 'binary' };
    const raw = scratch.toString('utf8', 0, length);
    const bom = raw.startsWith(BOM);
    return { kind: 'text', text: bom ? raw.slice(1) : raw, bom, version: versionOf(stats) };
  } catch (error) {
    return { kind: 'none', reason: whyUnreadable(error) };
  } finally {
    closeSync(descriptor);
  }
}

/** Changes whenever the file was written, as far as the file system can tell. */
export function versionOf(stats: Stats): string {
  return `${stats.mtimeMs}:${stats.ctimeMs}:${stats.size}:${stats.ino}`;
}

/** Why something could not be read, in a few words. */
export function whyUnreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return GONE;
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read';
  if (code === 'ELOOP') return A_LINK;
  return `cannot be read (${typeof code === 'string' ? code : String(error)})`;
}

/** Every file is read into the same memory: a buffer for each would be the collector's main work. */
const scratch = Buffer.allocUnsafeSlow(MOST_BYTES);

function readWhole(descriptor: number, size: number): number {
  let length = 0;
  while (length < size) {
    const read = readSync(descriptor, scratch, length, size - length, null);
    if (read === 0) break;
    length += read;
  }
  return length;
}
