import { inherited, setting } from '../config/level';
import { placeOf } from '../config/node';
import type { Denied, Run } from './run';

const LIMITERS = ['limit_conn', 'limit_req'] as const;

/**
 * The limiters, which come before the access phase: they refuse when the request's ending is the status that they
 * refuse with. https://nginx.org/en/docs/http/ngx_http_limit_req_module.html#limit_req_status
 */
export function limits(run: Run): Denied | undefined {
  for (const name of LIMITERS) {
    const node = inherited(run.level, name).at(-1);
    const status = Number(setting(run.level, `${name}_status`) ?? 503);
    if (node !== undefined && run.ending === status && setting(run.level, `${name}_dry_run`) !== 'on') {
      return { status, by: { kind: 'rate-limit', what: `\`${name}\``, place: placeOf(node) } };
    }
  }
  return undefined;
}
