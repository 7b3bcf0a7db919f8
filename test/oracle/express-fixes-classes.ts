import { actualRequest, type Call, needsPreflight, preflightRequest } from '../../server/src/cors/call';
import { corsCheck } from '../../server/src/cors/corsCheck';
import { ALLOW_ORIGIN } from '../../server/src/cors/names';
import { preflightCheck } from '../../server/src/cors/preflight';
import { PLACEHOLDER_ORIGIN } from '../../server/src/cors/repair';
import type { Step } from '../../server/src/cors/verdict';
import type { Judged } from './express-fixes-made';
import { callsFor, observed, type Ran, turns, verdictOf } from './express-fixes-verdicts';
import type { Answer, Result, Run } from './express-world';

/** What becomes of verdicts that one fix alone does not turn. */

/** A mended program whose verdict another fault holds back, and the same with everything else mended as well. */
export interface Held {
  readonly one: Judged;
  readonly rest: Judged;
}

/**
 * The finding's call as others may make it whom the program lets in: from the origins that the grammar writes, and with
 * the token that a program's own gate asks for, which is no matter of CORS.
 */
function lettingIn({ finding }: Judged): readonly Call[] {
  const call = finding.exchange?.call;
  if (call === undefined || finding.rule.category === 'insecure') return [];
  return [call.origin, PLACEHOLDER_ORIGIN, 'https://admin.example.com'].map((origin) => ({ ...call, origin }));
}

export function runAsLetIn(one: Judged): Run {
  const { version, text, program } = one;
  const requests = lettingIn(one).flatMap((call) => {
    const actual = actualRequest(call);
    const headers = new Map([...actual.headers, ['authorization', 'Bearer token']]);
    return [preflightRequest(call), { ...actual, headers }];
  });
  return { version, file: program.file, text, env: {}, requests };
}

/** What becomes of a verdict that did not turn by the one fix; undefined where it should have turned. */
export function classOf({ rest }: Held, alone?: Result, before?: Result, after?: Result): string | undefined {
  if (alone?.kind !== 'ran' || before?.kind !== 'ran' || after?.kind !== 'ran') return undefined;
  if (turns(rest, alone)) return 'turned with the other fixes';
  const pairs = lettingIn(rest).map((call, i) => ({
    was: stageOf(call, before.answers[2 * i], before.answers[2 * i + 1]),
    is: stageOf(call, after.answers[2 * i], after.answers[2 * i + 1]),
  }));
  if (pairs.some(({ was, is }) => was < ALLOWED && is === ALLOWED)) return 'turned for a caller that is let in';
  if (rest.finding.rule.category === 'insecure' && isOpenToAll(rest, alone)) return 'open by `*` of another line';
  if (restsOnGuess(rest) && ownLegTurns(rest, before, after)) return 'mended behind a header that callers alone know';
  // No folder of files is there: what they lack does not show, whatever stands ahead of them.
  if (rest.finding.rule.id === 'express-middleware-order' && rest.finding.message.includes('the files')) {
    return 'about files, which are not there';
  }
  const path = rest.finding.exchange?.call.path;
  const open = rest.left.filter(
    (finding) =>
      finding.rule.category === rest.finding.rule.category &&
      (finding.exchange === undefined || finding.exchange.call.path === path) &&
      finding.fixes().length === 0,
  );
  const rulesLeft = [...new Set(open.map(({ rule }) => rule.id))].sort();
  if (rulesLeft.length > 0) return `left to what has no fix: ${rulesLeft.join(', ')}`;
  return pairs.some(({ was, is }) => was < is) ? 'refused at a later step' : undefined;
}

/** Whether everyone is let in by `*`, which is what public data is sent with and no fault by itself. */
function isOpenToAll(one: Judged, { answers }: Ran): boolean {
  const [actual] = callsFor(one).map((_, i) => answers[2 * i + 1]);
  if (actual?.kind !== 'answer') return false;
  return actual.headers.some(([name, value]) => name.toLowerCase() === ALLOW_ORIGIN && value === '*');
}

/** Whether the call has a token that nothing but a gate speaks of: without the gate, no rule is sure of it. */
function restsOnGuess({ finding }: Judged): boolean {
  return finding.exchange?.call.headers.some(([name]) => name === 'Authorization') ?? false;
}

/** Whether the gate lets the real preflight pass, or the real response can be read, that could not before. */
function ownLegTurns(one: Judged, before: Ran, after: Ran): boolean {
  return lettingIn(one).some((call, i) => {
    const [preflight, actual] = [2 * i, 2 * i + 1].map((at) => ({ was: before.answers[at], is: after.answers[at] }));
    const isRefused = (answer: Answer | undefined) => answer?.kind === 'answer' && GATE.has(answer.status);
    if (isRefused(preflight?.was) && !isRefused(preflight?.is)) return true;
    return actual !== undefined && !isReadable(call, actual.was) && isReadable(call, actual.is);
  });
}

const GATE: ReadonlySet<number> = new Set([401, 403, 405, 429]);

function isReadable(call: Call, answer: Answer | undefined): boolean {
  const response = answer && observed(answer, actualRequest(call));
  return response !== undefined && corsCheck(response, call.origin, call.credentials).result === 'allowed';
}

/** The checks in the order in which a browser makes them: on the preflight, then once more on the response. */
const PREFLIGHT_STEPS: readonly (readonly Step[])[] = [
  ['cors-check/no-allow-origin'],
  ['cors-check/several-origins', 'cors-check/other-origin', 'cors-check/wildcard-with-credentials'],
  ['cors-check/credentials-not-allowed'],
  ['preflight/status'],
  ['preflight/allow-methods-unparsable', 'preflight/allow-headers-unparsable'],
  ['preflight/method'],
  ['preflight/authorization', 'preflight/header'],
];
const ALLOWED = 2 * PREFLIGHT_STEPS.length;

/** How far the browser gets with the real answers, up to `ALLOWED`. */
function stageOf(call: Call, preflight: Answer | undefined, actual: Answer | undefined): number {
  const real = verdictOf(call, preflight, actual);
  if (real === undefined || real.result === 'allowed') return ALLOWED;
  const stage = PREFLIGHT_STEPS.findIndex((steps) => steps.includes(real.step));
  const early = needsPreflight(call) ? preflight && observed(preflight, preflightRequest(call)) : undefined;
  const isPassed = !needsPreflight(call) || (early !== undefined && preflightCheck(early, call).result === 'allowed');
  return isPassed ? PREFLIGHT_STEPS.length + stage : stage;
}
