import type { TSESTree } from '@typescript-eslint/types';
import type { Place } from '../cors/place';
import type { SourceModule } from './module';
import type { Variable } from './scope';
import type { FunctionNode } from './tree';

/**
 * What is known of a JavaScript expression without running it. What a value is made of is kept as far as it can be
 * read: a call of something outside the file stays a call of a named import with its arguments, a parameter stays a
 * parameter. Every value knows the expression it was written as.
 */
export type JsValue =
  | StringValue
  | NumberValue
  | BooleanValue
  | (Written & { readonly kind: 'null' })
  | (Written & { readonly kind: 'undefined' })
  | RegExpValue
  | TemplateValue
  | ArrayValue
  | ObjectValue
  | FunctionValue
  | EnvironmentValue
  | ChoiceValue
  | ImportValue
  | ParameterValue
  | MemberValue
  | ElementValue
  | CallValue
  | NewValue
  | NotValue
  | BinaryValue
  | UnknownValue;

/** Where a value was written. */
export interface Written {
  readonly module: SourceModule;
  /** The expression; for a piece of a string that was split, the string's. */
  readonly node: TSESTree.Node;
  readonly place: Place;
}

export interface StringValue extends Written {
  readonly kind: 'string';
  readonly value: string;
}
export interface NumberValue extends Written {
  readonly kind: 'number';
  readonly value: number;
}
export interface BooleanValue extends Written {
  readonly kind: 'boolean';
  readonly value: boolean;
}
export interface RegExpValue extends Written {
  readonly kind: 'regexp';
  readonly pattern: string;
  readonly flags: string;
}
/** Text with holes. */
export interface TemplateValue extends Written {
  readonly kind: 'template';
  readonly parts: readonly JsValue[];
}
export interface ArrayValue extends Written {
  readonly kind: 'array';
  readonly items: readonly JsValue[];
  /** Set when there are more items than can be read: what they come from. */
  readonly rest: JsValue | null;
}
export interface Property {
  readonly key: string;
  /** The key alone, with its quotes. */
  readonly keyPlace: Place;
  readonly value: JsValue;
  /** The whole property. */
  readonly place: Place;
  readonly node: TSESTree.Node;
  readonly module: SourceModule;
}
export interface ObjectValue extends Written {
  readonly kind: 'object';
  /** In order, after spreads; a key stands once, as it was last written. */
  readonly properties: readonly Property[];
  /** Set when there may be properties that cannot be read: what they come from. */
  readonly rest: JsValue | null;
}
export interface FunctionValue extends Written {
  readonly kind: 'function';
  readonly function: FunctionNode;
  readonly context: Context;
}
/** `process.env.NAME`. */
export interface EnvironmentValue extends Written {
  readonly kind: 'environment';
  readonly name: string;
}
export interface ChoiceValue extends Written {
  readonly kind: 'choice';
  readonly branches: readonly Branch[];
}
export interface Branch {
  /** All of these hold; none when it cannot be said when the branch is taken. */
  readonly when: readonly Condition[];
  readonly value: JsValue;
  /** Set on what comes out of a `catch`: taken when working out the others throws. */
  readonly catches?: true;
}
export interface Condition {
  /** What was tested. */
  readonly of: JsValue;
  /** Whether the branch is taken when the tested value is truthy, or when it is falsy. */
  readonly holds: boolean;
  /** What makes it hold, to finish "when …": "ORIGIN is unset". */
  readonly words: string;
}
/** Something a module exports that is not in the workspace, or was not found there. */
export interface ImportValue extends Written {
  readonly kind: 'import';
  readonly specifier: string;
  /** `*` stands for the whole module (`require`, `import =`, a namespace). */
  readonly exported: string;
}
export interface ParameterValue extends Written {
  readonly kind: 'parameter';
  readonly function: FunctionNode;
  readonly index: number;
  readonly name: string;
}
export interface MemberValue extends Written {
  readonly kind: 'member';
  readonly object: JsValue;
  readonly property: string;
}
/** `table[key]` of a table that can be read, by a key that a call decides. */
export interface ElementValue extends Written {
  readonly kind: 'element';
  readonly object: ObjectValue;
  readonly key: JsValue;
}
export interface CallValue extends Written {
  readonly kind: 'call';
  readonly callee: JsValue;
  readonly arguments: readonly JsValue[];
  readonly call: TSESTree.CallExpression;
}
export interface NewValue extends Written {
  readonly kind: 'new';
  readonly callee: JsValue;
  /** The constructor's name as written: `Set`, `URL`. */
  readonly name: string;
  readonly arguments: readonly JsValue[];
}
export interface NotValue extends Written {
  readonly kind: 'not';
  readonly of: JsValue;
}
export interface BinaryValue extends Written {
  readonly kind: 'binary';
  readonly operator: string;
  readonly left: JsValue;
  readonly right: JsValue;
}
export interface UnknownValue extends Written {
  readonly kind: 'unknown';
  /** Why, to finish "it is not known because …". */
  readonly reason: string;
}

