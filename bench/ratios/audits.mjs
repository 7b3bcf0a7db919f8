import { join } from 'node:path';
import { interleave, run } from '../measure.mjs';
import { compare } from '../statistics.mjs';

const peers = join(import.meta.dirname, '../peers');
/** Findings at error are the point of the corpus. */
const FOUND = [0, 1];

/** The audit of 10,000 files of which 500 concern CORS, over walking the same folder and reading the same files. */
export function sparseAudit(setup) {
  return audits(setup, setup.folders.sparse, 'walk-and-read.mjs');
}

/** The audit of 2,000 Express apps, over ESLint with one rule. */
export function denseAudit(setup) {
  return audits(setup, setup.folders.dense, 'eslint.mjs');
}

async function audits({ cli, rounds, onRound }, folder, peer) {
  const ours = () => run([cli, 'audit', folder, '--format', 'json', '--no-config'], FOUND);
  const base = () => run([join(peers, peer), folder]);
  const pairs = await interleave(rounds, ours, base, onRound);
  const [last, theirs] = pairs.at(-1);
  const report = JSON.parse(last.output);
  return {
    wall: compare(pairs, 'wall'),
    cpu: compare(pairs, 'cpu'),
    peak: compare(pairs, 'peak'),
    findings: report.findings.length,
    files: report.files,
    peer: JSON.parse(theirs.output),
  };
}
