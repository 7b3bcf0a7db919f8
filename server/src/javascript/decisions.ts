import {
  type Branch,
  branchesOf,
  type ChoiceValue,
  type Condition,
  choose,
  conjoin,
  type JsValue,
  sameTest,
  truthiness,
  type Written,
} from './values';
import { condition } from './words';

/** One way that a test can go. */
export interface Decision {
  readonly when: readonly Condition[];
  readonly holds: boolean;
}

/**
 * The ways that a test can go: one when its outcome is known, else one for each outcome of each of its branches. What
 * a `catch` has a part in stays one test: which branch is taken depends on whether the others throw, and no condition
 * says that.
 */
export function decisions(test: JsValue): readonly Decision[] {
  const ways: Decision[] = [];
  const branches = hasCatch(test) ? [{ when: [], value: test }] : branchesOf(test);
  for (const { when, value } of branches) {
    const known = truthinessGiven(value, when);
    if (known !== undefined) {
      ways.push({ when, holds: known });
      continue;
    }
    for (const holds of [true, false]) {
      const both = conjoin(when, [condition(value, holds)]);
      if (both !== null) ways.push({ when: both, holds });
    }
  }
  return ways;
}

/** `test ? yes : no`. */
export function ifElse(at: Written, test: JsValue, yes: () => JsValue, no: () => JsValue): JsValue {
  return choose(
    at,
    decisions(test).map(({ when, holds }): Branch => ({ when, value: holds ? yes() : no() })),
  );
}

/** `left || right` or `left && right`. */
export function either(at: Written, operator: '||' | '&&', left: JsValue, right: () => JsValue): JsValue {
  if (hasCatch(left)) {
    const isOr = operator === '||';
    const itself = (): JsValue => outcome(left, isOr);
    return isOr ? ifElse(at, left, itself, right) : ifElse(at, left, right, itself);
  }
  const branches: Branch[] = [];
  for (const branch of branchesOf(left)) {
    for (const { when, holds } of decisions(branch.value)) {
      const both = conjoin(branch.when, when);
      if (both === null) continue;
      branches.push({ when: both, value: holds === (operator === '||') ? branch.value : right() });
    }
  }
  return choose(at, branches);
}

/** `left ?? right`. */
export function coalesce(at: Written, left: JsValue, right: () => JsValue): JsValue {
  const branches: Branch[] = [];
  for (const branch of branchesOf(left)) {
    const { value } = branch;
    if (value.kind === 'null' || value.kind === 'undefined') branches.push({ when: branch.when, value: right() });
    else if (isNeverNullish(value)) branches.push(branch);
    else {
      for (const { when, holds } of decisions(value)) {
        const both = conjoin(branch.when, when);
        if (both !== null) branches.push({ when: both, value: holds ? value : right() });
      }
    }
  }
  return choose(at, branches);
}

function hasCatch(value: JsValue): value is ChoiceValue {
  return value.kind === 'choice' && value.branches.some(({ catches }) => catches);
}

/** The value where it is known to be truthy, or to be falsy. */
function outcome(value: ChoiceValue, isTruthy: boolean): JsValue {
  return choose(
    value,
    value.branches.filter((branch) => truthiness(branch.value) !== !isTruthy),
  );
}

function isNeverNullish(value: JsValue): boolean {
  return [
    'string',
    'number',
    'boolean',
    'regexp',
    'template',
    'array',
    'object',
    'function',
    'new',
    'not',
    'binary',
    'import',
  ].includes(value.kind);
}

/** Whether a value is truthy where these conditions hold; undefined when that cannot be told. */
export function truthinessGiven(value: JsValue, when: readonly Condition[]): boolean | undefined {
  const known = truthiness(value);
  if (known !== undefined) return known;
  if (value.kind === 'not') {
    const of = truthinessGiven(value.of, when);
    return of === undefined ? undefined : !of;
  }
  const tested = condition(value, true);
  return when.find((given) => sameTest(given, tested))?.holds;
}
