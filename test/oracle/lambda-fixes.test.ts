import { beforeAll, expect, test } from 'vitest';
import type { Exchange } from '../../server/src/cors/browser';
import { actualRequest, type Call, needsPreflight, preflightRequest } from '../../server/src/cors/call';
import { corsCheck } from '../../server/src/cors/corsCheck';
import { preflightCheck } from '../../server/src/cors/preflight';
import { PLACEHOLDER_ORIGIN } from '../../server/src/cors/repair';
import { type ResolvedResponse, resolveResponse } from '../../server/src/cors/resolve';
import type { Verdict } from '../../server/src/cors/verdict';
import { applyEdits, byFile } from '../../server/src/lint/edits';
import { type LintInput, lint } from '../../server/src/lint/engine';
import { rules } from '../../server/src/lint/registry';
import { DEFAULT_SETTINGS } from '../../server/src/lint/settings';
import type { Finding, Fix } from '../../server/src/lint/types';
import { serverless } from '../../server/src/platforms/serverless/platform';
import { memoryHost } from '../harness/memoryHost';
import { faultyHandler } from './lambda-faulty';
import { ADMIN, APP, type MadeHandler, madeHandler } from './lambda-grammar';
import { type Event, type Outcome, runHandlers } from './lambda-run';
import { chooseSeed, type Random, randomFrom } from './nginx-random';

/**
 * Made-up handlers behind made-up services, linted together; every fix that is offered is made, and the handler is run
 * before and after with the very request that the finding shows. What the browser makes of the real answer has to be
 * what was said, and has to turn.
 */
const SEED = chooseSeed();
const CASES = Number(process.env['CASES'] ?? 60);

/** A service with its handler, by file. */
interface Edition {
  readonly files: Readonly<Record<string, string>>;
  readonly middy: MadeHandler['middy'];
}

/** One exchange to play on the real handler. */
interface Play {
  readonly edition: Edition;
  readonly what: string;
  readonly finding: Finding;
  readonly exchange: Exchange;
  /** Undefined before the fix. */
  readonly left: readonly Finding[] | undefined;
}

beforeAll(() => serverless.prepare?.());

test(`fixes of ${CASES} services with their handlers, SEED=${SEED}`, { timeout: 280_000 }, async () => {
  const random = randomFrom(SEED);
  const plays: Play[] = [];
  for (let i = 0; i < CASES; i++) {
    const made = random.chance(0.7) ? faultyHandler(random) : madeHandler(random);
    const before: Edition = { files: { ...made.files, 'serverless.yml': configuration(random) }, middy: made.middy };
    for (const finding of lintOf(before)) {
      const { exchange } = finding;
      if (exchange === undefined || !isRun(exchange)) continue;
      plays.push({ edition: before, what: finding.rule.id, finding, exchange, left: undefined });
      for (const fix of finding.fixes()) {
        const edition = edited(before, fix);
        const what = `"${fix.title}" for ${finding.rule.id}`;
        plays.push({ edition, what, finding, exchange, left: lintOf(edition) });
      }
    }
  }
  const outcomes = await runHandlers(
    plays.map(({ edition, exchange }) => ({ ...edition, events: waysToPass(exchange.call).map(eventOf) })),
  );
  const faults: string[] = [];
  const counts = { said: 0, turned: 0 };
  for (const [i, play] of plays.entries()) {
    const fault = play.left === undefined ? judgeFaulty(play, outcomes[i] ?? []) : judgeMended(play, outcomes[i] ?? []);
    if (fault === 'said' || fault === 'turned') counts[fault] += 1;
    else if (fault !== undefined) {
      const { edition, what, finding } = play;
      faults.push(`${what} (${finding.message}): ${fault}\n${Object.values(edition.files).join('\n---\n')}`);
    }
  }
  console.info(`${counts.said} refusals and leaks as said, ${counts.turned} turned by their fix`);
  expect(faults.slice(0, 3).join('\n\n')).toBe('');
  expect(counts.said).toBeGreaterThan(CASES / 3);
  expect(counts.turned).toBeGreaterThan(CASES / 6);
});

function configuration({ pick, chance }: Random): string {
  const cors = pick([
    'true',
    'true',
    `{ origin: '${APP}' }`,
    `{ origins: ['${APP}', '${ADMIN}'], allowCredentials: true }`,
  ]);
  const method = pick(['get', 'post', 'put']);
  const event = chance(0.85)
    ? `http: { path: a, method: ${method}, cors: ${cors} }`
    : `http: { path: a, method: ${method} }`;
  return `service: made\nprovider: { name: aws }\nfunctions:\n  f:\n    handler: h.handler\n    events:\n      - ${event}\n`;
}

function inputFor({ files }: Edition): LintInput {
  return {
    platform: serverless,
    file: 'serverless.yml',
    text: files['serverless.yml'] ?? '',
    host: memoryHost(new Map(Object.entries(files))),
    settings: DEFAULT_SETTINGS,
    rules,
    onCrash: ({ error }) => {
      throw error;
    },
  };
}

