import type { Header, Request } from '../../../../cors/http';
import type { Place } from '../../../../cors/place';
import type { Value } from '../../../../cors/value';
import { branchesOf, type Condition, type JsValue, type Reader } from '../../../../javascript';
import type { Setting } from '../../flow/effects';
import { appendHeader, type Flow, given, opened, removeHeader, START, setHeader } from '../../flow/flow';
import { toValue } from '../../request/headerValue';
import { mentionsOrigin } from '../../request/originNames';
import { holdsFor, requestValue } from '../../request/requestValue';
import { grounded, type WebNames } from './names';

/** Who sets what is set by hand. */
export const HAND_LAYER = 'the handler';

/** A way that is taken, or perhaps: why that is not known. */
export interface Taken {
  readonly flow: Flow;
  /** The tests that it stands under and that the request does not decide, those of the origin aside. */
  readonly undecided: readonly Condition[];
  readonly unsure: string | null;
}

/** The way under conditions that the request does not rule out; null when it does. */
export function under(
  reader: Reader,
  conditions: readonly Condition[],
  request: Request,
  names: WebNames,
): Taken | null {
  const undecided: Condition[] = [];
  for (const condition of conditions) {
    const of = grounded(condition.of, request, names);
    const holds = holdsFor(reader, [{ ...condition, of }], request, names);
    if (holds === false) return null;
    if (holds !== true) undecided.push(condition);
  }
  const about = undecided.find(({ of }) => mentionsOrigin(of, names));
  const others = about === undefined ? undecided : undecided.filter((one) => one !== about);
  const flow = given(START, others);
  if (flow === null || about === undefined) return flow && { flow, undecided: others, unsure: null };
  const unsure = `it depends on whether ${about.words}`;
  return { flow: opened(flow, unsure), undecided: others, unsure };
}

/** What headers are put with. */
export interface Putting {
  readonly reader: Reader;
  readonly request: Request;
  readonly names: WebNames;
  readonly unsure: string | null;
}

/** The flow with one header set, appended or deleted. */
export function apply(put: Putting, how: 'set' | 'append' | 'delete', setting: Setting, flow: Flow): Flow {
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
  const header: Header = { name, value: perhaps(read, put), place: wide(place, namePlace), layer: HAND_LAYER };
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
