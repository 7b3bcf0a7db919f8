import type { Request } from '../../cors/http';
import type { Place } from '../../cors/place';
import type { OriginEntry, OriginPolicy, OriginTest } from '../../cors/policy';
import type { Condition as ModelCondition } from '../../cors/value';
import type { Condition } from '../../javascript';
import { entriesOf } from '../../javascript/originEntries';
import { conditionTest } from '../../javascript/originTest';
import { conjunction, isAlways, isNever, negation } from '../../javascript/testAlgebra';
import { type EventNames, holds, mentions } from './request';

/** Whether a condition asks about the request's origin. */
export function isAboutOrigin({ of }: Condition, names: EventNames): boolean {
  return mentions(of, names.isOrigin, names.reader);
}

/** A request that says nothing of where it comes from. */
const WITHOUT_ORIGIN: Request = {
  method: 'GET',
  scheme: 'https',
  path: '/',
  origin: undefined,
  headers: new Map(),
  ending: 'success',
};

/**
 * Conditions on the origin as the model's. Those that hold without an `Origin` are put as the opposite of a policy,
 * since a policy admits no request that has none.
 */
export function originCondition(conditions: readonly Condition[], names: EventNames, place: Place): ModelCondition {
  if (holds(conditions, WITHOUT_ORIGIN, names) === 'yes') {
    const [only] = conditions;
    const positive: Condition | undefined = only && { ...only, holds: !only.holds };
    const refused =
      conditions.length === 1 && positive ? policyOf([positive], names, place) : opposite(conditions, names, place);
    return { kind: 'not', of: { kind: 'origin-admitted', policy: refused } };
  }
  return { kind: 'origin-admitted', policy: policyOf(conditions, names, place) };
}

/** The policy that lets in the origins for which all conditions hold. */
export function policyOf(conditions: readonly Condition[], names: EventNames, place: Place): OriginPolicy {
  const telling = conditions.filter((condition) => !isAlways(conditionTest(condition, names)));
  const [only] = telling;
  if (telling.length === 1 && only?.holds) return { place: only.of.place, entries: entriesOf(only.of, names) };
  const first = telling[0] ?? conditions[0];
  return { place, entries: entries(testOf(conditions, names), first?.of.place ?? place, first?.words ?? '') };
}

function opposite(conditions: readonly Condition[], names: EventNames, place: Place): OriginPolicy {
  return { place, entries: entries(negation(testOf(conditions, names)), place, 'every origin') };
}

function testOf(conditions: readonly Condition[], names: EventNames): OriginTest {
  return conjunction(conditions.map((condition) => conditionTest(condition, names)));
}

function entries(test: OriginTest, place: Place, how: string): readonly OriginEntry[] {
  if (isNever(test)) return [];
  if (isAlways(test)) return [{ kind: 'any', how, place }];
  return [{ kind: 'match', test, place }];
}
