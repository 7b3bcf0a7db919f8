import type { Request } from '../../../cors/http';
import type { FunctionValue, JsValue, Path, Reader } from '../../../javascript';
import { type Flow, given, opened, removeHeader, vary } from '../flow/flow';
import type { HandEnd, HandPart } from './app';
import { headOf, setsOf } from './byHand';
import { type KoaEffect, koaEffectOf } from './koaEffects';
import { type KoaNames, koaNames } from './koaNames';
import { policiesOn } from './web/policies';
import { apply, HAND_LAYER, under } from './web/put';

/** What a way through a middleware does, in the order in which it happens. */
interface HandWay {
  readonly path: Path;
  readonly effects: readonly KoaEffect[];
}

/**
 * A middleware of Koa that sets headers by hand: `ctx.set(…)`, `ctx.vary(…)` before or after `await next()`, and the
 * answers that it gives itself.
 * @returns null when it cannot be told what it does
 */
export function koaHand(reader: Reader, fn: FunctionValue): HandPart | null {
  const { params } = fn.function;
  if (
    fn.function.generator ||
    params.length === 0 ||
    params.length > 2 ||
    params.some(({ type }) => type !== 'Identifier')
  )
    return null;
  const names = koaNames(fn.function);
  const { paths, complete } = reader.paths(fn);
  if (!complete) return null;
  const ways = paths.map(
    (path): HandWay => ({ path, effects: path.steps.map((step) => koaEffectOf(reader, step, names)) }),
  );
  const effects = ways.flatMap((way) => way.effects);
  if (ways.some(({ path }) => path.uncertain !== null) || effects.some(({ kind }) => kind === 'opaque')) return null;
  if (ways.some((way) => way.effects.filter(({ kind }) => kind === 'next').length > 1)) return null;
  const catches = ways.some(({ path }) => path.catches !== null);
  const answering = ways.filter(({ path, effects: on }) => !path.error && path.end.kind !== 'throw' && !throws(on));
  return {
    kind: 'hand',
    place: headOf(fn),
    sets: setsOf(effects.flatMap(touchedBy)),
    catches,
    mayFail: ways.some(isFailing),
    policies: () =>
      policiesOn(
        reader,
        ways.map(({ path, effects: on }) => ({
          settings: on.flatMap((effect) => (isSetting(effect) ? effect.settings : [])),
          when: path.conditions,
        })),
        names,
      ),
    run: (request, flow) => answering.flatMap((way) => endsOf({ reader, names, request }, way, flow) ?? []),
  };
}

function throws(effects: readonly KoaEffect[]): boolean {
  return effects.some(({ kind }) => kind === 'throw');
}

/** Whether a way throws, or waits for anything but `next()`. */
function isFailing({ path, effects }: HandWay): boolean {
  if (path.end.kind === 'throw' || throws(effects)) return true;
  return path.steps.some(({ node }, i) => node.type === 'AwaitExpression' && effects[i - 1]?.kind !== 'next');
}

function isSetting(effect: KoaEffect): effect is Extract<KoaEffect, { settings: unknown }> {
  return effect.kind === 'set' || effect.kind === 'append';
}

function touchedBy(effect: KoaEffect): readonly string[] {
  if (isSetting(effect)) return effect.settings.map(({ name }) => name);
  return effect.kind === 'vary' ? ['Vary'] : effect.kind === 'remove' ? [''] : [];
}

interface Run {
  readonly reader: Reader;
  readonly names: KoaNames;
  readonly request: Request;
}

/** How the way ends; null when the request, or what is assumed already, rules it out. */
function endsOf(run: Run, { path, effects }: HandWay, start: Flow): HandEnd | null {
  const { reader, names, request } = run;
  const taken = under(reader, path.conditions, request, names);
  if (taken === null) return null;
  const on = given(start, taken.undecided);
  if (on === null) return null;
  const flow = taken.unsure === null ? on : opened(on, taken.unsure);
  const put = (list: readonly KoaEffect[], from: Flow) =>
    list.reduce((at, effect) => applied(run, taken.unsure, effect, at), from);
  const next = effects.findIndex(({ kind }) => kind === 'next');
  if (next >= 0) {
    const after = (behind: Flow) => put(effects.slice(next + 1), behind);
    // What it reads of the request it has to read now: answers are remembered by what was read.
    after(flow);
    return { kind: 'next', flow: put(effects.slice(0, next), flow), after };
  }
  const end = put(effects, flow);
  return { kind: 'answer', flow: end, status: statusOf(end) };
}

/** Koa answers 404 where neither a status nor a body was set (koa/lib/application.js). */
function statusOf({ status }: Flow): number | undefined {
  if (status === 'unknown') return undefined;
  return status ?? 404;
}

function applied({ reader, names, request }: Run, unsure: string | null, effect: KoaEffect, flow: Flow): Flow {
  switch (effect.kind) {
    case 'set':
    case 'append': {
      const put = { reader, names, request, unsure };
      const { kind } = effect;
      return effect.settings.reduce((on, setting) => sure(apply(put, kind, setting, on)), flow);
    }
    case 'remove':
      return removeHeader(flow, effect.name);
    case 'vary':
      return effect.fields.reduce((on, field) => varied(field, effect.place, on), flow);
    case 'status':
      return { ...flow, status: effect.status.kind === 'number' ? effect.status.value : 'unknown' };
    case 'body':
      return { ...flow, status: statusByBody(effect.body, flow) };
    default:
      return flow;
  }
}

/** Koa 2 makes text of `undefined`, and Koa 3 hands it to Node, which throws (`set` of koa/lib/response.js of each). */
function sure(flow: Flow): Flow {
  const hasNothing = flow.headers.some(({ value }) => value.kind === 'literal' && value.text === 'undefined');
  return hasNothing ? opened(flow, 'a header is set to undefined') : flow;
}

function varied(field: JsValue, place: HandPart['place'], flow: Flow): Flow {
  if (field.kind !== 'string') return flow;
  const value = { kind: 'literal', text: field.value, place: field.place } as const;
  return vary(flow, { name: 'Vary', value, place, layer: HAND_LAYER });
}

/** A body makes the status 200 unless one was set, and nothing for a body makes it 204 (koa/lib/response.js). */
function statusByBody(body: JsValue, { status }: Flow): Flow['status'] {
  switch (body.kind) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'object':
    case 'array':
    case 'template':
      return status ?? 200;
    default:
      return 'unknown';
  }
}
