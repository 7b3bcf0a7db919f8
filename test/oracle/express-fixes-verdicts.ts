import type { Exchange } from '../../server/src/cors/browser';
import { actualRequest, type Call, needsPreflight, preflightRequest } from '../../server/src/cors/call';
import { corsCheck } from '../../server/src/cors/corsCheck';
import type { Request, Response } from '../../server/src/cors/http';
import { preflightCheck } from '../../server/src/cors/preflight';
import { PLACEHOLDER_ORIGIN } from '../../server/src/cors/repair';
import { type ResolvedResponse, resolveResponse } from '../../server/src/cors/resolve';
import type { Verdict } from '../../server/src/cors/verdict';
import type { Judged } from './express-fixes-made';
import type { Program } from './express-grammar/program';
import type { Answer, Result, Run } from './express-world';

/** What a browser makes of the real answers of a program with a fix, and without. */

export type Ran = Extract<Result, { kind: 'ran' }>;

/** The calls that may be made to show what a finding is about: the proof's own first. */
export function callsFor({ finding, fix }: Judged): readonly Call[] {
  const call = finding.exchange?.call;
  if (call === undefined) return [];
  if (fix === null || finding.rule.category === 'insecure') return [call];
  // A fix may be to give up credentials, or to let in the origin that it puts there for the user to change.
  const here = { ...call, origin: PLACEHOLDER_ORIGIN };
  return [call, { ...call, credentials: false }, here, { ...here, credentials: false }];
}

export function toRun(one: Judged): Run {
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

/** What the browser must come to; undefined where the finding has no call to show, or a fix turns nothing. */
export function wantedOf({ finding: { exchange, rule }, program }: Judged): 'allowed' | 'blocked' | undefined {
  if (exchange === undefined || !isServed(exchange, program)) return undefined;
  const wanted = rule.category === 'insecure' ? 'blocked' : rule.category === 'broken' ? 'allowed' : undefined;
  const was = exchange.verdict.result;
  return was === wanted || was === 'unknown' ? undefined : wanted;
}

export function turns(one: Judged, ran: Ran): boolean | undefined {
  const wanted = wantedOf(one);
  if (wanted === undefined) return undefined;
  return verdictsOf(one, ran).some((real) => real === undefined || real.result === wanted);
}

/** What the browser really makes of each of the calls. */
function verdictsOf(one: Judged, { answers }: Ran): readonly (Verdict | undefined)[] {
  return callsFor(one).map((call, i) => verdictOf(call, answers[2 * i], answers[2 * i + 1]));
}

/** Whether the request certainly ends here as the exchange has it. What fails outside the code cannot be had, nor files. */
export function isServed({ call, when, actual }: Exchange, { asked }: Program): boolean {
  // An app as a whole stands for routes that are not there.
  if (!asked.includes(call.path)) return false;
  if (actual.response.source.answeredBy.kind === 'file') return false;
  // The route that fails never ends well.
  return when.length === 0 && call.ending === 'success' && !call.path.endsWith('/boom');
}

/** What a browser makes of the real answers; undefined where it would wait for ever, or go on to another address. */
export function verdictOf(call: Call, preflight: Answer | undefined, actual: Answer | undefined): Verdict | undefined {
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
export function observed(answer: Answer, request: Request): ResolvedResponse | undefined {
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
