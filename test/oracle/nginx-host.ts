import { posix } from 'node:path';
import type { Host } from '../../server/src/lint/types';

/** A host over texts in memory, by absolute names with forward slashes. */
export function memoryHost(files: Readonly<Record<string, string>>): Host {
  return {
    read: (file) => files[file],
    resolve: (from, relative) => posix.resolve(posix.dirname(from), relative),
    glob: (from, pattern) => {
      const absolute = posix.resolve(posix.dirname(from), pattern);
      const escaped = absolute
        .replace(/[.+^${}()|\\]/g, '\\$&')
        .replaceAll('*', '[^/]*')
        .replaceAll('?', '[^/]');
      return Object.keys(files)
        .filter((file) => new RegExp(`^${escaped}$`).test(file))
        .sort();
    },
    version: (file) => (file in files ? 1 : undefined),
  };
}
