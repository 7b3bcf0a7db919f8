import type { Request } from '../../../cors/http';
import { type Condition, condition, type Reader } from '../../../javascript';
import { runCors } from '../cors/corsPackage';
import { type Flow, opened, START, type Step } from '../flow/flow';
import { assumed } from '../request/headerValue';
import type { CorsPart, HandPart, Part, RoutePart } from './app';
import type { Way } from './handled';
import { HAND_LAYER } from './web/put';

/** Where a request has got to behind the parts of an app. */
export interface Passed {
  readonly answered: readonly Exclude<Step, { kind: 'next' }>[];
  readonly active: readonly Way[];
}

/** A part with whether it has to do with the request. */
export interface Applying {
  readonly part: Exclude<Part, RoutePart>;
  readonly covers: boolean | undefined;
}

const UNCOVERED = 'it is not known whether headers are set here';

/** What comes of a request behind all the parts. */
export function passParts(reader: Reader, parts: readonly Applying[], request: Request): Passed {
  const answered: Exclude<Step, { kind: 'next' }>[] = [];
  let active: readonly Way[] = [{ flow: START, drops: null, hands: [], after: [] }];
  for (const { part, covers } of parts) {
    if (covers === false) continue;
    if (part.kind === 'opaque') {
      active = active.map((way) => ({
        ...way,
        flow: opened(part.overrides ? { ...way.flow, headers: [] } : way.flow, part.reason),
      }));
      continue;
    }
    if (part.kind === 'hand') {
      if (covers === undefined) {
        active = active.map((way) => ({ ...way, flow: opened({ ...way.flow, headers: [] }, UNCOVERED) }));
        continue;
      }
      const ends = active.flatMap((way) => endsOf(part, way, request));
      answered.push(...ends.flatMap((end) => ('step' in end ? [end.step] : [])));
      active = ends.flatMap((end) => ('step' in end ? [] : [end]));
      continue;
    }
    active = active.flatMap((way): Way[] => {
      if (covers === undefined || part.guard === null)
        return [{ ...way, flow: opened(way.flow, 'it is not known whether CORS is set up here') }];
      const inside = under(way.flow, part.guard);
      const outside = outsideOf(way, part);
      const next: Way[] = outside === null ? [] : [outside];
      for (const step of inside === null ? [] : runCors(reader, part.source, request, inside)) {
        if (step.kind === 'next') next.push({ ...way, flow: step.flow, drops: way.drops ?? part.dropsOnThrow });
        else answered.push({ ...step, flow: behind(step.flow, way) });
      }
      return next;
    });
  }
  return { answered, active };
}

/**
 * What comes of a way in a middleware that sets headers by hand. Where the request is to fail, what would answer it
 * fails instead.
 */
function endsOf(
  part: HandPart,
  way: Way,
  request: Request,
): readonly (Way | { readonly step: Exclude<Step, { kind: 'next' }> })[] {
  const hands = [...way.hands, part];
  return part.run(request, way.flow).map((end) => {
    if (end.kind === 'next') return { ...way, hands, flow: end.flow, after: [...way.after, end.after] };
    const isToFail = request.ending !== 'success' && request.method !== 'OPTIONS' && end.status !== request.ending;
    if (isToFail) {
      const flow = opened(end.flow, 'where it fails is not known');
      if (request.ending !== 500 || !part.mayFail || !isAllByHand(hands, way.flow)) return { ...way, hands, flow };
      return { step: { kind: 'error', flow: { ...end.flow, headers: [] }, status: 500, isThrown: true } };
    }
    const by = { kind: 'handler', what: part.isHandler ? 'the handler' : 'the middleware', place: part.place } as const;
    const flow = behind(end.flow, way);
    return { step: { kind: 'answer', flow, by, status: flow.status === 'unknown' ? undefined : end.status } };
  });
}

/** Whether nothing on the way can keep headers for an error: what is thrown then goes without (`onerror` of koa/lib/context.js). */
function isAllByHand(hands: readonly HandPart[], { open, headers }: Flow): boolean {
  return open === null && !hands.some(({ catches }) => catches) && headers.every(({ layer }) => layer === HAND_LAYER);
}

/** The flow once everything has come back through the middleware ahead, the last one first. */
export function behind(flow: Flow, { after }: Pick<Way, 'after'>): Flow {
  const back = after.reduceRight((on, apply) => apply(on), flow);
  // A status that is set on the way back takes the place of the answer's own.
  return back.status === flow.status ? back : { ...back, status: 'unknown' };
}

/** The flow under conditions of the set-up, which hold for all requests; null when they contradict what is assumed. */
function under(flow: Flow, conditions: readonly Condition[]): Flow | null {
  const assumes = new Map(flow.assumes);
  const when = [...flow.when];
  for (const tested of conditions) {
    const { holds, is } = assumed(tested);
    const known = assumes.get(holds);
    if (known !== undefined && known !== is) return null;
    if (known === undefined) when.push(tested.words);
    assumes.set(holds, is);
  }
  return { ...flow, assumes, when };
}

/** The way on which the part is not set up; null when it always is. */
function outsideOf(way: Way, { guard }: CorsPart): Way | null {
  const [first] = guard ?? [];
  if (first === undefined) return null;
  const flow = under(way.flow, [condition(first.of, !first.holds)]);
  return flow === null ? null : { ...way, flow };
}
