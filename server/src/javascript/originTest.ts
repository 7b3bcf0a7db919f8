import { type Place, samePlace } from '../cors/place';
import type { OriginEntry, OriginPart, OriginTest } from '../cors/policy';
import { itemsOf } from './literals';
import type { Reader } from './reader';
import type { CallValue, Condition, JsValue } from './values';
import { snippet } from './words';

/** What a check on an origin is read with. */
export interface OriginNames {
  readonly reader: Reader;
  /** Whether a value is the request's `Origin`, which is there (tests are about requests that have one). */
  isOrigin(value: JsValue): boolean;
}

const ALWAYS: OriginTest = { kind: 'all', of: [] };
const NEVER: OriginTest = { kind: 'some', of: [] };

/** Whether the test lets every origin through, by its form alone. */
export function isAlways(test: OriginTest): boolean {
  return (
    (test.kind === 'all' && test.of.every(isAlways)) ||
    (test.kind === 'some' && test.of.some(isAlways)) ||
    (test.kind === 'not' && isNever(test.of))
  );
}

export function isNever(test: OriginTest): boolean {
  return (
    (test.kind === 'some' && test.of.every(isNever)) ||
    (test.kind === 'all' && test.of.some(isNever)) ||
    (test.kind === 'not' && isAlways(test.of))
  );
}

/**
 * An expression in the place of a condition as a test of the origin: true for the origins for which it is truthy. What
 * depends on anything else is `unknown` with the reason.
 */
export function originTest(value: JsValue, names: OriginNames, depth = 0): OriginTest {
  if (depth > 20) return unreadable(value);
  const part = partOf(value, names);
  // An origin is never empty, and neither is its host but for `null`, which has none.
  if (part !== null)
    return part.on === 'origin'
      ? ALWAYS
      : { kind: 'regex', source: '.', flags: '', dialect: 'ecmascript', on: part.on };
  const go = (of: JsValue) => originTest(of, names, depth + 1);
  switch (value.kind) {
    case 'string':
    case 'number':
    case 'boolean':
      return value.value ? ALWAYS : NEVER;
    case 'null':
    case 'undefined':
      return NEVER;
    case 'array':
    case 'object':
    case 'regexp':
    case 'function':
    case 'new':
      return ALWAYS;
    case 'not':
      return { kind: 'not', of: go(value.of) };
    case 'choice': {
      const branches = value.branches.map((branch): OriginTest => {
        const tests = branch.when.map((condition) => conditionTest(condition, names, depth + 1));
        return conjunction([...tests, go(branch.value)]);
      });
      return disjunction(branches);
    }
    case 'binary':
      return comparison(value.operator, value.left, value.right, names) ?? unreadable(value);
    case 'call':
      return callTest(value, names, depth) ?? unreadable(value);
    default:
      return unreadable(value);
  }
}

/** A condition as a test of the origin. */
export function conditionTest(condition: Condition, names: OriginNames, depth = 0): OriginTest {
  const test = originTest(condition.of, names, depth);
  return condition.holds ? test : negation(test);
}

export function negation(test: OriginTest): OriginTest {
  if (test.kind === 'unknown') return test;
  if (isAlways(test)) return NEVER;
  if (isNever(test)) return ALWAYS;
  return test.kind === 'not' ? test.of : { kind: 'not', of: test };
}

export function conjunction(tests: readonly OriginTest[]): OriginTest {
  if (tests.some(isNever)) return NEVER;
  const needed = tests.filter((test) => !isAlways(test));
  const [only] = needed;
  return needed.length === 1 && only ? only : { kind: 'all', of: needed };
}

export function disjunction(tests: readonly OriginTest[]): OriginTest {
  if (tests.some(isAlways)) return ALWAYS;
  const possible = tests.filter((test) => !isNever(test));
  const [only] = possible;
  return possible.length === 1 && only ? only : { kind: 'some', of: possible };
}

/** The entries of the policy that lets in the origins for which the expression is truthy, each at its own place. */
export function entriesOf(value: JsValue, names: OriginNames): readonly OriginEntry[] {
  const listed = listCheck(value, names);
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
    case 'call':
    case 'parameter':
      return [{ kind: 'unknown', reason: reasonOf(item), place: item.place }];
    default:
      // `undefined`, numbers and objects equal no origin.
      return [];
  }
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

function calledMethod(call: CallValue): string | null {
  return call.callee.kind === 'member' ? call.callee.property : null;
}

function isNumber(value: JsValue, number: number): boolean {
  return value.kind === 'number' && value.value === number;
}

interface Part {
  readonly on: OriginPart;
  /** It was lower-cased. */
  readonly lower: boolean;
}

/** Which part of the origin a value is; null when it is none. */
function partOf(value: JsValue, names: OriginNames): Part | null {
  if (names.isOrigin(value)) return { on: 'origin', lower: false };
  if (value.kind === 'call' && value.callee.kind === 'member') {
    const inner = partOf(value.callee.object, names);
    if (inner === null) return null;
    if (value.callee.property === 'toLowerCase') return { ...inner, lower: true };
    return ['trim', 'toString'].includes(value.callee.property) ? inner : null;
  }
  if (value.kind !== 'member' || !isUrlOfOrigin(value.object, names)) return null;
  if (value.property === 'hostname' || value.property === 'host' || value.property === 'origin') {
    return { on: value.property, lower: false };
  }
  return null;
}

