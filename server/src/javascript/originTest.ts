import type { OriginTest } from '../cors/policy';
import { isGlobal } from './calls';
import { itemsOf } from './literals';
import { itemEntries } from './originItems';
import { calledMethod, type OriginNames, onPart, type Part, partOf } from './originParts';
import { isNeverEmpty } from './patterns';
import { type Lookup, lookupOf } from './tables';
import { ALWAYS, conjunction, disjunction, NEVER, negation } from './testAlgebra';
import type { CallValue, Condition, JsValue, MemberValue } from './values';
import { reasonOf } from './words';

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
  const lookup = lookupOf(value);
  if (lookup !== null) return lookupTest(lookup, names, go) ?? unreadable(value);
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
    case 'member':
      return memberTest(value, names, depth) ?? unreadable(value);
    default:
      return unreadable(value);
  }
}

/** A look into a table by the origin: what stands under each key, where it is that key. */
function lookupTest(
  { table, key, asks }: Lookup,
  names: OriginNames,
  go: (of: JsValue) => OriginTest,
): OriginTest | null {
  const part = partOf(key, names);
  if (part === null) return null;
  const tests = table.entries.map((entry) =>
    conjunction([equals(entry.key, part), asks === 'presence' ? ALWAYS : go(entry.value)]),
  );
  return disjunction(table.rest === null ? tests : [...tests, { kind: 'unknown', reason: reasonOf(table.rest) }]);
}

/** `origin.match(pattern)[0]` of a pattern that never matches nothing; `list.filter(test).length`. */
function memberTest({ object, property }: MemberValue, names: OriginNames, depth: number): OriginTest | null {
  if (object.kind !== 'call') return null;
  const method = calledMethod(object);
  if (property === 'length' && method === 'filter') return quantified(object, 'some', names, depth);
  if (property !== '0' || (method !== 'match' && method !== 'exec')) return null;
  const test = matched(object, names);
  return test?.kind === 'regex' && isNeverEmpty(test) ? test : null;
}

/** A condition as a test of the origin. */
export function conditionTest(condition: Condition, names: OriginNames, depth = 0): OriginTest {
  const test = originTest(condition.of, names, depth);
  return condition.holds ? test : negation(test);
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
    if (right.kind === 'boolean' && (left.kind === 'call' || left.kind === 'binary' || left.kind === 'element')) {
      const test = originTest(left, names, 10);
      return right.value ? test : negation(test);
    }
    // `table[origin] === undefined`
    const lookup = right.kind === 'undefined' ? lookupOf(left) : null;
    const present = lookup && lookupTest({ ...lookup, asks: 'presence' }, names, () => ALWAYS);
    return present && lookup?.asks === 'value' ? negation(present) : null;
  }
  switch (right.kind) {
    case 'string':
      return equals(right.value, part);
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

function equals(text: string, part: Part): OriginTest {
  return { kind: 'equals', text, ...(part.lower ? { ignoreCase: true } : {}), ...onPart(part) };
}

/** Comparisons of what `indexOf` and `search` give, and of how much `filter` leaves. */
function positionTest(operator: string, left: JsValue, right: JsValue, names: OriginNames): OriginTest | null {
  if (right.kind !== 'number') return null;
  if (left.kind === 'member') {
    const some = right.value === 0 && left.property === 'length' ? memberTest(left, names, 10) : null;
    if (some !== null && (operator === '>' || operator === '!==' || operator === '!=')) return some;
    return some !== null && (operator === '===' || operator === '==') ? negation(some) : null;
  }
  if (left.kind !== 'call' || left.callee.kind !== 'member') return null;
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
    return part && first.kind === 'string' ? equals(first.value, part) : null;
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
    case 'canParse':
      return parseTest(call, names);
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
          ? equals(one.text, part)
          : { kind: 'unknown', reason: one.kind === 'unknown' ? one.reason : 'it cannot be read' },
    );
  return disjunction(rest === null ? tests : [...tests, { kind: 'unknown', reason: reasonOf(rest) }]);
}

/** `URL.canParse(origin)`: every origin is a URL but `null`. */
function parseTest(call: CallValue, names: OriginNames): OriginTest | null {
  const [asked, ...others] = call.arguments;
  if (call.callee.kind !== 'member' || !isGlobal(call.callee.object, 'URL')) return null;
  if (asked === undefined || others.length > 0 || !names.isOrigin(asked)) return null;
  return negation({ kind: 'equals', text: 'null' });
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
