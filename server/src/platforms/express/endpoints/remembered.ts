import type { Request } from '../../../cors/http';
import type { Place } from '../../../cors/place';
import { type RequestMemo, requestMemo } from '../../../cors/requestMemo';
import type { FunctionValue, JsValue } from '../../../javascript';
import { idOf } from '../app/ids';
import type { Layer } from '../app/registration';
import type { Flow, Step } from '../flow/flow';
import { isOnTheWay, type Run, taken, withVersion } from './run';

/** What a layer makes of a flow, worked out once for all routes behind it and all requests that it treats alike. */
export function remembered(
  run: Run,
  flow: Flow,
  layer: string,
  work: (request: Request) => readonly Step[],
): readonly Step[] {
  const layers = run.memo.steps.get(flow) ?? new Map<string, RequestMemo<readonly Step[]>>();
  run.memo.steps.set(flow, layers);
  const memo = layers.get(layer) ?? requestMemo<readonly Step[]>();
  layers.set(layer, memo);
  return memo.get(run.request, work);
}

/** As `remembered`, for a function, which may look at where it stands. */
export function rememberedFunction(
  run: Run,
  fn: FunctionValue,
  layer: Layer,
  place: Place,
  flow: Flow,
  work: (run: Run) => readonly Step[],
  error: JsValue | null = null,
): readonly Step[] {
  const handed = error === null ? '' : idOf(error);
  const standing = `${idOf(fn)} ${idOf(layer)} ${place.start} ${taken(run)} ${isOnTheWay(run, layer)} ${handed}`;
  return remembered(run, flow, standing, (asked) => work(withVersion(run, asked, run.target, run.seen)));
}