function isUrlOfOrigin(value: JsValue, names: OriginNames): boolean {
  if (value.kind !== 'new' && value.kind !== 'call') return false;
  const [first] = value.arguments;
  if (first === undefined || value.arguments.length !== 1 || !names.isOrigin(first)) return false;
  if (value.kind === 'new') return value.name === 'URL';
  return (
    value.callee.kind === 'import' &&
    value.callee.exported === 'parse' &&
    /^(?:node:)?url$/.test(value.callee.specifier)
  );
}

function onPart(part: Part): { readonly on?: OriginPart } {
  return part.on === 'origin' ? {} : { on: part.on };
}

function comparison(operator: string, left: JsValue, right: JsValue, names: OriginNames): OriginTest | null {
  // The keys of a list are its indexes, and no origin is one.
  if (operator === 'in' && right.kind === 'array' && partOf(left, names)) return NEVER;
  const positive = EQUALITIES[operator];
  if (positive !== undefined) {
    const test = equality(left, right, names) ?? equality(right, left, names);
    if (test !== null) return positive ? test : negation(test);
  }
  return positionTest(operator, left, right, names);
}

const EQUALITIES: Readonly<Record<string, boolean>> = { '===': true, '==': true, '!==': false, '!=': false };

function equality(left: JsValue, right: JsValue, names: OriginNames): OriginTest | null {
  if (left.kind === 'binary' && left.operator === 'typeof' && partOf(left.left, names) && right.kind === 'string') {
    return right.value === 'string' ? ALWAYS : NEVER;
  }
  const part = partOf(left, names);
  if (part === null) {
    // `isAllowed(origin) === true`
    if (right.kind === 'boolean' && (left.kind === 'call' || left.kind === 'binary')) {
      const test = originTest(left, names, 10);
      return right.value ? test : negation(test);
    }
    return null;
  }
  switch (right.kind) {
    case 'string':
      return { kind: 'equals', text: right.value, ...(part.lower ? { ignoreCase: true } : {}), ...onPart(part) };
    case 'choice':
      return null;
    case 'undefined':
    case 'null':
    case 'boolean':
    case 'number':
      return NEVER;
    case 'environment':
      return { kind: 'unknown', reason: reasonOf(right) };
    default:
      return null;
  }
}

/** Comparisons of what `indexOf` and `search` give. */
function positionTest(operator: string, left: JsValue, right: JsValue, names: OriginNames): OriginTest | null {
  if (left.kind !== 'call' || left.callee.kind !== 'member' || right.kind !== 'number') return null;
  const method = left.callee.property;
  if (method !== 'indexOf' && method !== 'lastIndexOf' && method !== 'search' && method !== 'findIndex') return null;
  const limit = right.value;
  const found = foundTest(left, method, names);
  if (found === null) return null;
  const isFound = (limit === -1 && ['!==', '!=', '>'].includes(operator)) || (limit === 0 && operator === '>=');
  if (isFound) return found;
  const isMissing = (limit === -1 && ['===', '==', '<='].includes(operator)) || (limit === 0 && operator === '<');
  if (isMissing) return negation(found);
  if (limit !== 0 || method !== 'indexOf') return null;
  const first = firstTest(left, names);
  if (first === null) return null;
  if (operator === '===' || operator === '==') return first;
  if (operator === '!==' || operator === '!=') return negation(first);
  return operator === '>' ? conjunction([found, negation(first)]) : null;
}

function foundTest(call: CallValue, method: string, names: OriginNames): OriginTest | null {
  if (method === 'search') return matched(call, names);
  if (method === 'findIndex') return quantified(call, 'some', names, 10);
  return containsTest(call, names);
}

/** Whether `indexOf` gives 0: the list's first item, or the text's beginning. */
function firstTest(call: CallValue, names: OriginNames): OriginTest | null {
  const [wanted] = call.arguments;
  if (call.callee.kind !== 'member' || wanted === undefined) return null;
  const { object } = call.callee;
  if (object.kind === 'array') {
    const [first] = object.items;
    if (first === undefined) return object.rest ? { kind: 'unknown', reason: reasonOf(object.rest) } : NEVER;
    const part = partOf(wanted, names);
    return part && first.kind === 'string' ? { kind: 'equals', text: first.value, ...onPart(part) } : null;
  }
  const part = partOf(object, names);
  if (part && wanted.kind === 'string') return { kind: 'prefix', text: wanted.value, ...onPart(part) };
  return null;
}

