import type { Request } from '../../../cors/http';
import type { Condition, FunctionValue, Path, Reader } from '../../../javascript';
import type { Setting } from '../flow/effects';
import { mayEnd } from '../flow/fitting';
import { type Flow, given, opened, removeHeader } from '../flow/flow';
import type { HandEnd, HandPart } from './app';
import { headOf, setsOf } from './byHand';
import { answersOf, type HonoAnswer, isIdle } from './honoAnswers';
import { type HonoEffect, honoEffectsOf } from './honoEffects';
import { type HonoNames, honoNames } from './honoNames';
import { policiesOn } from './web/policies';
import { apply, HAND_LAYER, under } from './web/put';

/** What `c.header(…)` has set, which only responses that the context makes have. */
export const PREPARED_LAYER = 'c.header';

/** What holds for all functions of an app. */
export interface HonoState {
  /** Whether anything may make the context's own response: `cors()`, `c.res.headers.set(…)`, what is not read. */
  touchesResponse: boolean;
  /** What an error makes of the headers that were set before it. */
  failing(flow: Flow, request: Request): Flow;
  /** Whether the app answers errors with the status that they ask for. */
  keepsStatus(): boolean;
}

interface HonoWay {
  readonly path: Path;
  readonly effects: readonly HonoEffect[];
  readonly answer: HonoAnswer;
  readonly when: readonly Condition[];
}

/** A function of Hono that is followed. */
export interface HonoFunction {
  readonly reader: Reader;
  readonly fn: FunctionValue;
  readonly names: HonoNames;
  readonly ways: readonly HonoWay[];
  readonly touchesResponse: boolean;
  /** The names of the headers that it touches. */
  readonly touched: readonly string[];
}

/**
 * A function that is given a context of Hono, with everything that it does to headers.
 * @param context which of its parameters the context is
 * @returns null when it cannot be told what it does
 */
export function honoFunction(reader: Reader, fn: FunctionValue, context = 0): HonoFunction | null {
  const { params, generator } = fn.function;
  if (generator || params.length <= context || params.some(({ type }) => type !== 'Identifier')) return null;
  const names = honoNames(fn.function, context);
  const { paths, complete } = reader.paths(fn, { skip: (one) => isIdle(fn, one.range) });
  if (!complete || paths.some(({ uncertain }) => uncertain !== null)) return null;
  const ways = paths.flatMap((path): readonly HonoWay[] => {
    const effects = path.steps.flatMap((step) => honoEffectsOf(reader, step, names));
    return answersOf(reader, path, names).map((one) => ({ path, effects, ...one }));
  });
  const effects = ways.flatMap((way) => way.effects);
  if (effects.some(({ kind }) => kind === 'opaque')) return null;
  if (ways.some((way) => way.effects.filter(({ kind }) => kind === 'next').length > 1)) return null;
  const touched = ways.flatMap(({ effects: on, answer }) => [
    ...on.flatMap((effect) => nameOf(effect) ?? []),
    ...('headers' in answer ? answer.headers.map(({ name }) => name) : []),
  ]);
  const touchesResponse = effects.some((effect) => 'by' in effect && effect.by === 'response');
  return { reader, fn, names, ways, touchesResponse, touched };
}

function nameOf(effect: HonoEffect): string | null {
  if (effect.kind === 'delete') return effect.name;
  return 'setting' in effect ? effect.setting.name : null;
}

/** A middleware of Hono that sets headers by hand or answers by itself; null when it cannot be told what it does. */
export function honoHand(reader: Reader, value: FunctionValue, state: HonoState): HandPart | null {
  const read = honoFunction(reader, value);
  if (read === null) return null;
  const ways = read.ways.filter(({ path }) => !path.error || path.end.kind === 'throw');
  // Without an answer and without `next()` the app fails, and what is not read may be anything.
  if (ways.some((way) => !goesOn(way) && (way.answer.kind === 'nothing' || way.answer.kind === 'unknown'))) return null;
  if (read.touchesResponse) state.touchesResponse = true;
  const taken = { ...read, ways };
  return {
    kind: 'hand',
    place: headOf(value),
    sets: setsOf(read.touched),
    catches: false,
    mayFail: false,
    policies: () => policiesBy(taken),
    run: (request, flow) => endsOf(taken, state, request, flow),
  };
}

function policiesBy({ reader, ways, names }: HonoFunction): ReturnType<HandPart['policies']> {
  const all = ways.map(({ effects, answer, when }) => ({
    settings: [
      ...effects.flatMap((effect): readonly Setting[] => ('setting' in effect ? [effect.setting] : [])),
      ...('headers' in answer ? answer.headers : []),
    ],
    when,
  }));
  return policiesOn(reader, all, names);
}

function goesOn({ effects }: HonoWay): boolean {
  return effects.some(({ kind }) => kind === 'next');
}

/**
 * The ends that the request does not rule out, those alone that fit the way that it is to end, if there are any.
 * @param isAfter set for a handler of errors, which fails on purpose, behind another function
 */
export function endsOf(
  read: HonoFunction,
  state: HonoState,
  request: Request,
  start: Flow,
  isAfter = false,
): readonly HandEnd[] {
  const ends = read.ways.flatMap((way) => endOf(read, state, request, way, start) ?? []);
  if (isAfter) return ends;
  const ending = request.method === 'OPTIONS' ? 'success' : request.ending;
  const fits = ends.filter((end) => end.kind === 'next' || mayEnd(end.status, ending));
  if (fits.length > 0 || ends.length === 0) return ending === 'success' ? fits : fits.map((end) => failed(end, ending));
  if (ending === 'success') return ends;
  // It fails, and it is not known which of the headers have been set by then.
  const touched = read.touched.reduce(removeHeader, start);
  const flow = setsOf(read.touched) === 'nothing' ? start : opened(touched, 'where it fails is not known');
  return [{ kind: 'answer', flow: state.failing(flow, request), status: ending }];
}

