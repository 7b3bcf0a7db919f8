import { type JsValue, type SourceModule, staticName } from '../../../javascript';

/** The name of one of the language's own errors; null for anything else. */
export function builtinName(value: JsValue): string | null {
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

/** Whether a property of that name is assigned in the file, perhaps an error's; `elsewhere`: to anything but `this`. */
export function isAssigned(module: SourceModule, name: string, where: 'anywhere' | 'elsewhere' = 'anywhere'): boolean {
  if (/\bObject\.(?:assign|defineProperty|defineProperties)\(/.test(module.text)) return true;
  return module.index.of('AssignmentExpression').some(({ left }) => {
    if (left.type !== 'MemberExpression' || (staticName(left) ?? name) !== name) return false;
    return where === 'anywhere' || left.object.type !== 'ThisExpression';
  });
}
