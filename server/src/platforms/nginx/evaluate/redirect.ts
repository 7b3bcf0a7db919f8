import type { Header } from '../../../cors/http';
import type { Place } from '../../../cors/place';
import { setting } from '../config/level';
import { type Known, literal } from './known';
import { onlyPort } from './listen';
import type { Run } from './run';
import { hostOf, schemeOf } from './variables';

/**
 * The `Location` that is sent: nginx puts scheme, host and port before a bare path.
 * https://nginx.org/en/docs/http/ngx_http_core_module.html#absolute_redirect
 */
export function locationHeader(run: Run): Header | undefined {
  const { redirect } = run;
  if (redirect === undefined || redirect.target.text === '') {
    return undefined;
  }
  const { target, place, relative } = redirect;
  const isBare = relative !== true && setting(run.level, 'absolute_redirect') !== 'off';
  const value = isBare && target.text?.startsWith('/') ? absolute(target.text, place, run).value : target.value;
  return { name: 'Location', value, place, layer: 'the redirect', implied: true };
}

function absolute(path: string, place: Place, run: Run): Known {
  const start = baseOf(run);
  return start === undefined
    ? { text: undefined, value: { kind: 'unknown', reason: 'the host name of the server is not known', place } }
    : literal(start + path, place);
}

function baseOf(run: Run): string | undefined {
  const named = setting(run.level, 'server_name_in_redirect') === 'on';
  const host = hostOf(run, named ? 'server' : 'request');
  const port = setting(run.level, 'port_in_redirect') === 'off' ? 0 : onlyPort(run.server);
  if (host === undefined || port === undefined) {
    return undefined;
  }
  const scheme = schemeOf(run);
  const isUsual = port === 0 || port === (scheme === 'https' ? 443 : 80);
  return `${scheme}://${host}${isUsual ? '' : `:${port}`}`;
}
