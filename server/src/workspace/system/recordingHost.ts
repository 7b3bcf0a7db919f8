import type { Host } from '../../lint/types';

/** The host, which notes the version of every file that is read or looked for. */
export function recordingHost(host: Host, versions: Map<string, string | number | undefined>): Host {
  return {
    read(file) {
      versions.set(file, host.version(file));
      return host.read(file);
    },
    resolve: (from, relative) => host.resolve(from, relative),
    glob: (from, pattern) => host.glob(from, pattern),
    version: (file) => host.version(file),
  };
}
