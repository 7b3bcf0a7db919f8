import { get } from './headerList';
import { ALLOW_CREDENTIALS, ALLOW_ORIGIN } from './names';
import type { ResolvedResponse } from './resolve';
import type { Verdict } from './verdict';

/**
 * The CORS check. https://fetch.spec.whatwg.org/#concept-cors-check
 * @param origin the request's origin as the browser sends it, `null` included
 * @param credentials whether the request's credentials mode is `include`
 */
export function corsCheck(response: ResolvedResponse, origin: string, credentials: boolean): Verdict {
  const allowed = get(response, ALLOW_ORIGIN);
  if (allowed.kind === 'unknown') {
    const other = credentials ? credentialsCheck(response) : undefined;
    // Without permission for credentials the origin makes no difference.
    if (other?.result === 'blocked') return other;
    return unknown(`Access-Control-Allow-Origin cannot be told: ${allowed.reason}`);
  }
  if (allowed.kind === 'absent') {
    return {
      result: 'blocked',
      step: 'cors-check/no-allow-origin',
      reason: 'the response has no Access-Control-Allow-Origin',
    };
  }
  const header = allowed.headers[0];
  const at = header === undefined ? {} : { header };
  if (!credentials && allowed.text === '*') {
    return {
      result: 'allowed',
      step: 'cors-check/any-origin',
      reason: 'Access-Control-Allow-Origin is * and no credentials are sent',
      ...at,
    };
  }
  if (allowed.text !== origin)
    return { result: 'blocked', ...mismatch(allowed.text, origin, allowed.headers.length), ...at };
  if (!credentials) {
    return {
      result: 'allowed',
      step: 'cors-check/same-origin',
      reason: `Access-Control-Allow-Origin is the page's origin, ${origin}`,
      ...at,
    };
  }
  return credentialsCheck(response);
}

function credentialsCheck(response: ResolvedResponse): Verdict {
  const credentials = get(response, ALLOW_CREDENTIALS);
  if (credentials.kind === 'unknown') {
    return unknown(`Access-Control-Allow-Credentials cannot be told: ${credentials.reason}`);
  }
  if (credentials.kind === 'absent') {
    return {
      result: 'blocked',
      step: 'cors-check/credentials-not-allowed',
      reason: 'credentials are sent and the response has no Access-Control-Allow-Credentials',
    };
  }
  const header = credentials.headers[0];
  const at = header === undefined ? {} : { header };
  if (credentials.text === 'true') {
    return {
      result: 'allowed',
      step: 'cors-check/credentials-allowed',
      reason: 'the origin matches and Access-Control-Allow-Credentials is true',
      ...at,
    };
  }
  return {
    result: 'blocked',
    step: 'cors-check/credentials-not-allowed',
    reason: `Access-Control-Allow-Credentials is "${credentials.text}", not exactly "true"`,
    ...at,
  };
}

function mismatch(text: string, origin: string, lines: number): Pick<Verdict, 'step' | 'reason'> {
  if (lines > 1) {
    return {
      step: 'cors-check/several-origins',
      reason: `Access-Control-Allow-Origin is sent ${lines} times: "${text}"`,
    };
  }
  if (text === '*') {
    return {
      step: 'cors-check/wildcard-with-credentials',
      reason: 'Access-Control-Allow-Origin is * and credentials are sent',
    };
  }
  return {
    step: 'cors-check/other-origin',
    reason: `Access-Control-Allow-Origin is "${text}", not the page's origin "${origin}"`,
  };
}

function unknown(reason: string): Verdict {
  return { result: 'unknown', step: 'unknown', reason };
}
