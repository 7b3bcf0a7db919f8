import type { Browser } from '../../cors/browser';
import type { Call } from '../../cors/call';
import { unsafeHeaderNames } from '../../cors/call';
import { frontEndOf } from '../../cors/frontEnd';
import type { Target } from './address';
import type { FrontCall } from './calls';

/** The call as the model plays it, from an origin that the server lets in as far as it lets in any. */
export function callOf(call: FrontCall, target: Target, browser: Browser): Call {
  return {
    origin: frontEndOf(browser).origin,
    method: call.method,
    scheme: target.scheme,
    path: target.path,
    // Of a content type that is not known it cannot be told whether it needs a preflight.
    headers: call.headers.flatMap(({ name, value }) =>
      value === undefined && SAFELISTED_BY_VALUE.has(name.toLowerCase()) ? [] : [[name, value ?? '1'] as const],
    ),
    credentials: call.credentials,
    ending: 'success',
  };
}

const SAFELISTED_BY_VALUE = new Set(['content-type', 'range', 'accept', 'accept-language', 'content-language']);

/** Whether a header alone needs no preflight. */
export function isSafelisted(header: Call['headers'][number]): boolean {
  const call: Call = {
    origin: 'null',
    method: 'GET',
    scheme: 'https',
    path: '/',
    headers: [header],
    credentials: false,
    ending: 'success',
  };
  return unsafeHeaderNames(call).length === 0;
}
