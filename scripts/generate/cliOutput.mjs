import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { between } from './markers.mjs';

/** What README.md shows of the command line, by the name of its place: really run, really printed. */
const SHOWN = {
  audit: ['audit', 'examples/shop/nginx/conf.d/static.conf'],
  help: ['--help'],
  try: [
    ...['try', 'examples/shop/nginx/conf.d/api.conf', '--url', 'https://api.shop.example.com/basket/1'],
    ...['--method', 'PUT', '--origin', 'https://shop.example.com', '--credentials'],
  ],
};

/** The command line's output in README.md. Builds dist/ first. */
export function cliOutput(root) {
  execFileSync(process.execPath, [join(root, 'esbuild.mjs'), '--quiet'], { cwd: root, stdio: 'inherit' });
  let text = readFileSync(join(root, 'README.md'), 'utf8');
  for (const [name, args] of Object.entries(SHOWN)) text = between('README.md', text, name, session(root, args));
  return { files: [{ path: 'README.md', text }] };
}

function session(root, args) {
  const env = { ...process.env, NO_COLOR: '1' };
  const run = spawnSync(process.execPath, [join(root, 'dist/cli.js'), ...args], { cwd: root, encoding: 'utf8', env });
  if (run.status === 2 || run.status === null) throw new Error(`cors-lint ${args.join(' ')}:\n${run.stderr}`);
  return `\`\`\`\n$ cors-lint ${args.join(' ')}\n${run.stdout.trimEnd()}\n\`\`\``;
}