function callTest(call: CallValue, names: OriginNames, depth: number): OriginTest | null {
  const { callee } = call;
  if (callee.kind === 'function') {
    const given = names.reader.apply(callee, call.arguments, call);
    return given === null || (given.kind === 'call' && given.call === call.call)
      ? null
      : originTest(given, names, depth + 1);
  }
  if (
    callee.kind === 'import' &&
    callee.specifier === 'globalThis' &&
    callee.exported === 'Boolean' &&
    call.arguments[0]
  ) {
    return originTest(call.arguments[0], names, depth + 1);
  }
  if (callee.kind !== 'member') return null;
  switch (callee.property) {
    case 'includes':
    case 'has':
      return containsTest(call, names);
    // A bare index is truthy unless it is 0.
    case 'indexOf': {
      const first = firstTest(call, names);
      return first && negation(first);
    }
    case 'startsWith':
    case 'endsWith':
      return affix(call, callee.object, callee.property === 'startsWith' ? 'prefix' : 'suffix', names);
    case 'match':
    case 'test':
    case 'exec':
      return matched(call, names);
    case 'some':
    case 'find':
      return quantified(call, 'some', names, depth);
    case 'every':
      return quantified(call, 'all', names, depth);
    default:
      return null;
  }
}

function containsTest(call: CallValue, names: OriginNames): OriginTest | null {
  const [wanted] = call.arguments;
  if (call.callee.kind !== 'member' || wanted === undefined) return null;
  const { object } = call.callee;
  const inner = partOf(object, names);
  if (inner !== null) {
    if (wanted.kind === 'string') return { kind: 'contains', text: wanted.value, ...onPart(inner) };
    return { kind: 'unknown', reason: reasonOf(wanted) };
  }
  const part = partOf(wanted, names);
  if (part === null) return null;
  if (object.kind === 'string') return { kind: 'inside', text: object.value, ...onPart(part) };
  if (object.kind === 'environment' || object.kind === 'template') return { kind: 'unknown', reason: reasonOf(object) };
  if (object.kind !== 'array' && !(object.kind === 'new' && object.name === 'Set')) return null;
  const { items, rest } = itemsOf(object);
  const tests = items
    .flatMap((item) => itemEntries(item, part.lower))
    .map(
      (one): OriginTest =>
        one.kind === 'exact'
          ? { kind: 'equals', text: one.text, ...(part.lower ? { ignoreCase: true } : {}), ...onPart(part) }
          : { kind: 'unknown', reason: one.kind === 'unknown' ? one.reason : 'it cannot be read' },
    );
  return disjunction(rest === null ? tests : [...tests, { kind: 'unknown', reason: reasonOf(rest) }]);
}

function affix(call: CallValue, object: JsValue, kind: 'prefix' | 'suffix', names: OriginNames): OriginTest | null {
  const [wanted] = call.arguments;
  const part = partOf(object, names);
  if (part !== null && wanted !== undefined) {
    if (wanted.kind === 'string') return { kind, text: wanted.value, ...onPart(part) };
    return { kind: 'unknown', reason: reasonOf(wanted) };
  }
  // `allowed.startsWith(origin)`: the origin is the beginning of a fixed text.
  if (object.kind !== 'string' || wanted === undefined) return null;
  const inner = partOf(wanted, names);
  if (inner === null) return null;
  return { kind: 'unknown', reason: 'the comparison is the wrong way round' };
}

function matched(call: CallValue, names: OriginNames): OriginTest | null {
  if (call.callee.kind !== 'member') return null;
  const [first] = call.arguments;
  if (first === undefined) return null;
  const { object } = call.callee;
  const [pattern, subject] = object.kind === 'regexp' ? [object, first] : [first, object];
  const part = partOf(subject, names);
  if (part === null) return null;
  if (pattern.kind === 'string')
    return { kind: 'regex', source: pattern.value, flags: '', dialect: 'ecmascript', ...onPart(part) };
  if (pattern.kind !== 'regexp') return { kind: 'unknown', reason: reasonOf(pattern) };
  return { kind: 'regex', source: pattern.pattern, flags: pattern.flags, dialect: 'ecmascript', ...onPart(part) };
}

function quantified(call: CallValue, how: 'some' | 'all', names: OriginNames, depth: number): OriginTest | null {
  const [test] = call.arguments;
  if (call.callee.kind !== 'member' || test?.kind !== 'function') return null;
  const { object } = call.callee;
  if (object.kind !== 'array' && !(object.kind === 'new' && object.name === 'Set')) return null;
  const { items, rest } = itemsOf(object);
  const tests = items.map((item): OriginTest => {
    const given = names.reader.apply(test, [item], call);
    return given === null ? unreadable(call) : originTest(given, names, depth + 1);
  });
  const all: readonly OriginTest[] = rest === null ? tests : [...tests, { kind: 'unknown', reason: reasonOf(rest) }];
  return how === 'some' ? disjunction(all) : conjunction(all);
}

function unreadable(value: JsValue): OriginTest {
  return { kind: 'unknown', reason: reasonOf(value) };
}

/** Why a value is not known, in words. */
export function reasonOf(value: JsValue): string {
  switch (value.kind) {
    case 'environment':
      return `${value.name} is set outside the code`;
    case 'unknown':
      return value.reason;
    case 'import':
      return value.specifier === 'globalThis'
        ? `${snippet(value)} is not defined here`
        : `\`${value.specifier}\` is not read`;
    default:
      return `${snippet(value)} is not known before it runs`;
  }
}
