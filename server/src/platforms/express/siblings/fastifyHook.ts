import type { Request } from '../../../cors/http';
import type { FunctionValue, Path, Reader } from '../../../javascript';
import type { Setting } from '../flow/effects';
import { mayEnd } from '../flow/fitting';
import { type Flow, given, opened, removeHeader } from '../flow/flow';
import type { HandEnd, HandPart } from './app';
import { headOf, setsOf } from './byHand';
import { type FastifyEffect, fastifyEffectsOf } from './fastifyEffects';
import { type FastifyNames, fastifyNames } from './fastifyNames';
import { policiesOn } from './web/policies';
import { apply, HAND_LAYER, type Putting, under } from './web/put';

/** When hooks run, in this order; `onSend` when everything else is done, whatever has answered. */
export const PHASES = ['onRequest', 'preParsing', 'preValidation', 'preHandler', 'onSend'] as const;
export type Phase = (typeof PHASES)[number];

const WITH_PAYLOAD: readonly Phase[] = ['preParsing', 'onSend'];
const RAW_LAYER = 'reply.raw';

interface HookWay {
  readonly path: Path;
  readonly effects: readonly FastifyEffect[];
  readonly end: 'next' | 'answer' | 'fails';
}

interface Hook {
  readonly reader: Reader;
  readonly names: FastifyNames;
  readonly ways: readonly HookWay[];
}

/**
 * A hook of Fastify that sets headers by hand or answers.
 * @returns null when it cannot be told what it does
 */
export function fastifyHook(reader: Reader, fn: FunctionValue, phase: Phase): HandPart | null {
  const { params, generator, async: isAsync } = fn.function;
  const done = WITH_PAYLOAD.includes(phase) ? 3 : 2;
  if (generator || params.length < 2 || params.some(({ type }) => type !== 'Identifier')) return null;
  // With what goes on among its parameters a function of Fastify may not be async.
  if (isAsync ? params.length > done : params.length !== done + 1) return null;
  const names = fastifyNames(fn.function, done);
  const { paths, complete } = reader.paths(fn);
  if (!complete || paths.some(({ uncertain }) => uncertain !== null)) return null;
  const ways: HookWay[] = [];
  for (const path of paths) {
    const effects = path.steps.flatMap((step) => fastifyEffectsOf(reader, step, names));
    const end = endOf(path, effects, isAsync);
    if (end === null || effects.some(({ kind }) => kind === 'opaque')) return null;
    // What goes wrong inside of a `try` is not told apart.
    if (!path.error || end === 'fails') ways.push({ path, effects, end });
  }
  const touched = ways.flatMap(({ effects }) => effects.flatMap(namesOf));
  if (phase === 'onSend' && ways.some(({ end }) => end !== 'next')) return null;
  const hook: Hook = { reader, names, ways };
  return {
    kind: 'hand',
    place: headOf(fn),
    sets: setsOf(touched),
    catches: false,
    mayFail: false,
    policies: () => policiesBy(hook),
    run: phase === 'onSend' ? (request, flow) => atSending(hook, request, flow) : inPhase(hook, phase, touched),
  };
}

/** How a way through a hook ends; null where it never goes on, or nobody can tell. */
function endOf({ end }: Path, effects: readonly FastifyEffect[], isAsync: boolean): HookWay['end'] | null {
  if (end.kind === 'throw') return 'fails';
  const dones = effects.flatMap((effect) => (effect.kind === 'done' ? [effect] : []));
  const sends = effects.filter(({ kind }) => kind === 'send').length;
  if (sends + dones.length > 1) return null;
  // Whatever is set once it has answered comes too late.
  const last = effects.at(-1);
  if (sends === 1) return last?.kind === 'send' ? 'answer' : null;
  if (isAsync) return 'next';
  return dones[0] === undefined ? null : dones[0].fails ? 'fails' : 'next';
}

function namesOf(effect: FastifyEffect): readonly string[] {
  if ('settings' in effect) return effect.settings.map(({ name }) => name);
  if ('setting' in effect) return [effect.setting.name];
  return 'name' in effect ? [effect.name] : [];
}

function policiesBy({ reader, names, ways }: Hook): ReturnType<HandPart['policies']> {
  const all = ways.map(({ effects, path }) => ({
    settings: effects.flatMap((effect): readonly Setting[] => {
      if ('settings' in effect) return effect.settings;
      return 'setting' in effect ? [effect.setting] : [];
    }),
    when: path.conditions,
  }));
  return policiesOn(reader, all, names);
}

