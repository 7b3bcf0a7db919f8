import type { Place } from '../../../cors/place';
import {
  branchesOf,
  type Condition,
  conjoin,
  enclosingFunction,
  type FunctionValue,
  type JsValue,
  type ObjectValue,
  type Path,
  placeOf,
  property,
  type Reader,
  type Step,
  staticName,
  unwrap,
} from '../../../javascript';

type Node = JsValue['node'];

/** One thing that a function given to middy does to `request.response`. */
export type Change =
  | { readonly kind: 'response'; readonly value: JsValue; readonly place: Place }
  /** What was there in an object of its own; where nothing was, it is the response. */
  | { readonly kind: 'copy'; readonly value: JsValue; readonly place: Place }
  /** Headers beside those that are there, or instead of all of them. */
  | { readonly kind: 'headers'; readonly headers: ObjectValue; readonly isWhole: boolean; readonly unless?: Unless }
  | { readonly kind: 'header'; readonly name: string; readonly value: JsValue; readonly unless?: Unless }
  | { readonly kind: 'status'; readonly value: JsValue };

/** `??=` writes where nothing was, `||=` where nothing that counts was. */
export type Unless = 'there' | 'truthy';

/** One way through a function given to middy. */
export interface InlineWay {
  readonly when: readonly Condition[];
  readonly changes: readonly Change[];
  /** Set when it hands something back, which ends the phase, or throws, which ends it without an answer. */
  readonly stop: 'returns' | 'throws' | undefined;
}

/**
 * What a function given to `after` or `onError` does to the response, one entry for each way through it; undefined where
 * it does anything that is not followed. Its parameter has to be used under its own name only.
 */
export function inlineWays(reader: Reader, fn: FunctionValue): readonly InlineWay[] | undefined {
  const [parameter, ...others] = fn.function.params;
  if (parameter?.type !== 'Identifier' || others.length > 0) return undefined;
  const uses = fn.module.scopes.variable(parameter)?.references ?? [];
  if (!uses.every(({ identifier }) => isFollowed(identifier, fn))) return undefined;
  const { paths, complete } = reader.paths(fn);
  const ways = paths.map((path) => wayOf(reader, fn, path));
  if (!complete || ways.some((way) => way === undefined)) return undefined;
  return ways.flatMap((way) => way ?? []);
}

function wayOf(reader: Reader, fn: FunctionValue, path: Path): readonly InlineWay[] | undefined {
  if (path.uncertain !== null || path.catches !== null) return undefined;
  let ways: readonly InlineWay[] = [{ when: path.conditions, changes: [], stop: undefined }];
  for (const step of path.steps) {
    const changes = changesOf(reader, fn, step);
    if (changes === undefined) return undefined;
    if (changes.length > 0) ways = forked(ways, changes);
  }
  const { end } = path;
  if (end.kind === 'throw') return ways.map((way) => ({ ...way, stop: 'throws' }));
  if (end.kind === 'end' || end.argument === null) return ways;
  const returned = reader.evaluate(end.argument, end.context);
  if (returned.kind === 'undefined') return ways;
  const node = unwrap(end.argument);
  // What an assignment comes to is made already, and so is what is handed back as it is.
  const isMade = node.type === 'AssignmentExpression' || pathIn(returned, fn) === 'response';
  const changes = isMade ? [] : replacement(returned, placeOf(end.context.module, end.node), fn);
  if (changes === undefined) return undefined;
  return (isMade ? ways : forked(ways, changes)).map((way) => ({ ...way, stop: 'returns' }));
}

interface Forked {
  readonly when: readonly Condition[];
  readonly changes: readonly Change[];
}

function forked(ways: readonly InlineWay[], by: readonly Forked[]): readonly InlineWay[] {
  return ways.flatMap((way) =>
    by.flatMap(({ when: more, changes }) => {
      const when = conjoin(way.when, more);
      return when === null ? [] : [{ ...way, when, changes: [...way.changes, ...changes] }];
    }),
  );
}