/** What may end with a status that is not known has it when the request is to end so. */
function failed(end: HandEnd, status: number): HandEnd {
  if (end.kind === 'next' || end.status !== undefined) return end;
  return { ...end, flow: opened(end.flow, 'it is not known how it fails'), status };
}

/** How the way ends; null when the request, or what is assumed already, rules it out. */
function endOf(
  read: HonoFunction,
  state: HonoState,
  request: Request,
  { effects, answer, when }: HonoWay,
  start: Flow,
): HandEnd | null {
  const { reader, names } = read;
  const taken = under(reader, when, request, names);
  const on = taken && given(start, taken.undecided);
  if (taken === null || on === null) return null;
  const run: Run = { read, state, request, unsure: taken.unsure };
  const flow = taken.unsure === null ? on : opened(on, taken.unsure);
  const next = effects.findIndex(({ kind }) => kind === 'next');
  if (next >= 0) {
    // A status comes too late once something has answered.
    const late = effects.slice(next + 1).filter(({ kind }) => kind !== 'status');
    const after = (behind: Flow) => put(run, late, behind);
    // What it reads of the request it has to read now: answers are remembered by what was read.
    after(flow);
    return { kind: 'next', flow: put(run, effects.slice(0, next), flow), after };
  }
  const set = put(run, effects, flow);
  if (answer.kind === 'thrown') {
    const failed = state.failing(set, { ...request, ending: answer.status ?? 500 });
    return { kind: 'answer', flow: failed, status: state.keepsStatus() ? (answer.status ?? undefined) : undefined };
  }
  if (!('headers' in answer)) return null;
  return { kind: 'answer', flow: answeredWith(run, answer, set, start), status: statusOf(answer, set) };
}

interface Run {
  readonly read: HonoFunction;
  readonly state: HonoState;
  readonly request: Request;
  readonly unsure: string | null;
}

type Made = Extract<HonoAnswer, { headers: unknown }>;

function statusOf({ kind, status, otherwise }: Made, flow: Flow): number | undefined {
  if (status?.kind === 'number') return status.value;
  if (status !== null && status.kind !== 'undefined') return undefined;
  if (kind === 'by-itself' || flow.status === null || otherwise !== 200) return otherwise;
  return flow.status === 'unknown' ? undefined : flow.status;
}

/**
 * The headers of an answer. What the context makes has those that were set before, and its own in their place. Where
 * the context had a response of its own by then, that one's headers are put over those of any answer, unless the
 * function is the only one that is called (`set res` of hono/context.js, `#dispatch` of hono/hono-base.js).
 */
function answeredWith(run: Run, answer: Made, flow: Flow, start: Flow): Flow {
  const { state } = run;
  const own = (from: Flow, list: readonly Setting[]) => {
    const made = list.reduce((on, setting) => setBy(run, 'set', setting, 'response', on), from);
    return answer.open === null ? made : opened(made, answer.open);
  };
  const names = new Set(flow.headers.map(({ name }) => name.toLowerCase()));
  const hasResponse = flow.headers.some(({ layer }) => layer !== PREPARED_LAYER);
  const isNew = answer.headers.filter(({ name }) => !names.has(name.toLowerCase()));
  const isFirst = start.headers.length === 0;
  const conflicts = isNew.length < answer.headers.length;
  const isAll = answer.kind === 'by-context' ? !conflicts : names.size === 0;
  if (isAll) return own(flow, answer.headers);
  const without = answer.kind === 'by-context' ? flow : { ...flow, headers: [] };
  if (hasResponse) return isFirst ? opened(own(without, isNew), ALONE) : own(flow, isNew);
  return state.touchesResponse ? opened(own(without, isNew), PREPARED) : own(without, answer.headers);
}

const ALONE = 'it depends on whether the handler is the only function that is called';
const PREPARED = 'it depends on whether the context has a response already';

function put(run: Run, effects: readonly HonoEffect[], start: Flow): Flow {
  return effects.reduce((flow, effect) => applied(run, effect, flow), start);
}

function applied(run: Run, effect: HonoEffect, flow: Flow): Flow {
  switch (effect.kind) {
    case 'set':
    case 'append':
      return setBy(run, effect.kind, effect.setting, effect.by, flow);
    case 'delete':
      return removeHeader(flow, effect.name);
    case 'status':
      return { ...flow, status: effect.status.kind === 'number' ? effect.status.value : 'unknown' };
    default:
      return flow;
  }
}

function setBy(
  { read: { reader, names }, request, unsure }: Run,
  how: 'set' | 'append',
  setting: Setting,
  by: 'context' | 'response',
  flow: Flow,
): Flow {
  const set = apply({ reader, names, request, unsure }, how, setting, flow);
  const isNothing = set.headers.some(({ value }) => value.kind === 'literal' && value.text === 'undefined');
  // `c.header(name, undefined)` removes the header, and `Headers` makes text of it.
  if (isNothing)
    return by === 'context' ? removeHeader(flow, setting.name) : opened(set, 'a header is set to undefined');
  if (by === 'response') return set;
  const headers = set.headers.map((header) =>
    header.layer === HAND_LAYER && !flow.headers.includes(header) ? { ...header, layer: PREPARED_LAYER } : header,
  );
  return { ...set, headers };
}
