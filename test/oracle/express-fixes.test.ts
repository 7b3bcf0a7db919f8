import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Exchange, openBrowser } from '../../server/src/cors/browser';
import { actualRequest, type Call, needsPreflight, preflightRequest } from '../../server/src/cors/call';
import { corsCheck } from '../../server/src/cors/corsCheck';
import type { Request, Response } from '../../server/src/cors/http';
import { preflightCheck } from '../../server/src/cors/preflight';
import { PLACEHOLDER_ORIGIN } from '../../server/src/cors/repair';
import { type ResolvedResponse, resolveResponse } from '../../server/src/cors/resolve';
import type { Verdict } from '../../server/src/cors/verdict';
import { applyEdits } from '../../server/src/lint/edits';
import { lint } from '../../server/src/lint/engine';
import type { LintInput } from '../../server/src/lint/find';
import { fixAll } from '../../server/src/lint/fixAll';
import { bringsTrouble, failedBefore } from '../../server/src/lint/fixes';
import { rules } from '../../server/src/lint/registry';
import { DEFAULT_SETTINGS } from '../../server/src/lint/settings';
import type { Finding, Fix } from '../../server/src/lint/types';
import { express } from '../../server/src/platforms/express/platform';
import { memoryHost } from '../harness/memoryHost';
import { makeProgram, type Program } from './express-grammar/program';
import {
  type Answer,
  type ExpressWorld,
  type Result,
  type Run,
  startExpressWorld,
  syntaxErrors,
} from './express-world';
import { chooseSeed, randomFrom } from './nginx-random';

/**
 * Every fix that is offered for generated programs is made and run on the real Express: the text stays well-formed, the
 * finding is gone, nothing new comes, making all of them twice changes nothing, the program still starts, and for the
 * call that the finding gives as its proof the browser's check over the real responses turns.
 *
 * `CASES=1000 npx vitest run test/oracle/express-fixes.test.ts` tries more; `SEED=` picks others.
 */

const seed = chooseSeed();
const CASES = Number(process.env['CASES'] ?? 50);
const BATCH = 100;

/** One text of a program, on one major. */
interface Edition {
  readonly program: Program;
  readonly version: 4 | 5;
  readonly text: string;
}

interface Judged extends Edition {
  readonly finding: Finding;
  /** The fix in words; null for the program as it was. */
  readonly fix: string | null;
  /** What is still found. */
  readonly left: readonly Finding[];
}

let world: ExpressWorld;
beforeAll(async () => {
  await express.prepare?.();
  world = await startExpressWorld();
});
afterAll(() => world.stop());

test(`fixes of ${CASES} programs on Express 4 and 5, SEED=${seed}`, async () => {
  const faults: string[] = [];
  const complain = ({ version, text }: Edition, what: string): void => {
    faults.push(`SEED=${seed} Express ${version}: ${what}\n${text}`);
  };
  let fixes = 0;
  let judged = 0;
  let turned = 0;
  for (let first = 0; first < CASES; first += BATCH) {
    const random = randomFrom(seed + first);
    const all: Judged[] = [];
    for (let i = first; i < Math.min(first + BATCH, CASES); i++) {
      const version = i % 2 === 0 ? 4 : 5;
      const program = makeProgram(random, version);
      const before: Edition = { program, version, text: program.text };
      const input = inputFor(before);
      const { findings } = lint(input);
      for (const finding of findings) {
        all.push({ ...before, finding, fix: null, left: findings });
        for (const fix of finding.fixes()) {
          all.push(makeFix(before, findings, finding, fix, complain));
          fixes += 1;
        }
      }
      const { texts, made } = fixAll(input);
      const again =
        made.length === 0 ? made : fixAll(inputFor({ ...before, text: texts.get(program.file) ?? '' })).made;
      if (again.length > 0) complain(before, `fixing all twice changes it again: ${again.map(({ title }) => title)}`);
    }
    const results = await world.run(all.map(toRun));
    for (const [i, result] of results.entries()) {
      const one = all[i];
      if (one === undefined) continue;
      if (result.kind === 'failed') {
        const failedToo = results.some(
          (other, at) => all[at]?.program === one.program && other.kind === 'failed' && all[at]?.fix === null,
        );
        if (one.fix !== null && (!failedToo || one.finding.rule.id === 'express-path-wildcard')) {
          complain(one, `${one.fix}: it does not start: ${result.error}`);
        }
        continue;
      }
      const outcome = one.fix === null ? judgeFaulty(one, result, complain) : judgeMended(one, result, complain);
      if (outcome !== undefined) judged += 1;
      if (outcome === 'turned') turned += 1;
    }
  }
  console.log(`${fixes} fixes; of ${judged} that are to turn a verdict, ${turned} do`);
  expect(faults.slice(0, Number(process.env['FAULTS'] ?? 5)).join('\n\n')).toBe('');
  expect(fixes).toBeGreaterThan(CASES / 2);
  expect(turned / judged).toBeGreaterThan(0.4);
}, 3_600_000);

