import type { Browser, Exchange, Leg } from './browser';
import { needsPreflight } from './call';
import { frontEndOf, responsesOf, withCredentials } from './frontEnd';
import { get, linesOf } from './headerList';
import type { Header, Response, Withheld } from './http';
import { knownExchange } from './known';
import { ALLOW_CREDENTIALS, ALLOW_ORIGIN } from './names';
import { isPrivateHost, parseOrigin } from './origin';
import { type Place, placeKey } from './place';
import { type ResolvedHeader, textFor } from './resolve';
import { sampleOrigins } from './sample';
import type { Value } from './value';

/**
 * How what passes a request on and the application behind it stand in each other's way:
 * - `withheld`: the application lets the page in, its header is kept back, and none is sent in its place
 * - `replaced`: one is sent in its place, which lets other origins in than the application's
 * - `preflight-refused`: the preflight is answered in front, and refuses whom the application's response lets in
 * - `response-refused`: the preflight is answered in front, and passes whom the application's response refuses
 */
export type ConflictKind = 'withheld' | 'replaced' | 'preflight-refused' | 'response-refused';

export interface LayerConflict {
  readonly kind: ConflictKind;
  /** The header that the layers disagree on: `Access-Control-Allow-Origin` or `-Credentials`. */
  readonly name: string;
  /** A call that fails for it. */
  readonly exchange: Exchange;
  /** The line in front to change. */
  readonly place: Place;
  /** The header that is sent in front; undefined where the application's is only kept back. */
  readonly front: Header | undefined;
  /** The application's header; undefined where it sends none. */
  readonly behind: Header | undefined;
  /** Whether what stands in front means pages of other origins to get in, judged by the other headers that it sends. */
  readonly isMeant: boolean;
  /** The origins that the application's header names, where it names some. */
  readonly named: readonly string[];
}

/** More origins than this to try are a list that some of them stand for. */
const MOST_ORIGINS = 8;

/** The conflicts between an endpoint and the application that it passes requests on to; at most one for each line. */
export function layerConflicts(browser: Browser): readonly LayerConflict[] {
  const { behind, partial } = browser.endpoint;
  if (behind === undefined || partial !== undefined) return [];
  const front = frontEndOf(browser);
  // Whom the application refuses sees nothing of what is kept back.
  const named = behind.policies.flatMap(({ entries }) => entries.flatMap(sampleOrigins));
  const asking = [...new Set([front.origin, ...named])].slice(0, MOST_ORIGINS);
  const calls = asking.flatMap((origin) => front.calls.map((call) => ({ ...call, origin })));
  const sides = sidesOf(calls.flatMap((call) => browser.fetch(call)).flatMap(responsesOf));
  if (sides.isOneSided) return [];
  const candidates = [...new Set([...asking, ...sides.behind, ...sides.front])].slice(0, MOST_ORIGINS);
  const found = new Map<string, LayerConflict>();
  for (const origin of candidates) {
    for (const plain of front.calls) {
      const call = { ...plain, origin };
      for (const each of [call, withCredentials(call)]) {
        const exchange = knownExchange(browser.fetch(each), ({ verdict }) => verdict.result === 'blocked');
        const conflict = exchange && conflictIn(exchange, sides);
        if (conflict === undefined) continue;
        const key = `${conflict.kind}\0${placeKey(conflict.place)}`;
        if (!found.has(key)) found.set(key, conflict);
      }
    }
  }
  return [...found.values()];
}

/** Who says something of origins, and which ones each of the two names. */
interface Sides {
  readonly front: readonly string[];
  readonly behind: readonly string[];
  /** Only one of them says anything: nothing to disagree on. */
  readonly isOneSided: boolean;
}

function sidesOf(responses: readonly { readonly source: Response }[]): Sides {
  const passed = responses.flatMap(({ source }) => source.headers.filter((header) => isNamed(header, ALLOW_ORIGIN)));
  const kept = responses.flatMap(({ source }) => source.withheld ?? []);
  const hidden = kept.flatMap(({ header }) => (isNamed(header, ALLOW_ORIGIN) ? [header] : []));
  const own = passed.filter(({ isBehind }) => isBehind !== true);
  const others = [...passed.filter(({ isBehind }) => isBehind === true), ...hidden];
  const isWithheld = kept.some(({ header }) => CONTESTED.has(header.name.toLowerCase()));
  return {
    front: originsIn(own),
    behind: originsIn(others),
    isOneSided: !isWithheld && (own.length === 0 || others.length === 0),
  };
}

const CONTESTED = new Set([ALLOW_ORIGIN, ALLOW_CREDENTIALS]);

function originsIn(headers: readonly Header[]): string[] {
  return [...new Set(headers.flatMap(({ value }) => originsOf(value)))];
}

/** The origins that stand in a value, by themselves or in the checks that it rests on. */
function originsOf(value: Value): string[] {
  if (value.kind === 'literal') return parseOrigin(value.text) === undefined ? [] : [value.text];
  if (value.kind !== 'choice') return [];
  return value.options.flatMap(({ when, value: inner }) =>
    when.kind === 'origin-admitted' ? when.policy.entries.flatMap(sampleOrigins) : originsOf(inner),
  );
}

