/**
 * Header names and fixed lists of the Fetch standard, lower case unless said otherwise.
 * https://fetch.spec.whatwg.org/
 */

export const ALLOW_ORIGIN = 'access-control-allow-origin';
export const ALLOW_CREDENTIALS = 'access-control-allow-credentials';
export const ALLOW_METHODS = 'access-control-allow-methods';
export const ALLOW_HEADERS = 'access-control-allow-headers';
export const EXPOSE_HEADERS = 'access-control-expose-headers';
export const MAX_AGE = 'access-control-max-age';
export const REQUEST_METHOD = 'access-control-request-method';
export const REQUEST_HEADERS = 'access-control-request-headers';
export const VARY = 'vary';

/** CORS response headers as usually spelt. https://fetch.spec.whatwg.org/#http-responses */
export const RESPONSE_HEADERS: readonly string[] = [
  'Access-Control-Allow-Origin',
  'Access-Control-Allow-Credentials',
  'Access-Control-Allow-Methods',
  'Access-Control-Allow-Headers',
  'Access-Control-Expose-Headers',
  'Access-Control-Max-Age',
];

/** Names with the same prefix or purpose that are right as they are, in a response. */
export const OTHER_KNOWN_HEADERS: ReadonlySet<string> = new Set([
  'access-control-allow-private-network',
  'access-control-allow-local-network',
  'timing-allow-origin',
  'cross-origin-resource-policy',
  'cross-origin-opener-policy',
  'cross-origin-embedder-policy',
]);

/** CORS request headers: only a browser sends them. https://fetch.spec.whatwg.org/#http-requests */
export const CORS_REQUEST_HEADERS: ReadonlySet<string> = new Set(['origin', REQUEST_METHOD, REQUEST_HEADERS]);

/** https://fetch.spec.whatwg.org/#cors-safelisted-method (case-sensitive) */
export const SAFELISTED_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST']);

/** Methods that `fetch` upper-cases for the caller; `patch` is not one. https://fetch.spec.whatwg.org/#concept-method-normalize */
export const NORMALISED_METHODS: ReadonlySet<string> = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT']);

/** https://fetch.spec.whatwg.org/#cors-safelisted-request-header (values are limited too) */
export const SAFELISTED_REQUEST_HEADERS: ReadonlySet<string> = new Set([
  'accept',
  'accept-language',
  'content-language',
  'content-type',
  'range',
]);

/** Content types that need no preflight. https://fetch.spec.whatwg.org/#cors-safelisted-request-header */
export const SAFELISTED_CONTENT_TYPES: ReadonlySet<string> = new Set([
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'text/plain',
]);

/** https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name */
export const SAFELISTED_RESPONSE_HEADERS: ReadonlySet<string> = new Set([
  'cache-control',
  'content-language',
  'content-length',
  'content-type',
  'expires',
  'last-modified',
  'pragma',
]);
