/**
 * Writes what Next.js answers to the preflights for the faulty files of siblings-next-faulty.ts, and for the same files
 * mended, into facts/next-fixes.json. The mended texts stand there already:
 *
 *     WRITE_FIXED=1 npx vitest run test/oracle/siblings-next-fixes.test.ts
 *     mkdir next && cd next && npm init -y && npm i next@15 react react-dom
 *     node test/oracle/siblings-next-fixes-observe.mjs next
 *
 * Run it once for each major version: what is there of other versions stays.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { dirname, join, resolve } from 'node:path';
import ts from 'typescript';

const project = resolve(process.argv[2] ?? '.');
const PORT = Number(process.env.PORT ?? 4718);
const ORIGIN = 'https://app.example.com';
const { version } = JSON.parse(readFileSync(join(project, 'node_modules/next/package.json'), 'utf8'));
const out = new URL('facts/next-fixes.json', import.meta.url);
const known = JSON.parse(readFileSync(out, 'utf8'));

for (const folder of ['app', 'pages', '.next']) rmSync(join(project, folder), { recursive: true, force: true });
const write = (name, content) => {
  mkdirSync(dirname(join(project, name)), { recursive: true });
  writeFileSync(join(project, name), content);
};
const plain = (text) =>
  ts.transpileModule(text, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ESNext, verbatimModuleSyntax: true },
  }).outputText;
const pathOf = (i, of) => `/api/${of}${i}`;
const place = (file, i, of) => (file.startsWith('app/') ? `app${pathOf(i, of)}/route.js` : `pages${pathOf(i, of)}.js`);

write(
  'app/layout.js',
  'export default function Layout({ children }) { return <html><body>{children}</body></html>; }\n',
);
write('next.config.mjs', 'export default {};\n');
for (const [i, program] of known.programs.entries())
  for (const of of ['text', 'fixed']) write(place(program.file, i, of), plain(program[of]));

const next = join(project, 'node_modules/next/dist/bin/next');
execFileSync(process.execPath, [next, 'build'], { cwd: project, stdio: ['ignore', 'ignore', 'inherit'] });
const server = spawn(process.execPath, [next, 'start', '-H', '127.0.0.1', '-p', String(PORT)], {
  cwd: project,
  stdio: 'ignore',
});

/** The status and the headers of CORS that a preflight gets. */
const ask = (path, method) =>
  new Promise((done, fail) => {
    const headers = { origin: ORIGIN, 'access-control-request-method': method };
    const going = request(
      { host: '127.0.0.1', port: PORT, path, method: 'OPTIONS', headers, agent: false },
      (response) => {
        response.resume();
        response.on('end', () => {
          const kept = Object.entries(response.headersDistinct).filter(([name]) => name.startsWith('access-control-'));
          done({
            status: response.statusCode,
            headers: Object.fromEntries(kept.map(([name, lines]) => [name, lines.join(', ')])),
          });
        });
      },
    );
    going.setTimeout(10_000, () => going.destroy(new Error('it never answers')));
    going.on('error', fail);
    going.end();
  });

try {
  for (let tries = 0; tries < 100; tries++) {
    const up = await ask('/', 'GET').catch(() => null);
    if (up) break;
    await new Promise((done) => setTimeout(done, 200));
  }
  const answers = [];
  for (const [i, { method }] of known.programs.entries())
    answers.push({ before: await ask(pathOf(i, 'text'), method), after: await ask(pathOf(i, 'fixed'), method) });
  const observed = { ...known.answers, [version]: answers };
  writeFileSync(out, `${JSON.stringify({ ...known, answers: observed }, null, 1)}\n`);
} finally {
  server.kill();
}
