import {
  branchesOf,
  type CallValue,
  type FunctionValue,
  type JsValue,
  property,
  type Reader,
} from '../../../javascript';

/**
 * Whether `@middy/http-response-serializer` certainly changes no more than the body and its type. What a serializer hands
 * back replaces the response, headers and all, where it is an object with a `body`; otherwise it becomes the body (the
 * package's `index.js`, alike in versions 2 to 7; version 1 takes any object).
 */
export function leavesHeaders(reader: Reader, { arguments: [options] }: CallValue): boolean {
  if (options === undefined || options.kind === 'undefined') return true;
  if (options.kind !== 'object' || options.rest !== null) return false;
  const serializers = property(options, 'serializers')?.value;
  if (serializers === undefined) return true;
  if (serializers.kind !== 'array' || serializers.rest !== null) return false;
  return serializers.items.every((item) => {
    const serializer = item.kind === 'object' ? property(item, 'serializer')?.value : undefined;
    if (serializer === undefined) return false;
    if (isTextMaker(serializer)) return true;
    return serializer.kind === 'function' && !changesObjects(serializer) && givesNoObject(reader, serializer);
  });
}

function givesNoObject(reader: Reader, serializer: FunctionValue): boolean {
  const { returns, complete } = reader.returnsOf(serializer);
  return (
    complete && returns.every(({ value, how }) => how === 'end' || branchesOf(value).every((one) => isText(one.value)))
  );
}

function isText(value: JsValue): boolean {
  switch (value.kind) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'template':
    case 'undefined':
    case 'null':
      return true;
    case 'call':
      return isTextMaker(value.callee);
    default:
      return false;
  }
}

/** `JSON.stringify` and `String`. */
function isTextMaker(callee: JsValue): boolean {
  if (callee.kind === 'member') return callee.property === 'stringify' && isGlobal(callee.object, 'JSON');
  return isGlobal(callee, 'String');
}

function isGlobal(value: JsValue, name: string): boolean {
  return value.kind === 'import' && value.specifier === 'globalThis' && value.exported === name;
}

/** The response is handed to the serializer as it is. */
function changesObjects({ function: fn, module }: FunctionValue): boolean {
  const [start, end] = fn.range;
  const isWithin = ({ range }: { readonly range: readonly [number, number] }): boolean =>
    range[0] >= start && range[1] <= end;
  return (
    module.index.of('AssignmentExpression').some((one) => isWithin(one) && one.left.type === 'MemberExpression') ||
    module.index.of('UnaryExpression').some((one) => isWithin(one) && one.operator === 'delete')
  );
}
