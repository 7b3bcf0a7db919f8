import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const preload = join(import.meta.dirname, 'usage.cjs');

/** Starts `node args` as a child that can be asked what it used. */
export function start(args, stdio, env = {}) {
  return spawn(process.execPath, ['--require', preload, ...args], { stdio, env: { ...process.env, ...env } });
}

/** What a child started with an `ipc` channel has used so far: `cpu` in ms, `rss` and `peak` in bytes. */
export function usageOf(child) {
  return new Promise((resolve) => {
    child.once('message', resolve);
    child.send('usage');
  });
}

/** Runs `node args` to its end: `{ wall, cpu }` in ms, `peak` in bytes, and what it printed. */
export async function run(args, accepted = [0]) {
  const scratch = mkdtempSync(join(tmpdir(), 'cors-lint-usage-'));
  const file = join(scratch, 'usage.json');
  try {
    const begun = performance.now();
    const child = start(args, ['ignore', 'pipe', 'pipe'], { CORS_LINT_BENCH_USAGE: file });
    const chunks = [];
    const errors = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => errors.push(chunk));
    const code = await new Promise((resolve) => child.once('close', resolve));
    const wall = performance.now() - begun;
    if (!accepted.includes(code)) throw new Error(`${args.join(' ')} ended with ${code}:\n${Buffer.concat(errors)}`);
    return { wall, ...JSON.parse(readFileSync(file, 'utf8')), output: Buffer.concat(chunks).toString('utf8') };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/**
 * Runs two contestants in turns, the first to go alternating, so that a slow minute of the machine hits both. Unless
 * there is only one, a first round that warms the disk's cache is not counted. Returns one `[ours, base]` pair of samples
 * for each round.
 */
export async function interleave(rounds, ours, base, onRound = () => {}) {
  const pairs = [];
  for (let round = rounds > 1 ? 0 : 1; round <= rounds; round++) {
    const first = round % 2 === 0;
    const a = first ? await ours() : await base();
    const b = first ? await base() : await ours();
    if (round > 0) pairs.push(first ? [a, b] : [b, a]);
    onRound(round, rounds);
  }
  return pairs;
}
