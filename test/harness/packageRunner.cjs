'use strict';
/**
 * Packages services with the Serverless Framework, one after the other, in one process that stays: run with the
 * framework's folder as its argument, by serverlessPackager.ts, which sends { folder } and gets { exit, output }.
 *
 * The framework's own modules are loaded afresh for every service, because they remember the last one; its
 * dependencies stay loaded, and they are what takes the time.
 */
const { realpathSync } = require('node:fs');
const { join } = require('node:path');

// Modules are remembered by their real paths.
const framework = realpathSync(process.argv[2]);
const own = ['lib', 'scripts', 'commands'].map((name) => join(framework, name, '/'));
const script = join(framework, 'scripts/serverless.js');

/** What was printed since the start of the service. */
let printed = '';
const print = (chunk) => {
  printed += String(chunk);
  return true;
};
process.stdout.write = print;
process.stderr.write = print;

const environment = { ...process.env };

process.on('message', async ({ folder }) => {
  const exit = await run(folder);
  process.send({ exit, output: printed });
});

function run(folder) {
  forget();
  printed = '';
  process.exitCode = 0;
  process.chdir(folder);
  process.argv = [process.argv[0], 'serverless', 'package', '--package', '.package'];
  return new Promise((resolve) => {
    // The framework says that it is done by clearing the timer that keeps it alive.
    const clear = globalThis.clearTimeout;
    const longest = 60 * 60 * 1000;
    const set = globalThis.setTimeout;
    let alive;
    globalThis.setTimeout = (callback, time, ...rest) => {
      const timer = set(callback, time, ...rest);
      if (time === longest) alive = timer;
      return timer;
    };
    globalThis.clearTimeout = (timer) => {
      clear(timer);
      if (timer === undefined || timer !== alive) return;
      globalThis.setTimeout = set;
      globalThis.clearTimeout = clear;
      // What it prints at the end comes after.
      set(() => resolve(process.exitCode ?? 0), 5);
    };
    require(script);
  });
}

function forget() {
  for (const file of Object.keys(require.cache)) {
    if (own.some((folder) => file.startsWith(folder))) delete require.cache[file];
  }
  for (const signal of ['uncaughtException', 'SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']) {
    process.removeAllListeners(signal);
  }
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
}
