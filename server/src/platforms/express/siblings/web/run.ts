import type { Ending, Header, Request } from '../../../../cors/http';
import { ALLOW_ORIGIN } from '../../../../cors/names';
import type { Place } from '../../../../cors/place';
import type { OriginEntry, OriginPolicy } from '../../../../cors/policy';
import type { Value } from '../../../../cors/value';
import {
  branchesOf,
  type Condition,
  type FunctionValue,
  type JsValue,
  type Reader,
  snippet,
} from '../../../../javascript';
import type { Setting } from '../../effects';
import { appendHeader, type Flow, given, opened, removeHeader, START, setHeader } from '../../flow';
import { toValue } from '../../headerValue';
import { conditionalEntries } from '../../originCallback';
import { mentionsOrigin } from '../../originNames';
import { holdsFor, requestValue } from '../../requestValue';
import { grounded, type WebNames, webNames } from './names';
import { type WebWay, waysThrough } from './ways';

/** How a function from a `Request` to a `Response` ends for one request. */
export interface WebEnd {
  /** `next`: the request goes on; `nothing`: nothing is returned. */
  readonly kind: 'response' | 'redirect' | 'next' | 'nothing' | 'error' | 'unknown';
  readonly status: number | undefined;
  /** The headers of the response alone. */
  readonly flow: Flow;
  readonly place: Place;
}

/** The ends that the request does not rule out. */
export function runWeb(reader: Reader, fn: FunctionValue, request: Request): readonly WebEnd[] {
  const names = webNames(fn.function);
  return waysThrough(reader, fn).flatMap((way): readonly WebEnd[] => {
    const taken = under(reader, way.when, request, names);
    if (taken === null) return [];
    const { response } = way;
    const start = way.open === null ? taken.flow : opened(taken.flow, way.open);
    const put: Putting = { reader, request, names, unsure: taken.unsure };
    if (!('headers' in response)) {
      const kind = way.ended !== null && way.ended < 400 ? 'redirect' : 'error';
      return [{ kind, status: way.ended ?? 500, flow: start, place: way.place }];
    }
    const made = response.headers.reduce((on, setting) => apply(put, 'set', setting, on), start);
    const changed = way.changes.reduce(
      (on, { how, setting }) => (how === 'opaque' ? on : apply(put, how, setting, on)),
      made,
    );
    return [{ kind: response.kind, status: statusOf(way), flow: changed, place: way.place }];
  });
}

function statusOf({ response }: WebWay): number | undefined {
  if (!('headers' in response)) return undefined;
  const { status, kind, value } = response;
  if (kind === 'unknown') return undefined;
  if (status?.kind === 'number') return status.value;
  if (status !== null && status.kind !== 'undefined') return undefined;
  if (kind !== 'redirect') return 200;
  // NextResponse.redirect (next/dist/server/web/spec-extension/response.js), Response.redirect of the Fetch standard.
  const maker = value.kind === 'call' && value.callee.kind === 'member' ? value.callee.object : null;
  return maker?.kind === 'import' && maker.exported === 'NextResponse' ? 307 : 302;
}

/** Which ends fit the way that the request is to end. */
export function fittingEnds(ends: readonly WebEnd[], ending: Ending): readonly WebEnd[] {
  const fits = ends.filter(({ status }) => {
    if (status === undefined) return true;
    return ending === 'success' ? status < 400 : status === ending;
  });
  return fits.length > 0 ? fits : ends;
}

/** A way that is taken, or perhaps: why that is not known. */
interface Taken {
  readonly flow: Flow;
  readonly unsure: string | null;
}

/** The way under conditions that the request does not rule out; null when it does. */
function under(reader: Reader, conditions: readonly Condition[], request: Request, names: WebNames): Taken | null {
  const undecided: Condition[] = [];
  for (const condition of conditions) {
    const of = grounded(condition.of, request, names);
    const holds = holdsFor(reader, [{ ...condition, of }], request, names);
    if (holds === false) return null;
    if (holds !== true) undecided.push(condition);
  }
  const about = undecided.find(({ of }) => mentionsOrigin(of, names));
  const flow = given(START, about === undefined ? undecided : undecided.filter((one) => one !== about));
  if (flow === null || about === undefined) return flow && { flow, unsure: null };
  const unsure = `it depends on whether ${about.words}`;
  return { flow: opened(flow, unsure), unsure };
}

