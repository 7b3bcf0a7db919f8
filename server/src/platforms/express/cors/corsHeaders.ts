import type { Header, Request } from '../../../cors/http';
import type { Place } from '../../../cors/place';
import type { Value } from '../../../cors/value';
import { type JsValue, type Property, reasonOf, truthiness } from '../../../javascript';
import { type Flow, opened, setHeader, vary } from '../flow/flow';
import { joined, toValue } from '../request/headerValue';
import type { CorsDialect } from './corsDialect';
import type { CorsOptions } from './corsOptions';

export function literal(text: string, place: Place): Value {
  return { kind: 'literal', text, place };
}

/** `*`, which may give way to the request's origin where credentials are allowed. */
export function everyone(place: Place, options: CorsOptions): Value {
  const wildcard = literal('*', place);
  if (!options.dialect.reflectsWithCredentials) return wildcard;
  const credentials = options.option('credentials')?.value;
  if (credentials === undefined) return options.unread === null ? wildcard : perhapsReflected(place);
  const allowed = credentials.kind === 'function' ? undefined : truthiness(credentials);
  if (allowed === undefined) return perhapsReflected(place);
  return allowed ? { kind: 'request-origin', place } : wildcard;
}

function perhapsReflected(place: Place): Value {
  return { kind: 'unknown', reason: 'it depends on whether credentials are allowed', place };
}

/** Sets a header unless its value is one that the package leaves out: absent or empty. */
export function put(flow: Flow, name: string, value: Value, option: Property | undefined, options: CorsOptions): Flow {
  if (value.kind === 'absent' || (value.kind === 'literal' && value.text === '')) return flow;
  return setHeader(flow, header(name, value, option, options));
}

function header(name: string, value: Value, option: Property | undefined, options: CorsOptions): Header {
  const place = option?.place ?? options.place;
  return { name, value, place, layer: options.dialect.layer, ...(option === undefined ? { implied: true } : {}) };
}

export function addVary(flow: Flow, field: string, option: Property | undefined, options: CorsOptions): Flow {
  const place = option?.place ?? options.place;
  return vary(flow, { name: 'Vary', value: literal(field, place), place, layer: options.dialect.layer, implied: true });
}

/** Null where the package throws instead, because the methods are set to nothing. */
export function withMethods(flow: Flow, options: CorsOptions): Flow | null {
  const { dialect } = options;
  const option = options.option('methods');
  if (option && dialect.failsWithoutMethods && isNothing(option.value)) return null;
  const value = option ? methodsValue(option.value, dialect) : defaultMethods(options);
  return put(flow, 'Access-Control-Allow-Methods', value, option, options);
}

function isNothing({ kind }: JsValue): boolean {
  return kind === 'undefined' || kind === 'null';
}

function methodsValue(value: JsValue, dialect: CorsDialect): Value {
  const isLost = dialect.methodsMustBeList ? value.kind === 'string' || isNothing(value) : isNothing(value);
  return isLost ? { kind: 'absent', place: value.place } : listValue(value, dialect);
}

function defaultMethods({ dialect, place }: CorsOptions): Value {
  const { defaultMethods: methods, name } = dialect;
  return methods === null
    ? { kind: 'unknown', reason: `it depends on the version of ${name}`, place }
    : literal(methods, place);
}

/** For the cors package only the boolean `true` counts. */
export function withCredentials(flow: Flow, options: CorsOptions): Flow {
  const option = options.option('credentials');
  if (option === undefined) return options.unread === null ? flow : opened(flow, options.unread);
  return put(
    flow,
    'Access-Control-Allow-Credentials',
    credentialsValue(option.value, options.dialect),
    option,
    options,
  );
}

function credentialsValue(value: JsValue, dialect: CorsDialect): Value {
  const { place } = value;
  switch (value.kind) {
    case 'boolean':
      return value.value ? literal('true', place) : { kind: 'absent', place };
    case 'choice': {
      const read = toValue(value);
      if (read.kind !== 'choice') return read;
      const choices = value.branches.map((branch) => credentialsValue(branch.value, dialect));
      return { ...read, options: read.options.map((option, i) => ({ ...option, value: choices[i] ?? option.value })) };
    }
    case 'not':
    case 'binary':
    case 'call':
    case 'member':
    case 'element':
    case 'import':
    case 'parameter':
    case 'unknown':
      return { kind: 'unknown', reason: reasonOf(value), place };
    default: {
      if (dialect.credentials === 'true') return { kind: 'absent', place };
      if (value.kind === 'function') return { kind: 'unknown', reason: reasonOf(value), place };
      const allowed = truthiness(value);
      if (allowed === undefined) return { kind: 'unknown', reason: reasonOf(value), place };
      return allowed ? literal('true', place) : { kind: 'absent', place };
    }
  }
}

/** A list, or text that is sent as it is. */
function listValue(value: JsValue, { separator }: CorsDialect): Value {
  if (value.kind === 'array') return joined(value.items, value.rest, separator, value.place);
  return toValue(value);
}

export function withAllowedHeaders(flow: Flow, options: CorsOptions, request: Request): Flow {
  const { dialect } = options;
  const main = options.option('allowedHeaders');
  const option = main && dialect.reflectsHeaders(main.value) !== true ? main : (options.option('headers') ?? main);
  if (option === undefined && options.unread !== null) return opened(flow, options.unread);
  const varied = (to: Flow) => addVary(to, 'Access-Control-Request-Headers', option, options);
  if (option !== undefined && dialect.reflectsHeaders(option.value) !== true) {
    // `true` and numbers are truthy, have no length, and set nothing.
    if (option.value.kind === 'boolean' || option.value.kind === 'number') return flow;
    const after = put(flow, 'Access-Control-Allow-Headers', listValue(option.value, dialect), option, options);
    return dialect.headersVary === 'when-sent' ? varied(after) : after;
  }
  const after = dialect.headersVary === 'when-reflected' ? varied(flow) : flow;
  if (!request.headers.get('access-control-request-headers')) return after;
  const value: Value = {
    kind: 'request-header',
    name: 'access-control-request-headers',
    place: option?.place ?? options.place,
  };
  const sent = setHeader(after, header('Access-Control-Allow-Headers', value, undefined, options));
  return dialect.headersVary === 'when-sent' ? varied(sent) : sent;
}

export function withExposed(flow: Flow, options: CorsOptions): Flow {
  const option = options.option('exposedHeaders');
  if (option === undefined || truthiness(option.value) === false || option.value.kind === 'boolean') return flow;
  return put(flow, 'Access-Control-Expose-Headers', listValue(option.value, options.dialect), option, options);
}

export function withMaxAge(flow: Flow, options: CorsOptions): Flow {
  const option = options.option('maxAge');
  if (option === undefined) return flow;
  const { value } = option;
  if (value.kind !== 'number' && truthiness(value) === false) return flow;
  return put(flow, 'Access-Control-Max-Age', toValue(value), option, options);
}
