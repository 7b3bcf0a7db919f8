import type { Call } from '../../cors/call';
import { unsafeHeaderNames } from '../../cors/call';
import type { Caller } from '../../cors/caller';
import type { Target } from './address';
import type { FrontCall } from './calls';

/** The call as the model plays it. */
export function callerOf(call: FrontCall, { scheme, path, provided }: Target): Caller {
  return {
    place: call.place,
    method: call.method,
    scheme,
    path,
    // Of a content type that is not known it cannot be told whether it needs a preflight.
    headers: call.headers.flatMap(({ name, value }) =>
      value === undefined && SAFELISTED_BY_VALUE.has(name.toLowerCase()) ? [] : [[name, value ?? '1'] as const],
    ),
    credentials: call.credentials,
    reads: call.reads,
    when: [...(call.when ?? []), ...(provided === undefined ? [] : [provided.holds])],
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
