import { type JsValue, property, type Reader, type SourceModule, truthiness } from '../../../javascript';
import { builtinName, isAssigned } from './builtinError';
import { classOf, lineageOf, memberOfOwn } from './errorClass';

/**
 * The error as far as it is read; null for one of which nothing is known: what a `catch` or a parameter holds. Of
 * `allowed ? null : new Error(…)` it is what is left where it is one.
 */
export function readError(value: JsValue | null): JsValue | null {
  if (value?.kind === 'choice') {
    const branches = value.branches.filter((branch) => truthiness(branch.value) !== false);
    const [only] = branches;
    return branches.length > 1 ? { ...value, branches } : readError(only?.value ?? null);
  }
  if (value === null || value.kind === 'parameter' || value.kind === 'unknown') return null;
  return value.kind === 'new' && value.node.type !== 'NewExpression' ? null : value;
}

/**
 * A property of an error that was made in the workspace; `undefined` for one that it certainly does not have, null
 * where that cannot be told: errors of packages, and properties that are assigned somewhere beside it.
 */
export function memberOfError(
  reader: Reader,
  error: JsValue,
  name: string,
  readBy: SourceModule,
): JsValue | undefined | null {
  if (error.kind === 'object') {
    const isPlain = isLiteral(error) && error.rest === null && !(name in Object.prototype);
    return property(error, name)?.value ?? (isPlain ? undefined : null);
  }
  const lineage = lineageOf(reader, error);
  if (lineage !== null) {
    const isChanged = isAssigned(readBy, name, 'elsewhere') || isAssigned(error.module, name, 'elsewhere');
    return isChanged ? null : memberOfOwn(reader, lineage, name);
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
export function isInstance(reader: Reader, error: JsValue, type: JsValue): boolean | undefined {
  const lineage = lineageOf(reader, error);
  if (lineage !== null) {
    const name = builtinName(type);
    if (name !== null) return name === 'Error' || name === lineage.base.name;
    const own = classOf(type);
    if (own !== null) return lineage.levels.some(({ node }) => node === own);
    return type.kind === 'import' && type.specifier !== 'globalThis' ? false : undefined;
  }
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

/**
 * The status that Express's own handler takes from an error of the program's own classes (finalhandler,
 * `getErrorStatusCode`); undefined where there is none, and for any other error.
 */
export function statusOfOwn(reader: Reader, error: JsValue): number | 'unknown' | undefined {
  const lineage = lineageOf(reader, error);
  if (lineage === null) return undefined;
  for (const key of ['status', 'statusCode']) {
    const value = memberOfOwn(reader, lineage, key);
    if (value === null) return 'unknown';
    if (value?.kind === 'number' && value.value >= 400 && value.value < 600) return value.value;
    if (value !== undefined && value.kind !== 'number' && value.kind !== 'string' && value.kind !== 'undefined')
      return 'unknown';
  }
  return undefined;
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
