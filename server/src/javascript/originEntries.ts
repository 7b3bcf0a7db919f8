import { type Place, samePlace } from '../cors/place';
import type { OriginEntry, OriginTest } from '../cors/policy';
import { itemsOf } from './literals';
import { itemEntries } from './originItems';
import { calledMethod, type OriginNames, partOf } from './originParts';
import { conditionTest, originTest } from './originTest';
import { lookupOf } from './tables';
import { conjunction, isAlways, isNever } from './testAlgebra';
import { type CallValue, type Condition, type JsValue, truthiness } from './values';
import { reasonOf, snippet } from './words';

/** The entries of the policy that lets in the origins for which the expression is truthy, each at its own place. */
export function entriesOf(value: JsValue, names: OriginNames): readonly OriginEntry[] {
  const listed = listCheck(value, names) ?? tableCheck(value, names);
  if (listed !== null) return listed;
  if (value.kind === 'choice') {
    // `a || b` is `a`, or else `b`: what `a` lets in need not be taken out of `b`.
    return value.branches.flatMap(({ when, value: result }, i) => {
      // `a && b` is `a` where `a` fails: that lets nobody in.
      if (when.some(({ of, holds }) => !holds && samePlace(of.place, result.place))) return [];
      const own = when.filter((condition) => !isComplement(condition, value.branches, i));
      const conditions = own.filter((condition) => !isAlways(conditionTest(condition, names)));
      if (conditions.some((condition) => isNever(conditionTest(condition, names)))) return [];
      const [only] = conditions;
      const final = originTest(result, names);
      if (isNever(final)) return [];
      if (conditions.length === 0) return entriesOf(result, names);
      if (conditions.length === 1 && only?.holds && isAlways(final)) return entriesOf(only.of, names);
      return [entry(conjunction([...conditions.map((one) => conditionTest(one, names)), final]), value)];
    });
  }
  return [entry(originTest(value, names), value)].filter((one) => one.kind !== 'match' || !isNever(one.test));
}

function isComplement(
  condition: Condition,
  branches: readonly { readonly when: readonly Condition[] }[],
  self: number,
): boolean {
  return (
    !condition.holds &&
    branches.some(
      (other, i) =>
        i !== self &&
        other.when.some(
          (one) =>
            one.holds && one.of.place.start === condition.of.place.start && one.of.place.end === condition.of.place.end,
        ),
    )
  );
}

function entry(test: OriginTest, value: JsValue): OriginEntry {
  const { place } = value;
  if (test.kind === 'unknown') return { kind: 'unknown', reason: test.reason, place };
  if (isAlways(test)) return { kind: 'any', how: snippet(value), place };
  if (test.kind === 'equals' && (test.on ?? 'origin') === 'origin') {
    return { kind: 'exact', text: test.text, place, ...(test.ignoreCase ? { ignoreCase: true } : {}) };
  }
  return { kind: 'match', test, place: patternPlace(value) };
}

/** A pattern's own place, when it alone decides: `/…/.test(origin)`. */
function patternPlace(value: JsValue): Place {
  if (value.kind !== 'call' || value.callee.kind !== 'member') return value.place;
  if (value.callee.object.kind === 'regexp') return value.callee.object.place;
  const [first] = value.arguments;
  return first?.kind === 'regexp' ? first.place : value.place;
}

/** `list.includes(origin)` and its kin, one entry an item. */
function listCheck(value: JsValue, names: OriginNames): readonly OriginEntry[] | null {
  const list = membershipList(value, names);
  if (list === null) return null;
  const { items, rest } = itemsOf(list.value);
  const entries = items.flatMap((item) => itemEntries(item, list.ignoreCase));
  return rest === null ? entries : [...entries, { kind: 'unknown', reason: reasonOf(rest), place: rest.place }];
}

/** A look into a table by the origin whose keys alone decide, one entry a key. */
function tableCheck(value: JsValue, names: OriginNames): readonly OriginEntry[] | null {
  const lookup = lookupOf(value);
  if (lookup === null) return null;
  const { table, key, asks } = lookup;
  const part = partOf(key, names);
  if (part === null || part.on !== 'origin') return null;
  const entries: OriginEntry[] = [];
  for (const held of table.entries) {
    const admits = asks === 'presence' || truthiness(held.value);
    if (admits === undefined) return null;
    if (admits)
      entries.push({ kind: 'exact', text: held.key, place: held.place, ...(part.lower ? { ignoreCase: true } : {}) });
  }
  const { rest } = table;
  return rest === null ? entries : [...entries, { kind: 'unknown', reason: reasonOf(rest), place: rest.place }];
}

interface Membership {
  readonly value: JsValue;
  readonly ignoreCase: boolean;
}

/** The list in a check whether the origin is one of its items; null when the value is no such check. */
function membershipList(value: JsValue, names: OriginNames): Membership | null {
  if (value.kind === 'binary') {
    const { operator, left, right } = value;
    const isFound =
      (['!==', '!='].includes(operator) && isNumber(right, -1)) ||
      (operator === '>' && isNumber(right, -1)) ||
      (operator === '>=' && isNumber(right, 0));
    return isFound && left.kind === 'call' && calledMethod(left) === 'indexOf' ? listOf(left, names) : null;
  }
  if (value.kind !== 'call') return null;
  const method = calledMethod(value);
  return method === 'includes' || method === 'has' ? listOf(value, names) : null;
}

function listOf(call: CallValue, names: OriginNames): Membership | null {
  const [wanted] = call.arguments;
  const part = wanted ? partOf(wanted, names) : null;
  if (call.callee.kind !== 'member' || part === null || part.on !== 'origin') return null;
  const { object } = call.callee;
  const isList = object.kind === 'array' || (object.kind === 'new' && object.name === 'Set');
  return isList ? { value: object, ignoreCase: part.lower } : null;
}

function isNumber(value: JsValue, number: number): boolean {
  return value.kind === 'number' && value.value === number;
}