/** What a step does to the response, by case; none when it leaves it alone, undefined when that cannot be told. */
function changesOf(reader: Reader, fn: FunctionValue, { node, context }: Step): readonly Forked[] | undefined {
  if (node.type !== 'AssignmentExpression' || unwrap(node.left).type !== 'MemberExpression') return [];
  const path = assignedPath(node.left, fn);
  if (path === undefined || path[0] !== 'response') return [];
  const unless = UNLESS[node.operator];
  if (node.operator !== '=' && unless === undefined) return undefined;
  const value = reader.evaluate(node.right, context);
  const [, second, third, ...deeper] = path;
  if (second === undefined) {
    const place = placeOf(context.module, node);
    // A response is an object: both operators leave it alone.
    return unless === undefined ? replacement(value, place, fn) : ifNone(value, place);
  }
  if (third === undefined) {
    if (second === 'headers') return newHeaders(value, fn, unless);
    if (second === 'statusCode' && unless === undefined) return [{ when: [], changes: [{ kind: 'status', value }] }];
    return second === 'body' ? [] : undefined;
  }
  if (second !== 'headers') return second === 'body' ? [] : undefined;
  if (deeper.length > 0) return undefined;
  return [{ when: [], changes: [{ kind: 'header', name: third, value, ...(unless && { unless }) }] }];
}

const UNLESS: Readonly<Record<string, Unless>> = { '??=': 'there', '||=': 'truthy' };

/** `request.response ??= value`. */
function ifNone(value: JsValue, place: Place): readonly Forked[] | undefined {
  return eachBranch(value, (one) =>
    one.kind === 'object' && one.rest === null
      ? [{ when: [], changes: [{ kind: 'copy', value: one, place }] }]
      : undefined,
  );
}

/** `request.response = value`: another response, or the same with other headers. */
function replacement(value: JsValue, place: Place, fn: FunctionValue): readonly Forked[] | undefined {
  return eachBranch(value, (one) => {
    if (pathIn(one, fn) === 'response') return [{ when: [], changes: [] }];
    if (one.kind !== 'object' || one.rest === null) {
      return [{ when: [], changes: [{ kind: 'response', value: one, place }] }];
    }
    if (!isSpreadOf(one, 'response', fn)) return undefined;
    if (property(one, 'multiValueHeaders') !== undefined) return undefined;
    const status = property(one, 'statusCode')?.value;
    const copy: Forked = {
      when: [],
      changes: [
        { kind: 'copy', value: one, place },
        ...(status === undefined ? [] : [{ kind: 'status', value: status } as const]),
      ],
    };
    const headers = property(one, 'headers')?.value;
    return headers === undefined ? [copy] : newHeaders(headers, fn)?.map((next) => after(copy, next));
  });
}

function after(first: Forked, second: Forked): Forked {
  return { when: second.when, changes: [...first.changes, ...second.changes] };
}

/** `request.response.headers = value`, or with `??=` or `||=`. */
function newHeaders(value: JsValue, fn: FunctionValue, unless?: Unless): readonly Forked[] | undefined {
  return eachBranch(value, (one) => {
    if (pathIn(one, fn) === 'response.headers') return [{ when: [], changes: [] }];
    if (one.kind !== 'object') return undefined;
    const isWhole = one.rest === null;
    if (!isWhole && (unless !== undefined || !isSpreadOf(one, 'response.headers', fn))) return undefined;
    return [{ when: [], changes: [{ kind: 'headers', headers: one, isWhole, ...(unless && { unless }) }] }];
  });
}

function eachBranch(
  value: JsValue,
  read: (value: JsValue) => readonly Forked[] | undefined,
): readonly Forked[] | undefined {
  const all: Forked[] = [];
  for (const { when, value: one } of branchesOf(value)) {
    const cases = read(one);
    if (cases === undefined) return undefined;
    for (const { when: more, changes } of cases) {
      const both = conjoin(when, more);
      if (both !== null) all.push({ when: both, changes });
    }
  }
  return all;
}