/** Where an expression is evaluated: in which file, and with which local variables known. */
export interface Context {
  readonly module: SourceModule;
  readonly frame: Frame | null;
}

/** What a variable holds at one point of a function's run, or `this` in a function; the nearest frame wins. */
export interface Frame {
  readonly variable: Variable | FunctionNode;
  readonly value: JsValue;
  readonly outer: Frame | null;
}

/** More ways than this that a value can come out, and it counts as unknown. */
export const MOST_BRANCHES = 16;

export function placeOf(module: SourceModule, node: { readonly range: readonly [number, number] }): Place {
  return { file: module.path, start: node.range[0], end: node.range[1] };
}

export function written(module: SourceModule, node: TSESTree.Node): Written {
  return { module, node, place: placeOf(module, node) };
}

export function unknown(at: Written, reason: string): UnknownValue {
  return { kind: 'unknown', reason, module: at.module, node: at.node, place: at.place };
}

/** Whether the value is truthy; undefined when that cannot be told. */
export function truthiness(value: JsValue): boolean | undefined {
  switch (value.kind) {
    case 'string':
    case 'number':
    case 'boolean':
      return Boolean(value.value);
    case 'null':
    case 'undefined':
      return false;
    case 'regexp':
    case 'array':
    case 'object':
    case 'function':
    case 'new':
    case 'import':
      return true;
    case 'template':
      return value.parts.some((part) => part.kind === 'string' && part.value !== '') ? true : undefined;
    case 'not': {
      const of = truthiness(value.of);
      return of === undefined ? undefined : !of;
    }
    case 'choice': {
      const [first, ...others] = value.branches.map((branch) => truthiness(branch.value));
      return others.every((other) => other === first) ? first : undefined;
    }
    default:
      return undefined;
  }
}

/** Whether a parameter, whose value only a call gives, stands in a value. */
export function isOfArguments(value: JsValue): boolean {
  switch (value.kind) {
    case 'parameter':
      return true;
    case 'member':
      return isOfArguments(value.object);
    case 'element':
      return isOfArguments(value.key);
    case 'call':
      return isOfArguments(value.callee) || value.arguments.some(isOfArguments);
    case 'new':
      return value.arguments.some(isOfArguments);
    case 'not':
      return isOfArguments(value.of);
    case 'binary':
      return isOfArguments(value.left) || isOfArguments(value.right);
    case 'choice':
      return value.branches.some(
        (branch) => isOfArguments(branch.value) || branch.when.some((one) => isOfArguments(one.of)),
      );
    default:
      return false;
  }
}

/** The ways a value can come out: its branches, or itself under no condition. */
export function branchesOf(value: JsValue): readonly Branch[] {
  return value.kind === 'choice' ? value.branches : [{ when: [], value }];
}

/**
 * One value out of several ways; nested choices are spread out, branches whose conditions contradict each other are
 * dropped, and too many branches make the value unknown.
 */
export function choose(at: Written, branches: readonly Branch[]): JsValue {
  const flat: Branch[] = [];
  for (const branch of branches) {
    for (const inner of branchesOf(branch.value)) {
      const when = conjoin(branch.when, inner.when);
      if (when !== null) flat.push({ ...branch, ...inner, when });
    }
    if (flat.length > MOST_BRANCHES) return unknown(at, 'it can come out in too many ways');
  }
  const [only] = flat;
  if (flat.length === 1 && only) return only.value;
  if (only === undefined) return unknown(at, 'no way to it was found');
  return { kind: 'choice', branches: flat, ...at };
}

/** Applies `change` to every way that a value can come out. */
export function mapChoice(value: JsValue, change: (value: JsValue) => JsValue): JsValue {
  if (value.kind !== 'choice') return change(value);
  const at: Written = { module: value.module, node: value.node, place: value.place };
  return choose(
    at,
    value.branches.map((branch) => ({ ...branch, value: change(branch.value) })),
  );
}

/** Both lists of conditions together, each once; null when they contradict each other. */
export function conjoin(a: readonly Condition[], b: readonly Condition[]): readonly Condition[] | null {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const both = [...a];
  for (const condition of b) {
    const same = both.find((other) => sameTest(other, condition));
    if (same === undefined) both.push(condition);
    else if (same.holds !== condition.holds) return null;
  }
  return both;
}

/** Whether two conditions test the same thing: the same expression, or the same environment variable. */
export function sameTest(a: Condition, b: Condition): boolean {
  if (a.of.kind === 'environment' && b.of.kind === 'environment') return a.of.name === b.of.name;
  return (
    a.of.place.file === b.of.place.file &&
    a.of.place.start === b.of.place.start &&
    a.of.place.end === b.of.place.end &&
    a.of.kind === b.of.kind
  );
}

/** The property of that name; undefined when the object has none that can be read (see also `rest`). */
export function property(object: ObjectValue, key: string): Property | undefined {
  return object.properties.find((candidate) => candidate.key === key);
}

/** The words of a branch's conditions, joined; null when nothing is known of them. */
export function wordsOf(when: readonly Condition[]): string | null {
  return when.length === 0 ? null : when.map((condition) => condition.words).join(' and ');
}
