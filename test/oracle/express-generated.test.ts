import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Endpoint } from '../../server/src/cors/endpoint';
import type { Request } from '../../server/src/cors/http';
import { type ResolvedResponse, resolveResponse } from '../../server/src/cors/resolve';
import { express } from '../../server/src/platforms/express/platform';
import { memoryHost } from '../harness/memoryHost';
import { ALLOWED } from './express-grammar/making';
import { makeProgram, type Program } from './express-grammar/program';
import { type Answer, type ExpressWorld, startExpressWorld, type Run as WorldRun } from './express-world';
import { chooseSeed, type Random, randomFrom } from './nginx-random';

/**
 * What we predict against what Express 4 and 5 answer, over programs made from a grammar: the status, and each
 * `Access-Control-` and `Vary` header with its lines in order, wherever the prediction is certain; and where it is not, reality is
 * one of the answers that we think possible.
 *
 * `CASES=3000 npx vitest run test/oracle/express-generated.test.ts` tries more; `SEED=` picks others.
 */

const seed = chooseSeed();
const CASES = Number(process.env['CASES'] ?? 130);
const BATCH = 100;
const MOST_FAULTS = Number(process.env['FAULTS'] ?? 5);

interface Run extends WorldRun {
  readonly wantsCredentials: boolean;
}

const counts = { certain: 0, either: 0, unknown: 0, throwing: 0 };
const reasons = new Map<string, number>();

let world: ExpressWorld;
beforeAll(async () => {
  await express.prepare?.();
  world = await startExpressWorld();
});
afterAll(() => world.stop());

test(`${CASES} programs on Express 4 and 5, SEED=${seed}`, async () => {
  const faults: string[] = [];
  let wasWrong = false;
  for (let first = 0; first < CASES && faults.length < MOST_FAULTS; first += BATCH) {
    const random = randomFrom(seed + first);
    const programs = Array.from({ length: Math.min(BATCH, CASES - first) }, (_, i) =>
      makeProgram(random, i % 2 === 0 ? 4 : 5),
    );
    const runs = programs.flatMap((program) => runsOf(program, random));
    const results = await world.run(runs);
    for (const [i, result] of results.entries()) {
      const run = runs[i];
      if (run === undefined) continue;
      if (result.kind === 'failed') {
        counts.throwing += 1;
        if (!/Missing parameter name|path-to-regexp|PathError|Unexpected/.test(result.error))
          faults.push(`${result.error}\n${run.text}`);
        continue;
      }
      const fault = compareRun(run, result.answers);
      // What is wrong on both majors is told once.
      const isTold = run.version === 5 && results[i - 1]?.kind === 'ran' && wasWrong;
      wasWrong = fault !== undefined;
      if (fault !== undefined && !isTold) faults.push(`SEED=${seed} Express ${run.version}: ${fault}\n${run.text}`);
    }
  }
  const { certain, either, unknown, throwing } = counts;
  const all = certain + either + unknown;
  const share = (count: number): string => `${((100 * count) / all).toFixed(1)} %`;
  console.log(
    `${all} answers: ${share(certain)} certain, ${share(either)} by what the environment holds, ${share(unknown)} unknown; ${throwing} programs throw at their start`,
  );
  if (process.env['SHOW_UNKNOWN']) {
    for (const [reason, count] of [...reasons].sort((a, b) => b[1] - a[1]).slice(0, 40)) console.log(count, reason);
  }
  expect(faults.slice(0, MOST_FAULTS).join('\n\n')).toBe('');
  // Being unsure of everything would agree with anything. In a small sample one shape of program may be frequent.
  expect(unknown / all).toBeLessThan(CASES < 500 ? 0.15 : 0.1);
}, 3_600_000);

const ORIGINS = [
  ALLOWED,
  'https://evil.example',
  'https://app.example.com.evil.example',
  'https://evilexample.com',
  'null',
  undefined,
];

/** A program on both majors, each asked for everything. */
function runsOf(program: Program, random: Random): Run[] {
  const requests = program.asked.flatMap((path) =>
    ['GET', 'POST', 'PUT', 'OPTIONS'].flatMap((method) => {
      const isFew = method === 'POST' || method === 'PUT';
      const origins = isFew ? [random.pick(ORIGINS), random.pick(ORIGINS)] : ORIGINS;
      return origins.map((origin): Request => {
        const headers = new Map<string, string>();
        if (isFew) headers.set('content-type', 'application/json');
        if (method === 'OPTIONS') {
          headers.set('access-control-request-method', 'PUT');
          if (random.chance(0.8)) headers.set('access-control-request-headers', 'content-type,x-token');
        } else if (program.wantsCredentials || random.chance(0.5)) headers.set('authorization', 'Bearer token');
        return { method, scheme: 'http', path, origin, headers, ending: 'success' };
      });
    }),
  );
  const { file, text, env, wantsCredentials } = program;
  return ([4, 5] as const).map((version) => ({ version, file, text, env, requests, wantsCredentials }));
}

function compareRun(run: Run, answers: readonly Answer[]): string | undefined {
  const manifest = JSON.stringify({ dependencies: { express: `^${run.version}.0.0` } });
  const host = memoryHost(
    new Map([
      [run.file, run.text],
      ['package.json', manifest],
    ]),
  );
  const { endpoints } = express.analyse(run.file, run.text, host, {});
  for (const [i, request] of run.requests.entries()) {
    const answer = answers[i];
    if (answer === undefined || isAmbiguous(run, request, answer)) continue;
    for (const endpoint of endpointsFor(endpoints, request)) {
      const fault = compare(endpoint, { ...request, ending: endingOf(request, answer) }, answer);
      if (fault !== undefined) return fault;
    }
  }
  return undefined;
}