/** Whether all that is not read of an object is what `request.…` held before: `{ ...request.response, headers }`. */
function isSpreadOf({ node, rest }: ObjectValue, path: string, fn: FunctionValue): boolean {
  if (node.type !== 'ObjectExpression' || rest === null || pathIn(rest, fn) !== path) return false;
  const spreads = node.properties.filter(({ type }) => type === 'SpreadElement');
  return (
    spreads.length === 1 && node.properties.every((one) => one.type === 'SpreadElement' || staticName(one) !== null)
  );
}

/** What of the parameter a value is: `response.headers`; undefined when it is something else. */
export function pathIn(value: JsValue, fn: FunctionValue): string | undefined {
  if (value.kind === 'parameter') return value.function === fn.function && value.index === 0 ? '' : undefined;
  if (value.kind !== 'member') return undefined;
  const outer = pathIn(value.object, fn);
  return outer === undefined ? undefined : outer === '' ? value.property : `${outer}.${value.property}`;
}

/** The names that lead from the parameter to what is assigned; undefined when it is not of the parameter. */
function assignedPath(left: Node, fn: FunctionValue): readonly string[] | undefined {
  const names: string[] = [];
  let node = unwrap(left);
  while (node.type === 'MemberExpression') {
    const name = staticName(node);
    if (name === null) return undefined;
    names.unshift(name);
    node = unwrap(node.object);
  }
  const [parameter] = fn.function.params;
  return node.type === 'Identifier' && parameter?.type === 'Identifier' && node.name === parameter.name
    ? names
    : undefined;
}

/** Whether nothing is done with the parameter here that could change the response out of sight. */
function isFollowed(name: Node, fn: FunctionValue): boolean {
  if (enclosingFunction(name) !== fn.function) return false;
  let node = name;
  const names: (string | null)[] = [];
  while (node.parent?.type === 'MemberExpression' && node.parent.object === node) {
    node = node.parent;
    names.push(node.type === 'MemberExpression' ? staticName(node) : null);
  }
  const { parent } = node;
  if (names.length > 0 && names[0] !== 'response' && names[0] !== null) return true;
  if (parent?.type === 'AssignmentExpression' && parent.left === node) return names.length > 0 && !names.includes(null);
  if (isKept(node)) return true;
  if (parent?.type === 'CallExpression') return parent.callee !== node && isLog(parent.callee);
  return names.length > 0 && isLook(node);
}

/** `request.response.headers = request.response.headers ?? {}`: what it holds goes where it was. */
function isKept(node: Node): boolean {
  const { parent } = node;
  if (parent?.type !== 'LogicalExpression' || parent.left !== node) return false;
  const { parent: outer } = parent;
  if (outer?.type !== 'AssignmentExpression' || outer.right !== parent) return false;
  return sameNames(outer.left, node);
}

function sameNames(a: Node, b: Node): boolean {
  if (a.type === 'Identifier' && b.type === 'Identifier') return a.name === b.name;
  if (a.type !== 'MemberExpression' || b.type !== 'MemberExpression') return false;
  return staticName(a) === staticName(b) && staticName(a) !== null && sameNames(a.object, b.object);
}

function isLog(callee: Node): boolean {
  return callee.type === 'MemberExpression' && callee.object.type === 'Identifier' && callee.object.name === 'console';
}

/** Whether a value is only looked at, spread or handed back, and gets no second name. */
function isLook(inner: Node): boolean {
  let node = inner;
  while (
    node.parent !== undefined &&
    (unwrap(node.parent) !== node.parent || node.parent.type === 'LogicalExpression')
  ) {
    node = node.parent;
  }
  const { parent } = node;
  switch (parent?.type) {
    case 'IfStatement':
    case 'BinaryExpression':
    case 'SpreadElement':
    case 'TemplateLiteral':
    case 'ReturnStatement':
      return true;
    case 'ConditionalExpression':
      return parent.test === node;
    case 'UnaryExpression':
      return parent.operator !== 'delete';
    default:
      return false;
  }
}
