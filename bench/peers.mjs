#!/usr/bin/env node
/**
 * CORS Lint and ESLint with eslint-plugin-sonarjs's CORS rule (S5122), side by side on the same Express programs: those
 * whose answers were recorded on the real Express, and the examples of the rules' pages.
 *
 *     npm run bench -- --peers [--list]
 *
 * Prints two tables in Markdown, those of docs/peers.md; `--list` also names the programs that only one of the two
 * reports. Ours is the built command line with its defaults; a finding counts from `warning` on.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { transformSync } from 'esbuild';
import { installPeers } from './peers/install.mjs';
import { pagePrograms, recordedPrograms, VERDICTS } from './peers/programs.mjs';

const root = resolve(import.meta.dirname, '..');
const scratch = mkdtempSync(join(tmpdir(), 'cors-lint-peers-'));
try {
  installPeers();
  const recorded = recordedPrograms();
  const pages = await pagePrograms(scratch);
  const programs = [...recorded, ...pages];
  for (const [index, { files }] of programs.entries()) write(join(scratch, 'programs', String(index)), files);
  const ours = audit([]);
  const public_ = audit(['--rule', 'wildcard-origin=warning']);
  const theirs = await eslint(programs);
  const results = programs.map((program, index) => ({
    ...program,
    ours: ours.has(index),
    oursPublic: public_.has(index),
    theirs: theirs.has(index),
  }));
  print(results.slice(0, recorded.length), results.slice(recorded.length));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function write(folder, files) {
  for (const [name, text] of Object.entries(files)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/** The indices of the programs of which CORS Lint has a warning or an error. */
function audit(options) {
  const args = [join(root, 'dist/cli.js'), 'audit', 'programs', '--format', 'json', '--no-config', ...options];
  const { findings } = JSON.parse(outputOf(args));
  const loud = findings.filter(({ severity }) => severity === 'error' || severity === 'warning');
  return new Set(loud.map(({ file }) => Number(/^programs[/\\](\d+)/.exec(file)?.[1])));
}

/** Findings end the command line with 1. */
function outputOf(args) {
  try {
    return execFileSync(process.execPath, args, { cwd: scratch, encoding: 'utf8', maxBuffer: 2 ** 28 });
  } catch (error) {
    if (error.status !== 1) throw error;
    return error.stdout;
  }
}

/** The indices of the programs of which S5122 says something in some file. It sees TypeScript without its types. */
async function eslint(programs) {
  const { Linter } = await import('eslint');
  const { rule } = createRequire(import.meta.url)('eslint-plugin-sonarjs/cjs/S5122/rule.js');
  const linter = new Linter();
  const says = (name, text) => {
    const code = /\.[cm]?ts$/.test(name) ? transformSync(text, { loader: 'ts' }).code : text;
    const messages = linter.verify(code, {
      languageOptions: { sourceType: /^(?:import|export)\b/m.test(code) ? 'module' : 'commonjs' },
      plugins: { sonarjs: { rules: { cors: rule } } },
      rules: { 'sonarjs/cors': 'error' },
    });
    const fatal = messages.find((message) => message.fatal);
    if (fatal) throw new Error(`${name}: ${fatal.message}\n${code}`);
    return messages.length > 0;
  };
  const reported = programs.flatMap(({ files }, index) =>
    Object.entries(files).some(([name, text]) => /\.[cm]?[jt]s$/.test(name) && says(name, text)) ? [index] : [],
  );
  return new Set(reported);
}

function print(recorded, pages) {
  console.log('| What the recorded headers say | Programs | CORS Lint | with `wildcard-origin` on | S5122 |');
  console.log('| --- | --: | --: | --: | --: |');
  for (const [verdict, words] of Object.entries(VERDICTS))
    row(
      words,
      recorded.filter(({ group }) => group === verdict),
    );
  console.log('\n| Examples of the pages for Express | Programs | CORS Lint | with `wildcard-origin` on | S5122 |');
  console.log('| --- | --: | --: | --: | --: |');
  const categories = categoriesOfRules();
  const rows = { insecure: 'Insecure', broken: 'Broken', fragile: 'Fragile', advice: 'Advice' };
  for (const [category, words] of Object.entries(rows))
    row(
      words,
      pages.filter(({ group }) => categories.get(group) === category),
    );
  row(
    'Clean',
    pages.filter(({ group }) => group === 'clean'),
  );
  if (!process.argv.includes('--list')) return;
  for (const one of [...recorded, ...pages])
    if (one.ours !== one.theirs) console.log(`${one.ours ? 'ours  ' : 'theirs'} ${one.group}: ${one.id}`);
}

function row(words, programs) {
  const count = (who) => programs.filter((one) => one[who]).length;
  console.log(`| ${words} | ${programs.length} | ${count('ours')} | ${count('oursPublic')} | ${count('theirs')} |`);
}

/** What each rule is about: `insecure`, `broken`, `fragile` or `advice`, by the headings of docs/rules.md. */
function categoriesOfRules() {
  const names = ['broken', 'insecure', 'fragile', 'advice'];
  const sections = readFileSync(join(root, 'docs/rules.md'), 'utf8')
    .split(/^## .*$/m)
    .slice(1);
  return new Map(
    sections.flatMap((section, index) =>
      [...section.matchAll(/^\| \[`([\w-]+)`\]/gm)].map(([, id]) => [id, names[index]]),
    ),
  );
}
