import type { Request } from '../../../../cors/http';
import type { FunctionNode, JsValue } from '../../../../javascript';
import type { HeaderNames } from '../../request/headerValue';
import type { RequestNames } from '../../request/requestNames';

/** What a function from a standard `Request` to a `Response` calls the request. */
export interface WebNames extends HeaderNames, RequestNames {
  isRequest(value: JsValue): boolean;
  isOrigin(value: JsValue): boolean;
  /** What reading a header that is not there gives; `null`, as `Headers.get` does, when left out. */
  missing?(value: JsValue): 'undefined' | 'empty' | 'null';
  /** Whether a value is the request's path; left out where nothing but its URL has it. */
  isPath?(value: JsValue): boolean;
}

/** `(request) => …`; beside it `headers()` of next/headers gives the request's headers. */
export function webNames(owner: FunctionNode): WebNames {
  const isRequest = (value: JsValue): boolean =>
    value.kind === 'parameter' && value.function === owner && value.index === 0;
  const isHeaders = (value: JsValue): boolean =>
    (value.kind === 'member' && value.property === 'headers' && isRequest(value.object)) ||
    (value.kind === 'call' &&
      value.callee.kind === 'import' &&
      value.callee.specifier === 'next/headers' &&
      value.callee.exported === 'headers');
  const requestHeader = (value: JsValue): string | null => {
    if (value.kind !== 'call' || value.callee.kind !== 'member') return null;
    const [name] = value.arguments;
    const isGet = value.callee.property === 'get' && isHeaders(value.callee.object);
    return isGet && name?.kind === 'string' ? name.value.toLowerCase() : null;
  };
  return { isRequest, requestHeader, isOrigin: (value) => requestHeader(value) === 'origin' };
}

/** Headers that every browser sends with values of its own: never known to be absent. */
const BROWSERS_OWN = new Set(['host', 'user-agent', 'accept', 'accept-language', 'accept-encoding', 'referer']);

/**
 * A value with what it says of the request put in: `request.method`, its headers and its path. `Headers.get` gives
 * null for what is not there (https://fetch.spec.whatwg.org/#dom-headers-get), and frameworks what they say.
 */
export function grounded(value: JsValue, request: Request, names: WebNames): JsValue {
  const put = (of: JsValue): JsValue => grounded(of, request, names);
  const text = (is: string): JsValue => ({ ...at(value), kind: 'string', value: is });
  const header = names.requestHeader(value);
  if (header !== null) {
    const is = header === 'origin' ? request.origin : request.headers.get(header);
    if (is !== undefined) return text(is);
    if (BROWSERS_OWN.has(header)) return value;
    const missing = names.missing?.(value) ?? 'null';
    return missing === 'empty' ? text('') : { ...at(value), kind: missing };
  }
  switch (value.kind) {
    case 'member':
      if (value.property === 'method' && names.isRequest(value.object)) return text(request.method);
      if (value.property === 'pathname' && isUrl(value.object, names)) return text(pathOf(request));
      if (names.isPath?.(value)) return text(pathOf(request));
      return same(value.object, put(value.object), (object) => ({ ...value, object }), value);
    case 'call': {
      const callee = value.callee.kind === 'member' ? put(value.callee) : value.callee;
      const args = value.arguments.map(put);
      const isSame = callee === value.callee && args.every((arg, i) => arg === value.arguments[i]);
      return isSame ? value : { ...value, callee, arguments: args };
    }
    case 'new': {
      const args = value.arguments.map(put);
      return args.every((arg, i) => arg === value.arguments[i]) ? value : { ...value, arguments: args };
    }
    case 'not':
      return same(value.of, put(value.of), (of) => ({ ...value, of }), value);
    case 'binary': {
      const left = put(value.left);
      const right = put(value.right);
      return left === value.left && right === value.right ? value : { ...value, left, right };
    }
    case 'template':
      return { ...value, parts: value.parts.map(put) };
    case 'choice':
      return {
        ...value,
        branches: value.branches.map((branch) => ({
          ...branch,
          when: branch.when.map((one) => ({ ...one, of: put(one.of) })),
          value: put(branch.value),
        })),
      };
    default:
      return value;
  }
}

function same(before: JsValue, after: JsValue, change: (of: JsValue) => JsValue, value: JsValue): JsValue {
  return before === after ? value : change(after);
}

function at({ module, node, place }: JsValue): Pick<JsValue, 'module' | 'node' | 'place'> {
  return { module, node, place };
}

/** `request.nextUrl` or `new URL(request.url)`. */
function isUrl(value: JsValue, names: WebNames): boolean {
  if (value.kind === 'member') return value.property === 'nextUrl' && names.isRequest(value.object);
  const [first] = value.kind === 'new' && value.name === 'URL' ? value.arguments : [];
  return first?.kind === 'member' && first.property === 'url' && names.isRequest(first.object);
}

function pathOf({ path }: Request): string {
  return path.split('?')[0] ?? '/';
}
