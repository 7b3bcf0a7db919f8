import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const bench = resolve(import.meta.dirname, '..');

/** ESLint and its plugin live in bench/ alone: they are no part of the project. */
export function installPeers() {
  if (existsSync(join(bench, 'node_modules/eslint-plugin-sonarjs'))) return;
  console.error('Installing the peers into bench/node_modules …');
  try {
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: bench,
      stdio: 'inherit',
      shell: process.platform === 'win32',
    });
  } catch {
    console.error('The peers cannot be installed: is there a way to a package registry?');
    process.exit(2);
  }
}
