import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Request } from '../../server/src/cors/http';
import { express } from '../../server/src/platforms/express/platform';
import { memoryHost } from '../harness/memoryHost';
import { type ExpressWorld, type Run, startExpressWorld } from './express-world';
import { chooseSeed, type Random, randomFrom } from './nginx-random';

/**
 * Programs with error classes of their own, thrown or handed to `next`, answered by Express or by an error handler: the
 * status that is told is the one that the real Express 4 and 5 send.
 *
 * `CASES=400 npx vitest run test/oracle/express-errors.test.ts` tries more; `SEED=` picks others.
 */

const seed = chooseSeed();
const CASES = Number(process.env['CASES'] ?? 60);
const PATH = '/items';

let world: ExpressWorld;
beforeAll(async () => {
  await express.prepare?.();
  world = await startExpressWorld();
});
afterAll(() => world.stop());

test(`the status of errors in ${CASES} programs, SEED=${seed}`, async () => {
  const random = randomFrom(seed);
  const runs: Run[] = [];
  for (let i = 0; i < CASES; i++) {
    const version = i % 2 === 0 ? 4 : 5;
    runs.push({ version, file: 'app.js', text: program(random), env: {}, requests: [request()] });
  }
  const results = await world.run(runs);
  const faults: string[] = [];
  let certain = 0;
  for (const [i, { version, text }] of runs.entries()) {
    const told = statusOf(text, version);
    const result = results[i];
    const answer = result?.kind === 'ran' ? result.answers[0] : undefined;
    const real = answer?.kind === 'answer' ? answer.status : undefined;
    if (real === undefined) faults.push(`SEED=${seed} Express ${version}: no answer\n${text}`);
    else if (told !== undefined && told !== real)
      faults.push(`SEED=${seed} Express ${version}: ${told} is told, really ${real}\n${text}`);
    if (told !== undefined) certain += 1;
  }
  console.log(`${certain} of ${runs.length} are told`);
  expect(faults.slice(0, 4).join('\n\n')).toBe('');
  expect(certain / runs.length).toBeGreaterThan(0.5);
});

function request(): Request {
  const origin = 'https://app.example.com';
  return {
    method: 'GET',
    scheme: 'http',
    path: PATH,
    origin,
    headers: new Map([['origin', origin]]),
    ending: 'success',
  };
}

/** The one status that is told; undefined where several are possible or it is not known. */
function statusOf(text: string, version: 4 | 5): number | undefined {
  const manifest = JSON.stringify({ dependencies: { express: `^${version}.0.0` } });
  const files = new Map([
    ['app.js', text],
    ['package.json', manifest],
  ]);
  const { endpoints } = express.analyse('app.js', text, memoryHost(files), {});
  const [first, ...others] = endpoints.find(({ path }) => path === PATH)?.respond(request()) ?? [];
  return others.length === 0 && first?.open === undefined ? first?.status : undefined;
}

function program(random: Random): string {
  const status = random.pick([400, 404, 418, 503]);
  const { text: classes, made } = errorClasses(random, status);
  const raise = random.pick([
    `(req, res, next) => next(${made})`,
    `(req, res, next) => { const error = ${made}; return next(error); }`,
    `(req, res) => { throw ${made}; }`,
    `function (req, res, next) { next(${made}); }`,
  ]);
  return `const express = require('express');
const app = express();
${classes}
app.get('${PATH}', ${raise});
${random.chance(0.75) ? `app.use((error, req, res, next) => { ${handled(random)} });` : ''}
app.listen(3000);
`;
}

/** Classes of errors, and the expression that makes one. */
function errorClasses(random: Random, status: number): { readonly text: string; readonly made: string } {
  const key = random.pick(['status', 'statusCode']);
  const extra = random.pick([
    '',
    'this.isOperational = true;',
    'Error.captureStackTrace(this, this.constructor);',
    'Object.setPrototypeOf(this, new.target.prototype);',
    'this.name = this.constructor.name;',
  ]);
  const fallback = random.pick(['', ' = 500', ` = ${status}`]);
  const base = random.pick(['Error', 'TypeError']);
  const base1 = `class AppError extends ${base} { constructor(message, code${fallback}) { super(message); this.${key} = code; ${extra} } }`;
  return random.pick([
    () => ({ text: base1, made: `new AppError('no', ${status})` }),
    () => ({ text: base1, made: `new AppError('no')` }),
    () => ({
      text: `class AppError extends ${base} { constructor(message) { super(message); ${extra} this.${key} = ${status}; } }`,
      made: `new AppError('no')`,
    }),
    () => ({ text: `class AppError extends ${base} { ${key} = ${status}; }`, made: `new AppError('no')` }),
    () => ({ text: `class AppError extends ${base} {}`, made: `new AppError('no', ${status})` }),
    () => ({
      text: `class AppError extends ${base} { get ${key}() { return ${status}; } }`,
      made: `new AppError('no')`,
    }),
    () => ({
      text: `${base1}\nclass NotFound extends AppError { constructor(what) { super(\`\${what} is missing\`, ${status}); } }`,
      made: `new NotFound('it')`,
    }),
    () => ({
      text: `${base1}\nclass NotFound extends AppError { ${key} = ${status}; }`,
      made: `new NotFound('it', 402)`,
    }),
    () => ({
      text: `${base1}\nclass NotFound extends AppError { constructor(what) { super(what, 402); this.${key} = ${status}; } }`,
      made: `new NotFound('it')`,
    }),
    () => ({
      text: `${base1}\nclass NotFound extends AppError { constructor(what) { super(what, 402); if (what) this.${key} = ${status}; } }`,
      made: `new NotFound('it')`,
    }),
    () => ({
      text: `class AppError extends ${base} { constructor(message, options) { super(message); Object.assign(this, options); } }`,
      made: `new AppError('no', { ${key}: ${status} })`,
    }),
  ])();
}

/** What an error handler does. */
function handled(random: Random): string {
  return random.pick([
    'res.status(error.statusCode || 500).json({});',
    'res.status(error.status || error.statusCode || 500).send(error.message);',
    'const { statusCode = 500, message } = error; res.status(statusCode).json({ message });',
    'const code = error.statusCode ?? 500; res.status(code).end();',
    'if (error instanceof AppError) { res.status(error.statusCode || 422).end(); } else { res.status(500).end(); }',
    'if (error instanceof SyntaxError) { return res.status(409).end(); } next(error);',
    'if (error.statusCode === 404) { return res.status(410).end(); } next(error);',
    'error.statusCode = error.statusCode || 500; res.status(error.statusCode).end();',
    'next(error);',
  ]);
}
