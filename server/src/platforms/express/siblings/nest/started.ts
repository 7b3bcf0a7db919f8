import type { TSESTree } from '@typescript-eslint/types';
import type { Place } from '../../../../cors/place';
import { enclosingFunction, placeOf, type Reader, type SourceModule, staticName } from '../../../../javascript';
import { type MethodCall, receiverKey } from '../receivers';

/** The call that starts an app. */
export interface Start {
  readonly name: string;
  /** The name's. */
  readonly place: Place;
  readonly call: TSESTree.CallExpression;
}

/** The first `await app.listen(…)` or `await app.init()` of the app with this key; null when there is none. */
export function startOf(reader: Reader, module: SourceModule, key: string): Start | null {
  const starts = module.index.of('CallExpression').flatMap((call): Start[] => {
    const { callee, parent } = call;
    if (callee.type !== 'MemberExpression' || parent.type !== 'AwaitExpression') return [];
    const name = staticName(callee);
    if (name !== 'listen' && name !== 'init') return [];
    const context = { module, frame: null };
    const value = reader.evaluate(callee.object, context);
    if (receiverKey(value, module, callee.object) !== key || reader.guards(call, context)?.length !== 0) return [];
    return [{ name, place: placeOf(module, callee.property), call }];
  });
  return starts.sort((a, b) => a.place.start - b.place.start)[0] ?? null;
}

/**
 * Whether a call comes after the app has started, with its routes and its 404 in place: nothing that is registered then
 * is ever reached (nest-application.ts, `init`). Without `await` the call comes first all the same.
 */
export function isAfter(start: Start | null, { call }: MethodCall): boolean {
  if (start === null || call.range[0] < start.call.range[1]) return false;
  return enclosingFunction(call) === enclosingFunction(start.call);
}