function conflictIn(exchange: Exchange, sides: Sides): LayerConflict | undefined {
  const { preflight, actual, verdict } = exchange;
  const leg = preflight?.verdict.result === 'blocked' ? preflight : actual;
  switch (verdict.step) {
    case 'cors-check/no-allow-origin':
    case 'cors-check/other-origin':
      return keptOrigin(exchange, leg, sides) ?? partedOrigins(exchange, sides);
    case 'cors-check/wildcard-with-credentials':
      // Together with the credentials in one answer it is told as that.
      return get(leg.response, ALLOW_CREDENTIALS).kind === 'absent' ? partedOrigins(exchange, sides) : undefined;
    case 'cors-check/credentials-not-allowed':
      return keptCredentials(exchange, leg, sides) ?? promisedCredentials(exchange, sides);
    default:
      return undefined;
  }
}

/** The application's own header would let the page in, and is not passed on. */
function keptOrigin(exchange: Exchange, leg: Leg, sides: Sides): LayerConflict | undefined {
  const { origin, credentials } = exchange.call;
  const kept = withheldIn(leg, ALLOW_ORIGIN);
  const text = kept && textFor(kept.header.value, leg.request);
  if (kept === undefined || !(text === origin || (text === '*' && !credentials))) return undefined;
  const instead = leg.response.source.headers.find((header) => isNamed(header, ALLOW_ORIGIN));
  const common = { name: kept.header.name, exchange, behind: kept.header, named: sides.behind };
  if (instead === undefined)
    return { ...common, kind: 'withheld', place: kept.by, front: undefined, isMeant: isMeant(exchange) };
  // Whoever works on the application alone has it let a machine of his own in.
  const isOwnMachine = isPrivateHost(parseOrigin(origin)?.host ?? 'localhost');
  return isOwnMachine || !sides.behind.includes(origin)
    ? undefined
    : { ...common, kind: 'replaced', place: placeIn(leg, instead), front: instead, isMeant: true };
}

/** One of the two answers the preflight, the other one the request, and they let different origins in. */
function partedOrigins(exchange: Exchange, sides: Sides): LayerConflict | undefined {
  const { preflight, actual, call } = exchange;
  const front = preflight && only(preflight.response.source, ALLOW_ORIGIN);
  const behind = only(actual.response.source, ALLOW_ORIGIN);
  if (!preflight || !front || !behind || front.isBehind === true || behind.isBehind !== true) return undefined;
  const common = { name: front.name, exchange, place: placeIn(preflight, front), front, behind, isMeant: true };
  if (preflight.verdict.result === 'blocked') {
    const isWanted = actual.verdict.result === 'allowed' && sides.behind.includes(call.origin);
    return isWanted ? { ...common, kind: 'preflight-refused', named: sides.behind } : undefined;
  }
  const isPromised = originsOf(front.value).includes(call.origin);
  return isPromised ? { ...common, kind: 'response-refused', named: sides.behind } : undefined;
}

function keptCredentials(exchange: Exchange, leg: Leg, sides: Sides): LayerConflict | undefined {
  const kept = withheldIn(leg, ALLOW_CREDENTIALS);
  if (kept === undefined || textFor(kept.header.value, leg.request) !== 'true') return undefined;
  return {
    kind: 'withheld',
    name: kept.header.name,
    exchange,
    place: kept.by,
    front: undefined,
    behind: kept.header,
    isMeant: leg.response.source.headers.some((header) => isNamed(header, ALLOW_ORIGIN) && header.isBehind !== true),
    named: sides.behind,
  };
}

/** The preflight that is answered in front allows credentials, and the application's response does not. */
function promisedCredentials(exchange: Exchange, sides: Sides): LayerConflict | undefined {
  const { preflight, actual } = exchange;
  const promise = preflight && linesOf(preflight.response, ALLOW_CREDENTIALS).find(({ text }) => text === 'true');
  const behind = only(actual.response.source, ALLOW_ORIGIN);
  if (!promise || promise.header.isBehind === true || behind?.isBehind !== true) return undefined;
  if (get(actual.response, ALLOW_CREDENTIALS).kind !== 'absent') return undefined;
  return {
    kind: 'response-refused',
    name: promise.name,
    exchange,
    place: promise.header.place,
    front: promise.header,
    behind,
    isMeant: true,
    named: sides.behind,
  };
}

/** Whether one of the answers shows, by a header that is sent in front or by letting the page in, that it is meant. */
function isMeant({ call, preflight, actual }: Exchange): boolean {
  const isSent = ({ source }: { readonly source: Response }): boolean =>
    source.headers.some(({ name, isBehind }) => isBehind !== true && /^access-control-/i.test(name));
  const answers = preflight ? [preflight, actual] : [actual];
  return (
    answers.some(({ response }) => isSent(response)) ||
    (needsPreflight(call) && preflight?.verdict.result === 'allowed')
  );
}

function withheldIn({ response }: Leg, name: string): Withheld | undefined {
  return response.source.withheld?.find(({ header }) => isNamed(header, name));
}

function only({ headers }: Response, name: string): Header | undefined {
  const [first, ...others] = headers.filter((header) => isNamed(header, name));
  return others.length === 0 ? first : undefined;
}

/** Where the value that this request gets is written; the whole line where it gets none. */
function placeIn({ response }: Leg, header: Header): Place {
  const sent = response.headers.find((each: ResolvedHeader) => each.header === header);
  return sent?.valuePlace ?? header.place;
}

function isNamed(header: Pick<Header, 'name'>, name: string): boolean {
  return header.name.toLowerCase() === name;
}