/**
 * The route that fails is asked for the error that it comes to, and all else to end well: what the program decides
 * itself comes out then.
 */
function endingOf({ path }: Request, answer: Answer): Request['ending'] {
  if (answer.kind === 'hangs' || !path.endsWith('/boom')) return 'success';
  const isOwn = answer.status >= 400 && answer.status !== 404;
  return isOwn ? answer.status : 'success';
}

/** Whether a package that wants credentials, or the program's own handler, may be where a refusal is from. */
function isAmbiguous({ wantsCredentials }: Run, { path }: Request, answer: Answer): boolean {
  return wantsCredentials && path.endsWith('/boom') && answer.kind === 'answer' && [401, 403].includes(answer.status);
}

/** The endpoints that the request is known to meet; any, where it meets none. */
function endpointsFor(endpoints: readonly Endpoint[], { path, method }: Request): readonly Endpoint[] {
  const whole = endpoints.filter(({ partial }) => partial === undefined);
  const met = whole.filter((endpoint) => endpoint.path === path && endpoint.matches(path, method) === true);
  const chosen = met.length > 0 ? met : whole.slice(0, 1);
  if (chosen.length === 0) counts.unknown += 1;
  return chosen;
}

function compare(endpoint: Endpoint, request: Request, answer: Answer): string | undefined {
  const responses = endpoint.respond(request).flatMap((one) => resolveResponse(one, request));
  const isCovered = responses.some((response) => agrees(response, answer));
  // Circumstances that are named leave others open.
  if (!isCovered && responses.some(({ when }) => when.length === 0)) return described(request, answer, responses);
  const vague = isCovered ? responses.find((response) => !isWhole(response)) : responses[0];
  if (vague !== undefined) {
    counts.unknown += 1;
    const reason =
      (isCovered ? undefined : 'another circumstance') ??
      vague.open ??
      vague.headers.find(({ text }) => text === undefined)?.reason ??
      'status';
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  } else if (responses.length === 1) counts.certain += 1;
  else counts.either += 1;
  return undefined;
}

/** Nothing answers: the model says so by an answer of nothing, and why. */
function hangs({ source, open }: ResolvedResponse): boolean {
  return source.answeredBy.what === 'nothing' && open !== 'no way to an answer was found';
}

function isWhole(response: ResolvedResponse): boolean {
  if (hangs(response)) return true;
  return (
    response.open === undefined &&
    response.status !== undefined &&
    response.headers.every(({ text }) => text !== undefined)
  );
}

const COMPARED = /^(?:access-control-.*|vary)$/i;

function agrees(response: ResolvedResponse, answer: Answer): boolean {
  if (hangs(response)) return answer.kind === 'hangs';
  const isOpen = response.open !== undefined;
  if (answer.kind === 'hangs') return isOpen;
  if (!isOpen && response.status !== undefined && response.status !== answer.status) return false;
  const predicted = linesOf(
    response.headers.map(({ name, text, perhapsAbsent }) => [name, text, perhapsAbsent === true] as const),
  );
  const observed = linesOf(answer.headers.map(([name, text]) => [name, text, false] as const));
  if (!isOpen && predicted.every(({ text }) => text !== undefined)) {
    return JSON.stringify(predicted) === JSON.stringify(observed);
  }
  // Known lines are there, unless what is not known may have replaced them.
  const known = predicted.filter(({ text, perhaps }) => text !== undefined && !perhaps);
  return isOpen || known.every(({ name, text }) => observed.some((one) => one.name === name && one.text === text));
}

interface Line {
  readonly name: string;
  text: string | undefined;
  readonly perhaps: boolean;
}

/** The compared headers, those of one name in their order; `Vary` is one line, as it means the same in one and in several. */
function linesOf(headers: readonly (readonly [name: string, text: string | undefined, perhaps: boolean])[]): Line[] {
  const lines: Line[] = [];
  for (const [name, text, perhaps] of headers) {
    if (!COMPARED.test(name)) continue;
    const lower = name.toLowerCase();
    const before = lower === 'vary' ? lines.find((line) => line.name === 'vary') : undefined;
    if (before === undefined) lines.push({ name: lower, text: text?.trim(), perhaps });
    else before.text = before.text === undefined || text === undefined ? undefined : `${before.text}, ${text.trim()}`;
  }
  return lines.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function described(request: Request, answer: Answer, responses: readonly ResolvedResponse[]): string {
  const show = (lines: readonly Line[]): string => lines.map(({ name, text }) => `${name}: ${text}`).join(' | ');
  const headers = [...request.headers].map(([name, value]) => `${name}: ${value}`).join(', ');
  const real =
    answer.kind === 'hangs'
      ? 'hangs'
      : `${answer.status} ${show(linesOf(answer.headers.map(([name, text]) => [name, text, false])))}`;
  const ours = responses.map(
    (response) =>
      `${response.status} ${show(linesOf(response.headers.map(({ name, text }) => [name, text, false])))} (${response.source.answeredBy.what}; when ${response.when.join(' and ') || 'always'}; ${response.open ?? 'whole'})`,
  );
  return `${request.method} ${request.path} Origin: ${request.origin}, ending ${request.ending}, ${headers}\nreally ${real}\nwe say ${ours.join('\n       ')}`;
}
