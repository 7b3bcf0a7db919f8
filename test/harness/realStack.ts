import { serveExpress } from './realExpress';
import { serveNginx } from './realNginx';
import type { RealServer } from './realServer';

/** Serves an example of two layers: the real nginx in front of the real Express of that major version. */
export async function serveStack(
  files: ReadonlyMap<string, string>,
  main: string,
  paths: readonly string[],
  version: 4 | 5,
): Promise<RealServer> {
  const program = [...files.keys()].find(isProgram);
  if (program === undefined) throw new Error('no file of the example is a program');
  const own = new Map([...files].filter(([name]) => isProgram(name)));
  const application = await serveExpress(own, program, version);
  const others = new Map([...files].filter(([name]) => !isProgram(name)));
  try {
    const proxy = await serveNginx(others, main, paths, application.ports.http);
    return {
      ...proxy,
      name: `nginx and ${application.name}`,
      log: () => `${proxy.log()}\n${application.log()}`,
      stop: async () => {
        await proxy.stop();
        await application.stop();
      },
    };
  } catch (error) {
    await application.stop();
    throw error;
  }
}

export function isProgram(file: string): boolean {
  return /\.[cm]?[jt]s$/.test(file);
}