function lintOf(edition: Edition): readonly Finding[] {
  return lint(inputFor(edition)).findings;
}

function edited({ files, middy }: Edition, fix: Fix): Edition {
  const texts: Record<string, string> = { ...files };
  for (const [file, edits] of byFile(fix.edits)) texts[file] = applyEdits(texts[file] ?? '', edits);
  return { files: texts, middy };
}

/** Whether the request reaches the handler and ends there as the exchange has it, whatever the environment. */
function isRun({ call, actual, when }: Exchange): boolean {
  return (
    when.length === 0 &&
    actual.response.source.answeredBy.kind === 'handler' &&
    (call.ending === 'success' || call.ending === 500)
  );
}

function eventOf({ method, origin, ending }: Call): Event {
  const body = ending === 500 ? 'boom' : method === 'GET' ? null : '{"a":1}';
  return { payload: '1.0', method, origin, body };
}

/** A fix may be to give up credentials, or to let in the origin that it puts there for the user to change. */
function waysToPass(call: Call): Call[] {
  const here = { ...call, origin: PLACEHOLDER_ORIGIN };
  return [call, { ...call, credentials: false }, here, { ...here, credentials: false }];
}

function judgeFaulty({ edition, exchange }: Play, [outcome]: readonly Outcome[]): string | undefined {
  // Another branch is taken than the one that is shown.
  const { status } = exchange.actual.response.source;
  if (status !== undefined && status !== outcome?.answer?.statusCode) return undefined;
  const real = verdictOf(edition, exchange.call, outcome);
  const said = exchange.verdict.result;
  if (real === undefined || said === 'unknown') return undefined;
  return real.result === said ? 'said' : `said to be ${said}, really ${real.result} (${real.reason})`;
}

function judgeMended({ edition, exchange, finding, left }: Play, outcomes: readonly Outcome[]): string | undefined {
  const wanted =
    finding.rule.category === 'insecure' ? 'blocked' : finding.rule.category === 'broken' ? 'allowed' : undefined;
  if (wanted === undefined || exchange.verdict.result === wanted) return undefined;
  const calls = wanted === 'blocked' ? [exchange.call] : waysToPass(exchange.call);
  const { status } = exchange.actual.response.source;
  let last: Verdict | undefined;
  for (const [i, call] of calls.entries()) {
    if (status !== undefined && status !== outcomes[i]?.answer?.statusCode) return undefined;
    const real = verdictOf(edition, call, outcomes[i]);
    if (real === undefined) return undefined;
    if (real.result === wanted) return 'turned';
    last ??= real;
  }
  // Another fault may stand in the way, one that is told of or that comes to light now.
  const isTold = left?.some((other) => other.rule.category === 'broken' && other.severity !== 'info') === true;
  if (wanted === 'allowed' && (isTold || last?.reason !== exchange.verdict.reason)) return undefined;
  return `still ${exchange.verdict.result} (${last?.reason}); left: ${left?.map(({ rule }) => rule.id)}`;
}

/** What a browser makes of a call: the gateway's preflight is the predicted one, the response is the handler's own. */
function verdictOf(edition: Edition, call: Call, outcome: Outcome | undefined): Verdict | undefined {
  const answer = outcome?.answer;
  const status = answer?.statusCode;
  if (answer === undefined || answer === null || status === undefined) return undefined;
  if ((call.ending === 500) !== status >= 400) return undefined;
  if (needsPreflight(call)) {
    const { analysis } = lint(inputFor(edition));
    const [endpoint] = analysis?.endpoints ?? [];
    const request = preflightRequest(call);
    const [response] = endpoint?.respond(request).flatMap((one) => resolveResponse(one, request)) ?? [];
    const verdict = response && preflightCheck(response, call);
    if (verdict?.result !== 'allowed') return verdict?.result === 'unknown' ? undefined : verdict;
  }
  return corsCheck(observed(answer, status, call), call.origin, call.credentials);
}

function observed(
  { headers = {}, multiValueHeaders = {} }: NonNullable<Outcome['answer']>,
  status: number,
  call: Call,
): ResolvedResponse {
  const place = { file: 'h.mjs', start: 0, end: 0 };
  const lines = [
    ...Object.entries(headers),
    ...Object.entries(multiValueHeaders).flatMap(([name, values]) => values.map((value) => [name, value] as const)),
  ];
  const response = {
    status,
    answeredBy: { kind: 'handler', what: 'the handler', place } as const,
    headers: lines.map(([name, value]) => ({
      name,
      value: { kind: 'literal', text: String(value), place } as const,
      place,
      layer: 'what came out',
    })),
  };
  const [resolved] = resolveResponse(response, actualRequest(call));
  if (resolved === undefined) throw new Error('an observed response is one response');
  return resolved;
}
