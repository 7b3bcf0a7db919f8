import type { Machine } from './machine';
import { textOf } from './operators';
import {
  type ArrayValue,
  branchesOf,
  choose,
  isOfArguments,
  type JsValue,
  mapChoice,
  type StringValue,
  truthiness,
  type Written,
} from './values';

/**
 * A method of a string or of a list, worked out where everything it needs is known; null where it is not, and the call
 * is then kept as it stands.
 */
export function callMethod(
  machine: Machine,
  object: JsValue,
  name: string,
  args: readonly JsValue[],
  at: Written,
): JsValue | null {
  if (object.kind === 'string') return onString(object, name, args, at);
  if (object.kind === 'array') return onArray(machine, object, name, args, at);
  if (name === 'split' && (object.kind === 'environment' || object.kind === 'template')) {
    return { kind: 'array', items: [], rest: object, ...at };
  }
  if ((name === 'trim' || name === 'toString') && object.kind === 'environment') return object;
  return null;
}

function onString(subject: StringValue, name: string, args: readonly JsValue[], at: Written): JsValue | null {
  const { value } = subject;
  const texts = args.map(textOf);
  const [first] = texts;
  const text = (changed: string): StringValue => ({ ...subject, value: changed });
  const bool = (result: boolean): JsValue => ({ kind: 'boolean', value: result, ...at });
  switch (name) {
    case 'trim':
      return trimmed(subject);
    case 'toLowerCase':
      return text(value.toLowerCase());
    case 'toUpperCase':
      return text(value.toUpperCase());
    case 'toString':
    case 'valueOf':
      return subject;
    case 'concat':
      return texts.every((one) => one !== null) ? text(value + texts.join('')) : null;
    case 'split':
      return args[0]?.kind === 'string' ? split(subject, args[0].value, at) : splitByPattern(subject, args[0], at);
  }
  if (first === null || first === undefined || args.length !== 1) return null;
  switch (name) {
    case 'startsWith':
      return bool(value.startsWith(first));
    case 'endsWith':
      return bool(value.endsWith(first));
    case 'includes':
      return bool(value.includes(first));
    case 'indexOf':
      return { kind: 'number', value: value.indexOf(first), ...at };
    default:
      return null;
  }
}

/** The pieces keep their own places while the literal holds no escapes. */
function split(subject: StringValue, separator: string, at: Written): ArrayValue {
  const items: StringValue[] = [];
  let offset = 0;
  for (const piece of subject.value.split(separator)) {
    items.push(pieceOf(subject, offset, piece));
    offset += piece.length + separator.length;
  }
  return { kind: 'array', items, rest: null, ...at };
}

/** `.split(/\s*,\s*\/)` and the like: patterns of commas and white space only. */
function splitByPattern(subject: StringValue, pattern: JsValue | undefined, at: Written): ArrayValue | null {
  if (pattern === undefined) return { kind: 'array', items: [subject], rest: null, ...at };
  if (pattern.kind !== 'regexp') return null;
  if (!/^(?:\[(?:[,; ]|\\s)*\][+*]?|\\s[*+]?|[,; ][*+]?)+$/.test(pattern.pattern)) return null;
  const comma = /[,;]/.test(pattern.pattern);
  const pieces = comma ? subject.value.split(/[,;]/) : subject.value.split(/\s+/);
  return { kind: 'array', items: pieces.map((piece) => ({ ...subject, value: piece.trim() })), rest: null, ...at };
}

function trimmed(subject: StringValue): StringValue {
  const start = subject.value.length - subject.value.trimStart().length;
  return pieceOf(subject, start, subject.value.trim());
}

/** A piece of a string, with its own place when the string is written without escapes. */
function pieceOf(subject: StringValue, offset: number, value: string): StringValue {
  const { start, end, file } = subject.place;
  const source = subject.module.text.slice(start, end);
  const quoted = source.slice(1, -1) === subject.value ? 1 : source === subject.value ? 0 : null;
  if (quoted === null) return { ...subject, value };
  const from = start + quoted + offset;
  return { ...subject, value, place: { file, start: from, end: from + value.length } };
}

