import type { Call } from '../cors/call';
import type { Endpoint } from '../cors/endpoint';
import { parseUrl } from '../cors/origin';
import { explainOrigin } from '../cors/originProblem';
import { type Prediction, predictOne } from '../cors/prediction';
import { PLACEHOLDER_ORIGIN } from '../cors/repair';
import { type Candidate, findCandidates } from './candidates';
import type { Message } from './message';
import { type Reason, reasonOf } from './reasons';

/** A message with what the workspace has to say about it. */
export interface Explained {
  readonly message: Message;
  /** What the message means, in one or two sentences. */
  readonly meaning: string;
  /** Endpoints that may have answered, the likeliest first. */
  readonly answers: readonly Answer[];
  /** What to look for; never empty when there are no answers. */
  readonly advice: readonly string[];
  /** The rule whose page tells more. */
  readonly rule: string | undefined;
}

/** An endpoint that may have answered, and the call played against it. */
export interface Answer extends Pick<Candidate, 'endpoint' | 'sureness' | 'because'> {
  readonly call: Call;
  readonly prediction: Prediction;
  /** Whether the code ends as the browser says: `differs` when the deployed server is not this code. */
  readonly agreement: 'agrees' | 'differs' | 'unknown';
  /** The sentence to show first. */
  readonly says: string;
}

const USUAL_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/**
 * Finds who answered the call that a message tells of, plays it, and compares.
 * @param endpoints those of the workspace
 * @param usualOrigin the page's origin, where the message does not tell it
 */
export function explain(message: Message, endpoints: readonly Endpoint[], usualOrigin?: string): Explained {
  const reason: Reason = reasonOf(message.reason);
  const origin = pageOrigin(message, usualOrigin);
  const methods = reason.id === 'method' && message.names ? [message.names, ...USUAL_METHODS] : USUAL_METHODS;
  const candidates = message.url === undefined ? [] : findCandidates(endpoints, message.url, methods);
  const answers = candidates.map((candidate) => play(message, reason, candidate, origin));
  return {
    message,
    meaning: fill(reason.meaning, message, origin),
    answers,
    advice: advise(message, reason, answers, origin),
    rule: reason.rule,
  };
}

function pageOrigin({ origin }: Message, usual: string | undefined): string {
  const told = origin !== undefined && explainOrigin(origin) === undefined ? origin : undefined;
  return told ?? usual ?? PLACEHOLDER_ORIGIN;
}

function fill(words: string, { names }: Message, origin: string): string {
  return words
    .replaceAll('{names}', names === undefined ? '' : names)
    .replaceAll('{origin}', origin)
    .replace(/ {2,}/g, ' ')
    .replace(/ ([,.])/g, '$1');
}

function play(message: Message, reason: Reason, candidate: Candidate, origin: string): Answer {
  const { endpoint, sureness, because } = candidate;
  const calls = callsFor(message, reason, candidate, origin);
  const played = calls.map((call) => ({ call, prediction: predictOne(endpoint, call) }));
  const agreeing = played.find(({ prediction }) => agrees(prediction, message, reason));
  const [usual] = played;
  const chosen = agreeing ?? usual;
  if (chosen === undefined) throw new Error('A call is always made');
  return { endpoint, sureness, because, ...chosen, ...compare(chosen, agreeing !== undefined, reason) };
}

/** The call as the message tells it, and where it does not tell all, others that it may have been. */
function callsFor(message: Message, reason: Reason, { endpoint, path, method }: Candidate, origin: string): Call[] {
  const url = parseUrl(message.url ?? '');
  const plain: Call = {
    origin,
    method,
    scheme: url?.protocol === 'http:' ? 'http' : 'https',
    ...(url === undefined ? {} : { host: url.host }),
    path,
    headers: headersFor(message, reason, endpoint),
    credentials: reason.withCredentials === true,
    ending: failed(message.status) && !message.isPreflight ? (message.status ?? 'success') : 'success',
  };
  if (message.isPreflight) {
    const preflighted = [...(endpoint.methods ?? USUAL_METHODS)].filter((each) => each !== plain.method);
    const headers = [
      ['Authorization', 'Bearer token'],
      ['Content-Type', 'application/json'],
    ] as const;
    return [plain, ...preflighted.map((each) => ({ ...plain, method: each })), { ...plain, headers: [...headers] }];
  }
  return [plain, ...ERRORS.map((ending) => ({ ...plain, ending }))];
}

/** Endings that are often forgotten. */
const ERRORS = [500, 404, 401];

function failed(status: number | undefined): boolean {
  return status !== undefined && status >= 400;
}

function headersFor({ names }: Message, reason: Reason, endpoint: Endpoint): Call['headers'] {
  const wanted = reason.id === 'header' && names !== undefined ? [names] : endpoint.requestHeaders;
  if (reason.steps.length > 0 && !reason.steps.some((step) => step.startsWith('preflight/'))) return [];
  return wanted.map((name) => [name, name.toLowerCase() === 'content-type' ? 'application/json' : '1'] as const);
}

function agrees({ verdict, step, preflight }: Prediction, message: Message, reason: Reason): boolean {
  if (verdict !== 'blocked') return false;
  if (message.isPreflight && preflight === undefined) return false;
  if (reason.steps.some((each) => each === step)) return true;
  // A route that is missing has neither header nor status: browsers name the header first, the model the status.
  return message.isPreflight && reason.id === 'no-allow-origin' && step === 'preflight/status';
}

function compare({ call, prediction }: { call: Call; prediction: Prediction }, isSame: boolean, reason: Reason) {
  const { verdict } = prediction;
  const what = sentence(prediction.reason);
  if (isSame) {
    const when = call.ending === 'success' ? '' : `When the request ends with ${call.ending}: `;
    return { agreement: 'agrees', says: `${when}${when === '' ? what : lower(what)}` } as const;
  }
  if (reason.steps.length === 0) return { agreement: 'unknown', says: 'The CORS set-up has no part in this.' } as const;
  if (verdict === 'unknown') {
    return { agreement: 'unknown', says: `This code alone does not tell: ${lower(what)}` } as const;
  }
  if (verdict === 'allowed') {
    const says =
      'The deployed server answers differently from this code, by which the browser lets the page read the answer: an older version may be running, or a proxy, gateway or CDN before it changes or gives the answer.';
    return { agreement: 'differs', says } as const;
  }
  return {
    agreement: 'differs',
    says: `The deployed server answers differently from this code, which a browser refuses for another reason: ${lower(what)}`,
  } as const;
}

function sentence(reason: string): string {
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`;
}

function lower(text: string): string {
  return /^[A-Z][a-z]+ /.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

function advise(message: Message, reason: Reason, answers: readonly Answer[], origin: string): string[] {
  const wanted = fill(reason.wanted, message, origin);
  if (answers.some(({ agreement }) => agreement === 'agrees')) return [];
  if (reason.steps.length === 0) return [wanted];
  if (answers.length > 0) return [`What the server has to do: ${wanted.charAt(0).toLowerCase()}${wanted.slice(1)}`];
  const url = parseUrl(message.url ?? '');
  if (url === undefined)
    return ['The message does not tell the address. Copy the whole of it from the console.', wanted];
  return [
    `Nothing in this workspace answers ${url.host}${url.pathname}. Look for what serves ${url.host}: the back end’s own repository, an nginx or gateway configuration, or the settings of a cloud service.`,
    wanted,
    `See what it sends now: curl -i -H 'Origin: ${origin}' '${url.href.replaceAll("'", '%27')}'`,
  ];
}