/** What headers are put with. */
interface Putting {
  readonly reader: Reader;
  readonly request: Request;
  readonly names: WebNames;
  readonly unsure: string | null;
}

function apply(put: Putting, how: 'set' | 'append' | 'delete', setting: Setting, flow: Flow): Flow {
  const { reader, request, names } = put;
  const { name, place, namePlace } = setting;
  if (how === 'delete') return removeHeader(flow, name);
  const branches = branchesOf(setting.value).flatMap((branch) => {
    const taken = under(reader, branch.when, request, names);
    return taken === null ? [] : [{ branch, isSure: taken.flow === START }];
  });
  const [only] = branches;
  const value = branches.length === 1 && only?.isSure ? only.branch.value : setting.value;
  const read = headerText(reader, value, request, names);
  // An empty line says what none says.
  if (read.kind === 'literal' && read.text === '') return how === 'set' ? removeHeader(flow, name) : flow;
  const header: Header = { name, value: perhaps(read, put), place: wide(place, namePlace), layer: 'the handler' };
  return (how === 'set' ? setHeader : appendHeader)(flow, header);
}

function wide(place: Place, namePlace: Place): Place {
  return place.start <= namePlace.start ? place : { ...place, start: namePlace.start };
}

/** What is set on a way that is perhaps not taken may be absent. */
function perhaps(value: Value, { unsure }: Putting): Value {
  if (unsure === null) return value;
  return { kind: 'choice', options: [{ when: { kind: 'unknown', reason: unsure }, value }], place: value.place };
}

/** A header's value for this request. `Headers` makes text of whatever it is given: of null, `null`. */
function headerText(reader: Reader, value: JsValue, request: Request, names: WebNames): Value {
  const { place } = value;
  const read = toValue(value, names);
  if (read.kind === 'absent') return { kind: 'literal', text: 'undefined', place };
  if (read.kind === 'request-origin' && request.origin !== undefined) return read;
  const isOpen = read.kind === 'unknown' || read.kind === 'request-header' || read.kind === 'request-origin';
  if (!isOpen) return read;
  const outcome = requestValue(reader, grounded(value, request, names), request, names);
  if (outcome === null || outcome === 'throws')
    return { kind: 'unknown', reason: 'it is not known before it runs', place };
  if (outcome.is === null || outcome.is === undefined) return { kind: 'literal', text: String(outcome.is), place };
  if (typeof outcome.is !== 'string') return { kind: 'unknown', reason: 'it is not known before it runs', place };
  return outcome.is === request.origin
    ? { kind: 'request-origin', place }
    : { kind: 'literal', text: outcome.is, place };
}

/** The origin checks that the function makes: under which tests it sends the request's origin back. */
export function webPolicies(reader: Reader, fn: FunctionValue): readonly OriginPolicy[] {
  const names = webNames(fn.function);
  const admissions = waysThrough(reader, fn).flatMap(({ response, changes, when }) => {
    const settings = [
      ...('headers' in response ? response.headers : []),
      ...changes.flatMap(({ how, setting }) => (how === 'set' || how === 'append' ? [setting] : [])),
    ];
    return settings
      .filter(({ name }) => name.toLowerCase() === ALLOW_ORIGIN)
      .flatMap(({ value }) => admissionsBy(value, when, names));
  });
  const entries = admissions.flatMap((admission) => conditionalEntries(admission, admissions, { reader, ...names }));
  const [first] = entries;
  return first === undefined ? [] : [{ place: first.place, entries: distinct(entries) }];
}

function admissionsBy(value: JsValue, when: readonly Condition[], names: WebNames) {
  return branchesOf(value).flatMap((branch) => {
    if (!mentionsOrigin(branch.value, names)) return [];
    const { place } = branch.value;
    const entry: OriginEntry = names.isOrigin(branch.value)
      ? { kind: 'any', how: snippet(branch.value), place }
      : { kind: 'unknown', reason: `${snippet(branch.value)} is not known before it runs`, place };
    const about = [...when, ...branch.when].filter(({ of }) => mentionsOrigin(of, names));
    return [{ conditions: about, entries: [entry] }];
  });
}

function distinct(entries: readonly OriginEntry[]): readonly OriginEntry[] {
  const kept = new Map(
    entries.map((entry) => [
      `${entry.kind}:${entry.place.start}:${'test' in entry ? JSON.stringify(entry.test) : ''}`,
      entry,
    ]),
  );
  return [...kept.values()];
}