function onArray(
  machine: Machine,
  list: ArrayValue,
  name: string,
  args: readonly JsValue[],
  at: Written,
): JsValue | null {
  const [first] = args;
  switch (name) {
    case 'concat':
      return concat(list, args, at);
    case 'slice':
    case 'reverse':
    case 'sort':
    case 'values':
      return args.length === 0 || name === 'sort' ? { ...list, ...at } : null;
    case 'flat':
      return { ...list, items: list.items.flatMap((item) => (item.kind === 'array' ? item.items : [item])), ...at };
    case 'map':
      return first ? mapItems(machine, list, first, at) : null;
    case 'filter':
      return first ? filterItems(machine, list, first, at) : null;
    case 'join':
      return join(list, first, at);
    case 'includes':
    case 'indexOf': {
      const index = first ? indexIn(list, first) : null;
      if (index === null) return null;
      return name === 'includes'
        ? { kind: 'boolean', value: index >= 0, ...at }
        : { kind: 'number', value: index, ...at };
    }
    default:
      return null;
  }
}

function concat(list: ArrayValue, args: readonly JsValue[], at: Written): JsValue {
  let result: JsValue = { ...list, ...at };
  for (const arg of args) {
    result = mapChoice(result, (before) =>
      mapChoice(arg, (more) => {
        if (before.kind !== 'array') return before;
        if (more.kind === 'array') {
          return { ...before, items: [...before.items, ...more.items], rest: before.rest ?? more.rest };
        }
        const single = [
          'string',
          'number',
          'boolean',
          'regexp',
          'object',
          'template',
          'undefined',
          'null',
          'environment',
        ];
        return single.includes(more.kind)
          ? { ...before, items: [...before.items, more] }
          : { ...before, rest: before.rest ?? more };
      }),
    );
  }
  return result;
}

function mapItems(machine: Machine, list: ArrayValue, by: JsValue, at: Written): JsValue | null {
  if (by.kind === 'import' && by.specifier === 'globalThis' && by.exported === 'String') return { ...list, ...at };
  if (by.kind !== 'function') return null;
  const items: JsValue[] = [];
  for (const [i, item] of list.items.entries()) {
    const mapped = machine.apply(by, [item, { kind: 'number', value: i, ...at }], at);
    if (mapped === null) return null;
    items.push(mapped);
  }
  return { kind: 'array', items, rest: list.rest, ...at };
}

/** Items that may or may not stay make the list a choice only in their own place: as `undefined`, which equals nothing. */
function filterItems(machine: Machine, list: ArrayValue, by: JsValue, at: Written): JsValue | null {
  const isBoolean = by.kind === 'import' && by.specifier === 'globalThis' && by.exported === 'Boolean';
  if (!isBoolean && by.kind !== 'function') return null;
  const items: JsValue[] = [];
  for (const item of list.items) {
    for (const { when, value } of branchesOf(item)) {
      const test = isBoolean || by.kind !== 'function' ? value : machine.apply(by, [value], at);
      const keeps = test === null ? undefined : truthiness(test);
      if (keeps === false) continue;
      // What a call decides by its own arguments cannot be said of the list.
      if (keeps === undefined && test !== null && isOfArguments(test)) return null;
      const conditional = when.length > 0 || branchesOf(item).length > 1;
      items.push(
        conditional
          ? choose(at, [
              { when, value },
              { when: [], value: { kind: 'undefined', ...at } },
            ])
          : value,
      );
    }
  }
  return { kind: 'array', items, rest: list.rest, ...at };
}

function join(list: ArrayValue, separator: JsValue | undefined, at: Written): JsValue | null {
  const between = separator === undefined ? ',' : textOf(separator);
  if (between === null || list.rest !== null) return null;
  const texts = list.items.map((item) =>
    item.kind === 'string' || item.kind === 'number' ? String(item.value) : null,
  );
  if (texts.some((one) => one === null)) return null;
  return { kind: 'string', value: texts.join(between), ...at };
}

/** Where a known value stands in a list; null when that depends on what is not known. */
function indexIn(list: ArrayValue, wanted: JsValue): number | null {
  const text = wanted.kind === 'undefined' ? undefined : textOf(wanted);
  if (text === null) return null;
  for (const [i, item] of list.items.entries()) {
    if (textOf(item) === null && item.kind !== 'regexp') return null;
    if (item.kind === wanted.kind && textOf(item) === (text ?? 'undefined')) return i;
  }
  return list.rest === null ? -1 : null;
}
