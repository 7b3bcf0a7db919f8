import type { Ending, Request } from './http';
import {
  NORMALISED_METHODS,
  REQUEST_HEADERS,
  REQUEST_METHOD,
  SAFELISTED_CONTENT_TYPES,
  SAFELISTED_METHODS,
  SAFELISTED_REQUEST_HEADERS,
} from './names';

/** What a front end asks for: the arguments of a `fetch` from a page at `origin`. */
export interface Call {
  /** The page's origin as a browser serialises it: `https://app.example.com`, or `null`. */
  readonly origin: string;
  readonly method: string;
  /** Scheme, host and path of the target; host undefined stands for "the one that reaches the endpoint". */
  readonly scheme: 'http' | 'https';
  readonly host?: string;
  readonly path: string;
  /** Headers that the page sets itself, names as written. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** `credentials: 'include'`. */
  readonly credentials: boolean;
  readonly ending: Ending;
}

/** https://fetch.spec.whatwg.org/#concept-method-normalize */
export function normaliseMethod(method: string): string {
  const upper = method.toUpperCase();
  return NORMALISED_METHODS.has(upper) ? upper : method;
}

/**
 * The names, in lower case and sorted, of the call's headers that a preflight must ask for.
 * https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names
 */
export function unsafeHeaderNames(call: Call): readonly string[] {
  if (call.headers.length === 0) return NO_NAMES;
  const unsafe = call.headers.filter(([name, value]) => !isSafelistedRequestHeader(name, value));
  return [...new Set(unsafe.map(([name]) => name.toLowerCase()))].sort();
}

const NO_NAMES: readonly string[] = [];

/**
 * https://fetch.spec.whatwg.org/#cors-safelisted-request-header. The limits on the bytes of Accept and the language
 * headers are checked in the part that matters for what people write: the value's length.
 */
function isSafelistedRequestHeader(name: string, value: string): boolean {
  const lower = name.toLowerCase();
  if (!SAFELISTED_REQUEST_HEADERS.has(lower) || value.length > 128) return false;
  if (lower === 'content-type') return SAFELISTED_CONTENT_TYPES.has((value.split(';')[0] ?? '').trim().toLowerCase());
  if (lower === 'range') return /^bytes=\d+-\d*$/.test(value);
  return true;
}

/** Whether a browser sends a preflight first. https://fetch.spec.whatwg.org/#main-fetch (use-CORS-preflight flag) */
export function needsPreflight(call: Call): boolean {
  return !SAFELISTED_METHODS.has(normaliseMethod(call.method)) || unsafeHeaderNames(call).length > 0;
}

/** The request that the call comes to at the server. */
export function actualRequest(call: Call): Request {
  const headers = new Map(call.headers.map(([name, value]) => [name.toLowerCase(), value]));
  if (call.credentials) headers.set('cookie', 'session=1');
  return { ...target(call), method: normaliseMethod(call.method), origin: call.origin, headers };
}

/** The preflight that a browser sends ahead of the call. https://fetch.spec.whatwg.org/#cors-preflight-fetch-0 */
export function preflightRequest(call: Call): Request {
  const headers = new Map([[REQUEST_METHOD, normaliseMethod(call.method)]]);
  const names = unsafeHeaderNames(call);
  if (names.length > 0) headers.set(REQUEST_HEADERS, names.join(','));
  return { ...target(call), method: 'OPTIONS', origin: call.origin, headers };
}

function target(call: Call): Pick<Request, 'scheme' | 'host' | 'path' | 'ending'> {
  const { scheme, path, ending } = call;
  return { scheme, path, ending, ...(call.host === undefined ? {} : { host: call.host }) };
}
