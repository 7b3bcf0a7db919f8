import { type Call, normaliseMethod, unsafeHeaderNames } from './call';
import { corsCheck } from './corsCheck';
import { get, listItems } from './headerList';
import { ALLOW_HEADERS, ALLOW_METHODS, SAFELISTED_METHODS } from './names';
import type { ResolvedHeader, ResolvedResponse } from './resolve';
import type { Step, Verdict } from './verdict';

/**
 * What a browser makes of the answer to a preflight.
 * https://fetch.spec.whatwg.org/#cors-preflight-fetch-0, from step 7 on. The preflight itself is sent without
 * credentials, yet its CORS check is made with the call's credentials mode.
 *
 * Where browsers differ: the standard wants `Authorization` listed by name, Chromium and Firefox take
 * `Access-Control-Allow-Headers: *` for it as well. `browsers` (the default) does as they do, `standard` as it says.
 */
export function preflightCheck(
  response: ResolvedResponse,
  call: Call,
  follow: 'browsers' | 'standard' = 'browsers',
): Verdict {
  const methods = items(response, ALLOW_METHODS, 'preflight/allow-methods-unparsable');
  const headers = items(response, ALLOW_HEADERS, 'preflight/allow-headers-unparsable');
  const checks = [
    corsCheck(response, call.origin, call.credentials),
    statusCheck(response),
    // Both lists have to parse before either is looked into.
    ...[methods, headers].filter((list) => 'result' in list).filter(isBlocked),
    methodCheck(methods, call),
    headersCheck(headers, call, follow),
  ];
  // A step that certainly fails decides, whatever an earlier one that cannot be told would say.
  return checks.find(isBlocked) ?? checks.find(({ result }) => result === 'unknown') ?? PASSED;
}

function isBlocked({ result }: Verdict): boolean {
  return result === 'blocked';
}

function statusCheck({ status }: ResolvedResponse): Verdict {
  if (status === undefined) {
    return { result: 'unknown', step: 'unknown', reason: 'the status of the preflight cannot be told' };
  }
  if (status >= 200 && status <= 299) return PASSED;
  return {
    result: 'blocked',
    step: 'preflight/status',
    reason: `the preflight is answered with ${status}, not with a status from 200 to 299`,
  };
}

function methodCheck(list: Items | Verdict, call: Call): Verdict {
  const method = normaliseMethod(call.method);
  if ('result' in list) return SAFELISTED_METHODS.has(method) && list.result === 'unknown' ? PASSED : list;
  const { names, header } = list;
  if (names.includes(method) || SAFELISTED_METHODS.has(method)) return PASSED;
  if (!call.credentials && names.includes('*')) return PASSED;
  const reason =
    names.length === 0
      ? `${method} is asked for and the preflight has no Access-Control-Allow-Methods`
      : `${method} is not in Access-Control-Allow-Methods: ${names.join(', ')}`;
  return blocked('preflight/method', reason, header);
}

function headersCheck(list: Items | Verdict, call: Call, follow: 'browsers' | 'standard'): Verdict {
  const wanted = unsafeHeaderNames(call);
  if ('result' in list) return wanted.length === 0 && list.result === 'unknown' ? PASSED : list;
  const { names, header } = list;
  const listed = new Set(names.map((name) => name.toLowerCase()));
  const any = !call.credentials && listed.has('*');
  if (wanted.includes('authorization') && !listed.has('authorization') && !(any && follow === 'browsers')) {
    return blocked('preflight/authorization', notListed('authorization', names), header);
  }
  const missing = any ? undefined : wanted.find((name) => !listed.has(name));
  return missing === undefined ? PASSED : blocked('preflight/header', notListed(missing, names), header);
}

function notListed(name: string, names: readonly string[]): string {
  return names.length === 0
    ? `the header ${name} is asked for and the preflight has no Access-Control-Allow-Headers`
    : `the header ${name} is not in Access-Control-Allow-Headers: ${names.join(', ')}`;
}

interface Items {
  readonly names: readonly string[];
  readonly header: ResolvedHeader | undefined;
}

function items(response: ResolvedResponse, name: string, unparsable: Step): Items | Verdict {
  const got = get(response, name);
  if (got.kind === 'unknown')
    return { result: 'unknown', step: 'unknown', reason: `${name} cannot be told: ${got.reason}` };
  if (got.kind === 'absent') return { names: [], header: undefined };
  const names = listItems(got.text);
  const header = got.headers[0];
  if (names) return { names, header };
  return blocked(unparsable, `"${got.text}" is not a list separated by commas`, header);
}

const PASSED: Verdict = { result: 'allowed', step: 'preflight/passed', reason: 'the preflight allows the call' };

function blocked(step: Step, reason: string, header: ResolvedHeader | undefined): Verdict {
  return { result: 'blocked', step, reason, ...(header === undefined ? {} : { header }) };
}
