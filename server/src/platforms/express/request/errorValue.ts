import { type JsValue, property, type SourceModule, staticName } from '../../../javascript';

/**
 * The error as far as it is read; null for one of which nothing is known: what a `catch` or a parameter holds.
 */
export function readError(value: JsValue | null): JsValue | null {
  if (value === null || value.kind === 'parameter' || value.kind === 'unknown') return null;
  return value.kind === 'new' && value.node.type !== 'NewExpression' ? null : value;
}

/**
 * A property of an error that was made in the workspace; `undefined` for one that it certainly does not have, null
 * where that cannot be told: errors of classes and packages, and properties that are assigned somewhere beside it.
 */
export function memberOfError(error: JsValue, name: string, readBy: SourceModule): JsValue | undefined | null {
  if (error.kind === 'object') {
    const isPlain = isLiteral(error) && error.rest === null && !(name in Object.prototype);
    return property(error, name)?.value ?? (isPlain ? undefined : null);
  }
  const made = builtin(error);
  if (made === null || isAssigned(error.module, name) || isAssigned(readBy, name)) return null;
  switch (name) {
    case 'name':
      return { ...error, kind: 'string', value: made.name };
    case 'message':
      return made.arguments[0] ?? { ...error, kind: 'string', value: '' };
    case 'stack':
    case 'cause':
      return null;
    default:
      return name in Error.prototype ? null : undefined;
  }
}

/** `error instanceof type`; undefined where that cannot be told. */
export function isInstance(error: JsValue, type: JsValue): boolean | undefined {
  const made = builtin(error);
  if (made === null) return isLiteral(error) ? false : undefined;
  const asked = builtinName(type);
  if (asked !== null) return asked === 'Error' || asked === made.name;
  // An error of the language's own is none of a class of the program's, or of a package's.
  return isOwnClass(type) ? false : undefined;
}

function isOwnClass(type: JsValue): boolean {
  if (type.kind === 'import') return type.specifier !== 'globalThis';
  return type.kind === 'unknown' && type.node.type === 'Identifier' && /^[A-Z]/.test(type.node.name);
}

/** `{ … }`: what `Object.assign(new Error(…), …)` comes to is an error all the same. */
function isLiteral(error: JsValue): boolean {
  return error.kind === 'object' && error.node.type === 'ObjectExpression';
}

interface Builtin {
  readonly name: string;
  readonly arguments: readonly JsValue[];
}

/** `new Error(…)`, `TypeError(…)`. */
function builtin(error: JsValue): Builtin | null {
  if (error.kind !== 'new' && error.kind !== 'call') return null;
  const name = builtinName(error.callee);
  return name === null ? null : { name, arguments: error.arguments };
}

function builtinName(value: JsValue): string | null {
  if (value.kind !== 'import' || value.specifier !== 'globalThis') return null;
  return BUILTINS.has(value.exported) ? value.exported : null;
}

const BUILTINS = new Set([
  'Error',
  'TypeError',
  'RangeError',
  'SyntaxError',
  'EvalError',
  'ReferenceError',
  'URIError',
]);

/** Whether a property of that name is assigned anywhere in the file, perhaps the error's. */
function isAssigned(module: SourceModule, name: string): boolean {
  if (/\bObject\.(?:assign|defineProperty|defineProperties)\(/.test(module.text)) return true;
  return module.index
    .of('AssignmentExpression')
    .some(({ left }) => left.type === 'MemberExpression' && (staticName(left) ?? name) === name);
}
