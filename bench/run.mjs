#!/usr/bin/env node
/**
 * Measures CORS Lint against its peers and writes the figures into docs/performance.md.
 *
 *     npm run bench [-- --rounds N] [--dist DIR] [--only NAME…]
 *     npm run bench -- --peers [--list]
 *
 * Everything is measured in one run, in turns, and reported as ratios: the machine's speed falls out. `--rounds` takes
 * fewer rounds, `--only` some of the ratios, `--dist` another build; with any of them the document stays as it is.
 * `--peers` measures nothing: it compares what CORS Lint and its peer find (peers.mjs).
 */
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { buildCorpora } from './corpus/build.mjs';
import { installPeers } from './peers/install.mjs';
import { denseAudit, sparseAudit } from './ratios/audits.mjs';
import { keystrokes } from './ratios/keystroke.mjs';
import { serverStart } from './ratios/server-start.mjs';
import { print, writeDocument } from './report.mjs';

const root = resolve(import.meta.dirname, '..');
const args = process.argv.slice(2);
if (args.includes('--peers')) {
  await import('./peers.mjs');
  process.exit();
}
const given = args.includes('--rounds') ? Number(args[args.indexOf('--rounds') + 1]) : undefined;
const dist = args.includes('--dist') ? resolve(args[args.indexOf('--dist') + 1]) : join(root, 'dist');
const only = args.includes('--only') ? args.slice(args.indexOf('--only') + 1) : undefined;

const MEASUREMENTS = {
  start: { measure: serverStart, rounds: given ?? 25 },
  keystroke: { measure: keystrokes, rounds: given ?? 11 },
  sparse: { measure: sparseAudit, rounds: given ?? 9 },
  dense: { measure: denseAudit, rounds: given ?? 5 },
};

const scratch = join(tmpdir(), 'cors-lint-bench');
mkdirSync(scratch, { recursive: true });
installPeers();
const setup = {
  cli: join(dist, 'cli.js'),
  server: join(dist, 'server.js'),
  ...(await bundlePeers()),
  folders: buildCorpora(scratch),
};

const results = {};
for (const [name, { measure, rounds }] of Object.entries(MEASUREMENTS)) {
  if (only !== undefined && !only.includes(name)) continue;
  const onRound = (round) => process.stderr.isTTY && process.stderr.write(`\r${name}: round ${round} of ${rounds}   `);
  results[name] = await measure({ ...setup, rounds, onRound });
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  print(name, results[name]);
}
if (args.length === 0) console.log(`Written: ${writeDocument(root, results)}`);

/** The bare server is bundled just as ours is: loading a hundred small files would make it slow for no good reason. */
async function bundlePeers() {
  const bundle = async (name, format, options) => {
    const outfile = join(scratch, `${name}.${format === 'cjs' ? 'cjs' : 'mjs'}`);
    const entryPoints = [join(import.meta.dirname, `peers/${name}.mjs`)];
    await build({
      entryPoints,
      outfile,
      bundle: true,
      platform: 'node',
      target: 'node20',
      format,
      logLevel: 'error',
      ...options,
    });
    return outfile;
  };
  return {
    bareServer: await bundle('bare-server', 'cjs', { minify: true }),
    bareParse: await bundle('bare-parse', 'cjs', {}),
  };
}
