/**
 * The files below a workspace, as far as the core asks: what is there, and the text of it. Synchronous, because an
 * analysis follows includes and imports in the middle of its work. `nodeDisk` is the machine's own file system; where
 * there is none to read, `fetched/` holds what an editor handed over.
 */
export interface Disk {
  /** What the path itself is, links not followed; undefined when nothing is there. */
  lstat(path: string): Status | undefined;
  /** The same with links followed. */
  stat(path: string): Status | undefined;
  /** The path with every link in it followed; undefined when that leads nowhere. */
  realPath(path: string): string | undefined;
  /** What is in a folder, in any order, or why that cannot be said. */
  list(folder: string): readonly Entry[] | string;
  /** The text of a file. A link is not followed. Never throws. */
  read(file: string): Content;
}

/** Of Node's own shape, so that the machine's file system answers without being copied. */
export interface Status {
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly size: number;
  readonly ino: number;
}

export interface Entry {
  readonly name: string;
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

/** The text of a file, or why there is none. */
export type Content =
  | { readonly kind: 'text'; readonly text: string; readonly bom: boolean; readonly version: string }
  | { readonly kind: 'none'; readonly reason: string };

/** Files larger than this are not looked at: nobody writes them by hand. */
export const MOST_BYTES = 1024 * 1024;

export const TOO_LARGE = 'larger than 1 MiB';
export const A_LINK = 'a link';
export const GONE = 'no longer there';
export const NOT_A_FILE = 'not a file';
export const BINARY = 'binary';

const BOM = '\uFEFF';

/**
 * The content that decoded bytes make. Of the text, offsets are as in an editor: a byte order mark is not part of it
 * (editors hide it; whoever writes the file back puts it there again), line ends are as they are.
 */
export function contentOf(raw: string, version: string): Content & { kind: 'text' } {
  const bom = raw.startsWith(BOM);
  return { kind: 'text', text: bom ? raw.slice(1) : raw, bom, version };
}

/** The text of a file that a link may lead to; undefined when nothing is there. */
export function readThrough(disk: Disk, file: string): Content | undefined {
  if (disk.stat(file) === undefined) return undefined;
  const content = disk.read(file);
  if (content.kind === 'text' || content.reason !== A_LINK) return content;
  return disk.read(disk.realPath(file) ?? file);
}

/** Changes whenever the file was written, as far as the file system can tell. */
export function versionOf(status: Status): string {
  return `${status.mtimeMs}:${status.ctimeMs}:${status.size}:${status.ino}`;
}
