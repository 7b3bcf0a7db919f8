import { posix } from 'node:path';
import picomatch from 'picomatch';
import type { Host } from '../../server/src/lint/types';

/** A workspace of a few files in memory. Names are relative, with forward slashes: `conf.d/app.conf`. */
export function memoryHost(files: ReadonlyMap<string, string>): Host {
  const resolve = (from: string, relative: string): string =>
    posix.isAbsolute(relative) ? relative : posix.normalize(posix.join(posix.dirname(from), relative));
  return {
    read: (file) => files.get(file),
    resolve,
    glob(from, pattern) {
      const matches = picomatch(resolve(from, pattern));
      return [...files.keys()].filter((file) => matches(file)).sort();
    },
    version: (file) => (files.has(file) ? 1 : undefined),
  };
}