type Complain = (edition: Edition, what: string) => void;

function inputFor({ program: { file }, version, text }: Edition): LintInput {
  const manifest = JSON.stringify({ dependencies: { express: `^${version}.0.0`, cors: '^2.8.6' } });
  const files = new Map([
    [file, text],
    ['package.json', manifest],
  ]);
  return {
    platform: express,
    file,
    text,
    host: memoryHost(files),
    settings: DEFAULT_SETTINGS,
    rules,
    onCrash: ({ error }) => {
      throw error;
    },
  };
}

/** The program with the fix made; what can be said of the texts alone is said here. */
function makeFix(
  before: Edition,
  findings: readonly Finding[],
  finding: Finding,
  fix: Fix,
  complain: Complain,
): Judged {
  const { file } = before.program;
  const after: Edition = { ...before, text: applyEdits(before.text, fix.edits) };
  const what = `"${fix.title}" for ${finding.rule.id} (${finding.message})`;
  if (fix.edits.some((edit) => edit.file !== file)) complain(before, `${what}: it changes another file`);
  for (const error of syntaxErrors(file, after.text)) complain(after, `${what}: ${error}`);
  const input = inputFor(before);
  const left = lint(inputFor(after)).findings;
  const { analysis } = lint(input);
  const count = (all: readonly Finding[]): number => all.filter(({ rule }) => rule === finding.rule).length;
  if (count(left) >= count(findings)) complain(after, `${what}: the finding is still there`);
  if (analysis === undefined || bringsTrouble(findings, left, failedBefore(analysis))) {
    complain(after, `${what}: new findings ${left.map(({ rule }) => rule.id)}`);
  }
  return { ...after, finding, fix: what, left };
}

/** The calls that may be made to show what a finding is about: the proof's own first. */
function callsFor({ finding, fix }: Judged): readonly Call[] {
  const call = finding.exchange?.call;
  if (call === undefined) return [];
  if (fix === null || finding.rule.category === 'insecure') return [call];
  // A fix may be to give up credentials, or to let in the origin that it puts there for the user to change.
  const here = { ...call, origin: PLACEHOLDER_ORIGIN };
  return [call, { ...call, credentials: false }, here, { ...here, credentials: false }];
}

function toRun(one: Judged): Run {
  const { version, text, program } = one;
  const requests = callsFor(one).flatMap((call) => {
    const actual = actualRequest(call);
    // A package that wants credentials is taken to get them.
    const headers = program.wantsCredentials
      ? new Map([...actual.headers, ['authorization', 'Bearer token']])
      : actual.headers;
    return [preflightRequest(call), { ...actual, headers }];
  });
  return { version, file: program.file, text, env: {}, requests };
}

type Ran = Extract<Result, { kind: 'ran' }>;

