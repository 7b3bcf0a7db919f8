import type { OriginEntry } from '../cors/policy';
import type { JsValue } from './values';
import { reasonOf } from './words';

/** An item of a list that is compared with the origin. */
export function itemEntries(item: JsValue, ignoreCase: boolean): readonly OriginEntry[] {
  switch (item.kind) {
    case 'string':
      return [{ kind: 'exact', text: item.value, place: item.place, ...(ignoreCase ? { ignoreCase } : {}) }];
    case 'choice':
      return item.branches.flatMap((branch): readonly OriginEntry[] =>
        itemEntries(branch.value, ignoreCase).map((one) =>
          one.kind === 'exact' && branch.when.length > 0
            ? {
                kind: 'unknown',
                reason: `it is in the list only when ${branch.when.map((c) => c.words).join(' and ')}`,
                place: one.place,
              }
            : one,
        ),
      );
    case 'environment':
    case 'template':
    case 'unknown':
    case 'import':
    case 'member':
    case 'element':
    case 'call':
    case 'parameter':
      return [{ kind: 'unknown', reason: reasonOf(item), place: item.place }];
    default:
      // `undefined`, numbers and objects equal no origin.
      return [];
  }
}
