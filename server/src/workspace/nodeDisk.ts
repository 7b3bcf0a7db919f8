import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
import {
  A_LINK,
  BINARY,
  type Content,
  contentOf,
  type Disk,
  type Entry,
  GONE,
  MOST_BYTES,
  NOT_A_FILE,
  type Status,
  TOO_LARGE,
  versionOf,
} from './disk';

/** The file system of this machine. Nothing here throws: what cannot be read has a reason instead of a text. */
export const nodeDisk: Disk = {
  lstat: (path) => attempt(() => lstatSync(path, { throwIfNoEntry: false })),
  stat: (path) => attempt(() => statSync(path, { throwIfNoEntry: false })),
  realPath: (path) => attempt(() => realpathSync.native(path)),
  list,
  read,
};

function attempt<T>(ask: () => T | undefined): T | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}

function list(folder: string): readonly Entry[] | string {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    return whyUnreadable(error);
  }
}

/** Links are not followed here (Windows has no such flag), and a pipe that nobody writes to must not block. */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

function read(file: string): Content {
  let descriptor: number;
  try {
    if (constants.O_NOFOLLOW === undefined && lstatSync(file).isSymbolicLink()) return { kind: 'none', reason: A_LINK };
    descriptor = openSync(file, FLAGS);
  } catch (error) {
    return { kind: 'none', reason: whyUnreadable(error) };
  }
  try {
    const stats: Status = fstatSync(descriptor);
    if (!stats.isFile()) return { kind: 'none', reason: NOT_A_FILE };
    if (stats.size > MOST_BYTES) return { kind: 'none', reason: TOO_LARGE };
    const length = readWhole(descriptor, stats.size);
    if (scratch.subarray(0, length).includes(0)) return { kind: 'none', reason: BINARY };
    return contentOf(scratch.toString('utf8', 0, length), versionOf(stats));
  } catch (error) {
    return { kind: 'none', reason: whyUnreadable(error) };
  } finally {
    closeSync(descriptor);
  }
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
