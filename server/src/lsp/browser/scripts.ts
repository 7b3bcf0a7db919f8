/**
 * Packages that are loaded late, in a worker. dist/vendor/ has one script for each, the same that the server in Node.js
 * loads: a script gives what it holds to `module` and asks `require` for others, as there. A script that was imported
 * by another cannot tell where it came from, so whoever starts the worker says so first.
 */
import path from './path';

/** What of a worker is needed here: the type library of browsers does not go together with that of Node.js. */
interface WorkerScope {
  importScripts(url: string): void;
  module?: { exports: unknown };
  require?: (name: string) => unknown;
  process?: unknown;
}

/** @param folder the address of dist/ */
export function provideScripts(worker: WorkerScope, folder: string): void {
  const loaded = new Map<string, unknown>(Object.entries(BUILTINS));
  worker.process = PROCESS;
  worker.require = (name) => {
    const id = path.basename(name, '.js');
    if (!loaded.has(id)) {
      const module = { exports: {} as unknown };
      worker.module = module;
      worker.importScripts(`${folder}/vendor/${id}.js`);
      loaded.set(id, module.exports);
    }
    return loaded.get(id);
  };
}

/** The packages look for its variables and folder when they are loaded; `browser` says that it is none. */
const PROCESS = { browser: true, env: {}, cwd: () => '/', emitWarning: () => undefined };

/**
 * Modules of Node.js that the packages ask for when they are loaded. Nothing of them is used to parse a text that is
 * at hand; what is here is what the packages look at meanwhile.
 */
const BUILTINS: Readonly<Record<string, unknown>> = {
  path,
  'node:path': path,
  fs: {},
  'node:fs': {},
  os: { EOL: '\n', platform: () => 'browser' },
  process: PROCESS,
  buffer: {},
  url: {},
  tty: { isatty: () => false },
  util: { deprecate: (run: unknown) => run, inspect: {} },
  'node:util': { inspect: {} },
};