/** Says where the evidence of a finding is not what really happens. */
function judgeFaulty(one: Judged, { answers }: Ran, complain: Complain): undefined {
  const { exchange, rule, message } = one.finding;
  if (exchange === undefined || !isServed(exchange)) return undefined;
  const real = verdictOf(exchange.call, answers[0], answers[1]);
  const said = exchange.verdict.result;
  if (said !== 'unknown' && real !== undefined && said !== real.result) {
    complain(
      one,
      `${rule.id} says that ${words(exchange.call)} is ${said}, really ${real.result} (${real.reason}): ${message}`,
    );
  }
  return undefined;
}

/** Whether the verdict turns; undefined where the finding has no call to show. */
function judgeMended(one: Judged, { answers }: Ran, complain: Complain): 'turned' | 'hidden' | undefined {
  const { exchange, rule } = one.finding;
  if (exchange === undefined || !isServed(exchange)) return undefined;
  const wanted = rule.category === 'insecure' ? 'blocked' : rule.category === 'broken' ? 'allowed' : undefined;
  const was = exchange.verdict.result;
  if (wanted === undefined || was === wanted || was === 'unknown') return undefined;
  let last: Verdict | undefined;
  for (const [i, call] of callsFor(one).entries()) {
    const real = verdictOf(call, answers[2 * i], answers[2 * i + 1]);
    if (real === undefined || real.result === wanted) return 'turned';
    last ??= real;
  }
  // Another check, or a list without this origin, may stand in the way: then we see that too.
  if (!isSeenToTurn(one, wanted)) return 'hidden';
  const others = one.left.map((other) => other.rule.id).join(', ');
  complain(one, `${one.fix}: ${words(exchange.call)} is still ${was} (${last?.reason}); left: ${others}`);
  return 'hidden';
}

/** Whether the verdict of the finding's call turns by what is predicted for the mended program. */
function isSeenToTurn(one: Judged, wanted: 'allowed' | 'blocked'): boolean {
  const call = one.finding.exchange?.call;
  const { analysis } = lint(inputFor(one));
  if (call === undefined || analysis === undefined) return false;
  const exchanges = analysis.endpoints
    .filter((endpoint) => endpoint.path === call.path && endpoint.matches(call.path, call.method) === true)
    .flatMap((endpoint) => openBrowser(endpoint).fetch(call));
  return exchanges.length > 0 && exchanges.every(({ verdict, when }) => verdict.result === wanted && when.length === 0);
}

/** Whether the request certainly ends here as the exchange has it. What fails outside the code cannot be had, nor files. */
function isServed({ call, when, actual }: Exchange): boolean {
  if (actual.response.source.answeredBy.kind === 'file') return false;
  // The route that fails never ends well.
  return when.length === 0 && call.ending === 'success' && !call.path.endsWith('/boom');
}

/** What a browser makes of the real answers; undefined where it would wait for ever, or go on to another address. */
function verdictOf(call: Call, preflight: Answer | undefined, actual: Answer | undefined): Verdict | undefined {
  if (needsPreflight(call)) {
    const response = preflight && observed(preflight, preflightRequest(call));
    const verdict = response && preflightCheck(response, call);
    if (verdict?.result !== 'allowed') return verdict;
  }
  const response = actual && observed(actual, actualRequest(call));
  if (response === undefined || [301, 302, 303, 307, 308].includes(response.status ?? 0)) return undefined;
  return corsCheck(response, call.origin, call.credentials);
}

/** What came over the wire, for the model's own checks. */
function observed(answer: Answer, request: Request): ResolvedResponse | undefined {
  if (answer.kind === 'hangs') return undefined;
  const place = { file: 'wire', start: 0, end: 0 };
  const response: Response = {
    status: answer.status,
    answeredBy: { kind: 'handler', what: 'Express', place },
    headers: answer.headers.map(([name, text]) => ({
      name,
      value: { kind: 'literal', text, place },
      place,
      layer: 'wire',
    })),
  };
  return resolveResponse(response, request)[0];
}

function words({ method, path, origin, credentials, headers }: Call): string {
  return `${method} ${path} from ${origin}${credentials ? ' with credentials' : ''}, ${JSON.stringify(headers)}`;
}
