import { startExpress } from './express';
import type { RealServer } from './realServer';

/** Serves an example with the real Express of that major version. Throws when the program does not start. */
export async function serveExpress(
  files: ReadonlyMap<string, string>,
  main: string,
  version: 4 | 5,
): Promise<RealServer> {
  const others = new Map(files);
  others.delete(main);
  const running = await startExpress({
    text: files.get(main) ?? '',
    name: main,
    version,
    files: Object.fromEntries(others),
  });
  return {
    name: `Express ${version}`,
    ports: { http: running.port, https: running.port },
    hosts: [],
    // A program's handlers end as they are written to.
    end: (ending) => ending === 'success',
    endedSo: () => true,
    authorization: 'Bearer token',
    log: running.output,
    stop: running.stop,
  };
}
