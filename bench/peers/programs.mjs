/**
 * The programs that CORS Lint and its peers are asked about, and what is known of each.
 *
 * A program is `{ id, group, files }`; `files` maps names to texts, and `group` is what the table counts it under.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '../..');

const ALLOWED = 'https://app.example.com';
const HOSTILE = { simpleEvil: 'https://evil.com', simpleLookalike: 'https://evilexample.com' };

/** What the recorded headers say of a program, the gravest first; each program is counted once. */
export const VERDICTS = {
  cookies: 'A hostile origin is sent back, with credentials',
  reflected: 'A hostile origin is sent back, without credentials',
  wildcard: '`*`: everybody may read, without credentials',
  refusedWildcard: '`*` with credentials, which browsers refuse',
  broken: 'The front end is kept out, or its preflight is',
  works: 'The front end gets in, hostile origins do not',
  none: 'No CORS header at all',
};

/** The programs whose answers were recorded on Express 4 and 5. */
export function recordedPrograms() {
  const { cases } = JSON.parse(readFileSync(join(root, 'test/oracle/facts/express.json'), 'utf8'));
  return cases.map(({ id, code, express4 }) => ({
    id,
    group: verdictOf(express4),
    files: {
      'app.js': `const express = require('express');\nconst cors = require('cors');\nconst helmet = require('helmet');\nconst app = express();\n${code}\napp.listen(3000);\n`,
      'package.json': JSON.stringify({ dependencies: { express: '^4.0.0' } }),
    },
  }));
}

function verdictOf(observed) {
  const answers = Object.values(observed).filter((answer) => typeof answer === 'object');
  const origin = (name) => observed[name]?.['access-control-allow-origin'];
  const hasCredentials = (name) => observed[name]?.['access-control-allow-credentials'] === 'true';
  const letIn = Object.keys(HOSTILE).filter((name) => origin(name) === HOSTILE[name]);
  if (letIn.length > 0) return letIn.some(hasCredentials) ? 'cookies' : 'reflected';
  const all = answers.flatMap((answer) => answer['access-control-allow-origin'] ?? []);
  if (origin('simpleEvil') === '*') return hasCredentials('simpleEvil') ? 'refusedWildcard' : 'wildcard';
  if (all.length === 0 && !answers.some(({ HANG }) => HANG)) return 'none';
  const { simple, preflight } = observed;
  const reads = (answer) => [ALLOWED, '*'].includes(answer?.['access-control-allow-origin']);
  const isAnswered =
    preflight === undefined || (preflight.status >= 200 && preflight.status <= 299 && reads(preflight));
  return (simple === undefined || reads(simple)) && isAnswered ? 'works' : 'broken';
}

/** The Express examples of the rules' pages: faulty ones grouped by the first rule that they show, and clean ones. */
export async function pagePrograms(scratch) {
  const outfile = join(scratch, 'pages.mjs');
  const entry = join(root, 'test/harness/pages.ts');
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    // The pages are found from where the module stands.
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(entry).href) },
    logLevel: 'error',
  });
  const { readPages } = await import(pathToFileURL(outfile).href);
  return readPages().flatMap((page) => page.examples.flatMap((example) => programsOf(page, example)));
}

function programsOf(page, { blocks }) {
  const beside = blocks.filter(({ role }) => role === 'with');
  return blocks
    .filter(({ role, language, text }) => /^[cm]?[jt]s$/.test(language) && /faulty|clean/.test(role) && isExpress(text))
    .map((block) => ({
      id: `${page.id}:${block.line}`,
      group: block.role === 'clean' ? 'clean' : (block.marks[0]?.rule ?? page.id),
      files: Object.fromEntries([...beside, block].map(({ file, text }) => [file, text])),
    }));
}

function isExpress(text) {
  return /\bfrom 'express'|require\('express'\)/.test(text);
}
