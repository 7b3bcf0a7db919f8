import {
  type BinaryValue,
  branchesOf,
  type JsValue,
  MOST_BRANCHES,
  mapChoice,
  truthiness,
  type Written,
} from './values';

/** `!value`. */
export function negate(at: Written, value: JsValue): JsValue {
  return mapChoice(value, (one) => {
    const known = truthiness(one);
    if (known !== undefined) return { kind: 'boolean', value: !known, ...at };
    return one.kind === 'not' ? one.of : { kind: 'not', of: one, ...at };
  });
}

/** `-value`, `+value`, `void value`, `typeof value`. */
export function prefixed(at: Written, operator: string, value: JsValue): JsValue {
  if (operator === 'void') return { kind: 'undefined', ...at };
  if (operator === '-' && value.kind === 'number') return { kind: 'number', value: -value.value, ...at };
  if (operator === '+' && (value.kind === 'number' || value.kind === 'string')) {
    return { kind: 'number', value: Number(value.value), ...at };
  }
  if (operator === 'typeof') {
    const type = TYPES[value.kind];
    if (type !== undefined) return { kind: 'string', value: type, ...at };
  }
  return { kind: 'binary', operator, left: value, right: { kind: 'undefined', ...at }, ...at };
}

/** What `typeof` says of values whose kind is known. */
const TYPES: { readonly [K in JsValue['kind']]?: string } = {
  string: 'string',
  template: 'string',
  number: 'number',
  boolean: 'boolean',
  undefined: 'undefined',
  null: 'object',
  array: 'object',
  object: 'object',
  regexp: 'object',
  new: 'object',
  function: 'function',
};

/** `left + right` as text or as a sum; parts that are not known become holes. */
export function concatenate(at: Written, left: JsValue, right: JsValue): JsValue {
  const ways = branchesOf(left).length * branchesOf(right).length;
  if (ways > 1 && ways <= MOST_BRANCHES) {
    return mapChoice(left, (one) => mapChoice(right, (other) => concatenate(at, one, other)));
  }
  if (left.kind === 'number' && right.kind === 'number')
    return { kind: 'number', value: left.value + right.value, ...at };
  const leftText = textOf(left);
  const rightText = textOf(right);
  if (leftText !== null && rightText !== null) return { kind: 'string', value: leftText + rightText, ...at };
  const parts = [...partsOf(left), ...partsOf(right)].filter((part) => part.kind !== 'string' || part.value !== '');
  return { kind: 'template', parts, ...at };
}

function partsOf(value: JsValue): readonly JsValue[] {
  return value.kind === 'template' ? value.parts : [value];
}

/** The text that a known value turns into inside a template or a `+`; null when it is not known. */
export function textOf(value: JsValue): string | null {
  switch (value.kind) {
    case 'string':
      return value.value;
    case 'number':
    case 'boolean':
      return String(value.value);
    case 'null':
    case 'undefined':
      return value.kind;
    default:
      return null;
  }
}

/** Any other binary operator: decided where both sides are known, kept as it is where not. */
export function binary(at: Written, operator: string, left: JsValue, right: JsValue): JsValue {
  const ways = branchesOf(left).length * branchesOf(right).length;
  if (ways > 1 && ways <= MOST_BRANCHES) {
    return mapChoice(left, (one) => mapChoice(right, (other) => binary(at, operator, one, other)));
  }
  const kept: BinaryValue = { kind: 'binary', operator, left, right, ...at };
  if (operator === 'instanceof' && right.kind === 'import' && right.specifier === 'globalThis') {
    const known = isInstance(left, right.exported);
    return known === undefined ? kept : { kind: 'boolean', value: known, ...at };
  }
  const a = primitive(left);
  const b = primitive(right);
  if (a === null || b === null) return kept;
  const result = compute(operator, a.value, b.value);
  if (typeof result === 'boolean') return { kind: 'boolean', value: result, ...at };
  return typeof result === 'number' ? { kind: 'number', value: result, ...at } : kept;
}

/** Whether a value is one of a global class; undefined where its kind does not say. */
function isInstance(value: JsValue, name: string): boolean | undefined {
  switch (value.kind) {
    case 'regexp':
      return name === 'RegExp' || name === 'Object';
    case 'array':
      return name === 'Array' || name === 'Object';
    case 'string':
    case 'template':
    case 'number':
    case 'boolean':
    case 'null':
    case 'undefined':
      return false;
    default:
      return undefined;
  }
}

type Primitive = string | number | boolean | null | undefined;

function primitive(value: JsValue): { readonly value: Primitive } | null {
  switch (value.kind) {
    case 'string':
    case 'number':
    case 'boolean':
      return { value: value.value };
    case 'null':
      return { value: null };
    case 'undefined':
      return { value: undefined };
    default:
      return null;
  }
}

function compute(operator: string, a: Primitive, b: Primitive): boolean | number | undefined {
  switch (operator) {
    case '===':
      return a === b;
    case '!==':
      return a !== b;
    case '==':
      return a === b || ((a === null || a === undefined) && (b === null || b === undefined));
    case '!=':
      return !compute('==', a, b);
  }
  if (typeof a !== 'number' || typeof b !== 'number') return undefined;
  switch (operator) {
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '-':
      return a - b;
    case '%':
      return a % b;
    case '**':
      return a ** b;
    case '<':
      return a < b;
    case '>':
      return a > b;
    case '<=':
      return a <= b;
    case '>=':
      return a >= b;
    default:
      return undefined;
  }
}
