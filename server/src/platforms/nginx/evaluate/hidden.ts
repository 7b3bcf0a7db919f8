import type { Header } from '../../../cors/http';
import { inherited, type Level } from '../config/level';

/** https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_hide_header */
export function isHidden({ name }: Pick<Header, 'name'>, level: Level): boolean {
  const lower = name.toLowerCase();
  return inherited(level, 'proxy_hide_header').some(({ args }) => args[0]?.value.toLowerCase() === lower);
}