function inPhase(hook: Hook, phase: Phase, touched: readonly string[]): HandPart['run'] {
  return (request, flow) => {
    const isRefused = request.ending !== 'success' && request.ending < 500 && request.method !== 'OPTIONS';
    // Bodies are read and checked between the hooks: who is refused there has none of what later ones set.
    if (isRefused && phase !== 'onRequest' && setsOf(touched) !== 'nothing') {
      const without = opened(touched.reduce(removeHeader, flow), 'it depends on where the request fails');
      return [{ kind: 'next', flow: without, after: (behind) => behind }];
    }
    return fitting(
      hook.ways.flatMap((way) => runWay(hook, request, way, flow) ?? []),
      request,
    );
  };
}

/** The ends that fit the way that the request is to end, or all of them when none does. */
function fitting(ends: readonly HandEnd[], { ending, method }: Request): readonly HandEnd[] {
  const wanted = method === 'OPTIONS' ? 'success' : ending;
  const fits = ends.filter((end) => end.kind === 'next' || mayEnd(end.status, wanted));
  return fits.length > 0 ? fits : ends;
}

function runWay({ reader, names }: Hook, request: Request, way: HookWay, start: Flow): HandEnd | null {
  const taken = under(reader, way.path.conditions, request, names);
  const on = taken && given(start, taken.undecided);
  if (taken === null || on === null) return null;
  const flow = put({ reader, names, request, unsure: taken.unsure }, way.effects, on, taken.unsure);
  if (way.end === 'next') return { kind: 'next', flow, after: (behind) => behind };
  if (way.end === 'answer') return { kind: 'answer', flow, status: statusOf(flow) };
  return { kind: 'answer', flow: opened(flow, 'what answers its error is not read'), status: undefined };
}

function statusOf({ status }: Flow): number | undefined {
  return status === 'unknown' ? undefined : (status ?? 200);
}

/** `onSend`: from what the answer has, on whichever way the request takes. */
function atSending(hook: Hook, request: Request, flow: Flow): readonly HandEnd[] {
  const { reader, names } = hook;
  return hook.ways.flatMap((way): readonly HandEnd[] => {
    const taken = under(reader, way.path.conditions, request, names);
    const on = taken && given(flow, taken.undecided);
    if (taken === null || on === null) return [];
    const putting = { reader, names, request, unsure: taken.unsure };
    const after = (behind: Flow) => put(putting, way.effects, behind, taken.unsure);
    // What it reads of the request it has to read now: answers are remembered by what was read.
    after(on);
    return [{ kind: 'next', flow: on, after }];
  });
}

function put(putting: Putting, effects: readonly FastifyEffect[], start: Flow, unsure: string | null) {
  const flow = unsure === null ? start : opened(start, unsure);
  return effects.reduce((on, effect) => applied(putting, effect, on), flow);
}

function applied(putting: Putting, effect: FastifyEffect, flow: Flow): Flow {
  const has = (name: string, isRaw: boolean) =>
    flow.headers.some((one) => one.name.toLowerCase() === name.toLowerCase() && (one.layer === RAW_LAYER) === isRaw);
  switch (effect.kind) {
    case 'set':
      return effect.settings.reduce((on, setting) => byReply(putting, setting, on), flow);
    case 'set-raw': {
      if (has(effect.setting.name, false)) return flow;
      // An empty line of the reply's, of a header that the request does not have, would go over it too.
      if (isPerhapsEmpty(effect.setting.name, putting.request))
        return opened(removeHeader(flow, effect.setting.name), 'the reply may have an empty header of that name');
      const set = apply(putting, 'set', effect.setting, flow);
      const headers = set.headers.map((one) =>
        one.layer === HAND_LAYER && !flow.headers.includes(one) ? { ...one, layer: RAW_LAYER } : one,
      );
      // Node throws.
      return isUndefined(set, effect.setting) ? opened(flow, 'a header is set to undefined') : { ...set, headers };
    }
    case 'remove':
      return removeHeader(flow, effect.name);
    case 'remove-raw':
      return has(effect.name, true) ? removeHeader(flow, effect.name) : flow;
    case 'status':
      return { ...flow, status: effect.status.kind === 'number' ? effect.status.value : 'unknown' };
    default:
      return flow;
  }
}

function isPerhapsEmpty(name: string, { origin, headers }: Request): boolean {
  const lower = name.toLowerCase();
  if (lower === 'access-control-allow-headers') return !headers.has('access-control-request-headers');
  return lower.startsWith('access-control-') && origin === undefined;
}

/** `reply.header(name, undefined)` sends an empty line, which says what none says. */
function byReply(putting: Putting, setting: Setting, flow: Flow): Flow {
  const set = apply(putting, 'set', setting, flow);
  return isUndefined(set, setting) ? removeHeader(flow, setting.name) : set;
}

function isUndefined({ headers }: Flow, setting: Setting): boolean {
  return headers.some(
    ({ name, value }) => name === setting.name && value.kind === 'literal' && value.text === 'undefined',
  );
}
