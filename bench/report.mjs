import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { between } from '../scripts/generate/markers.mjs';

/** What each measurement has to reach, as a ratio. */
const TARGETS = { start: 1.25, keystroke: 1.5, sparse: 4, dense: 0.6 };

const TITLES = {
  start: 'Server start, over a bare `vscode-languageserver`',
  sparse: 'Audit of 10,000 files, 5 % of them about CORS, over walking and reading them',
  dense: "Audit of 2,000 Express apps, over ESLint with sonarjs' CORS rule alone",
};

/** One measurement for the terminal. */
export function print(name, result) {
  for (const { title, compared, target } of rowsOf(name, result)) {
    const { wall, cpu } = compared;
    console.log(
      `${title}\n  wall ${ratio(wall)} (${ms(wall.ours)} / ${ms(wall.base)}), CPU ${ratio(cpu)}, target ${target}`,
    );
  }
  if (name === 'dense') console.log(`  peak ${mib(result.peak.ours.median)}, ESLint's ${mib(result.peak.base.median)}`);
  if (result.files !== undefined) console.log(`  ${result.findings} findings, ${JSON.stringify(counts(result))}`);
}

/** Puts the figures into docs/performance.md, between its markers, and returns the file's path. */
export function writeDocument(root, results) {
  const file = join(root, 'docs/performance.md');
  writeFileSync(file, between(file, readFileSync(file, 'utf8'), 'figures', figures(results)));
  return file;
}

function figures(results) {
  const rows = Object.entries(results).flatMap(([name, result]) => rowsOf(name, result));
  const { peak } = results.dense;
  const memory = peak.ours.median / results.start.idle;
  return `Measured on ${new Date().toISOString().slice(0, 10)} with Node.js ${process.versions.node} on ${machine()}.

| What | Reach | Wall clock | CPU | Ours | The other's |
| --- | --- | --- | --- | --- | --- |
${rows.map(({ title, compared, target }) => row(title, compared, target)).join('\n')}

Peak memory of the audit of the 2,000 apps: ${mib(peak.ours.median)}, which is ${memory.toFixed(1)} times the
${mib(results.start.idle)} of an idle server. ESLint's peak over the same files: ${mib(peak.base.median)}.`;
}

function row(title, { wall, cpu }, target) {
  const met = wall.ratio.median <= target ? 'reached' : 'missed';
  return `| ${title} | ≤ ${target} | **${ratio(wall)}** ${met} | ${ratio(cpu)} | ${ms(wall.ours)} | ${ms(wall.base)} |`;
}

function rowsOf(name, result) {
  const target = TARGETS[name];
  if (name !== 'keystroke') return [{ title: TITLES[name], compared: result, target }];
  return result.map((compared) => ({
    title: `Keystroke in 500 lines of ${compared.language}, over the bare parse`,
    compared,
    target,
  }));
}

function counts({ files, peer }) {
  const { seen, analysed, skipped } = files;
  return { seen, analysed, skipped: skipped.length, peer };
}

function ratio({ ratio: { median, low, high } }) {
  return `${median.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`;
}

function ms({ median }) {
  return median >= 1000 ? `${(median / 1000).toFixed(2)} s` : `${median.toFixed(median < 10 ? 2 : 0)} ms`;
}

function mib(bytes) {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}

function machine() {
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB of memory`;
  const cores = `${availableParallelism()} cores (${cpus()[0].model.trim()})`;
  return `${cores}, ${memory}, ${process.platform} ${process.arch}; load average ${loadavg()[2].toFixed(1)}`;
}
