import type { Header } from '../../../cors/http';
import { inherited, type Level } from '../config/level';
import type { Node } from '../config/node';

/**
 * The line that keeps an upstream's header back; undefined when it is passed on.
 * https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_hide_header
 */
export function hiddenBy({ name }: Pick<Header, 'name'>, level: Level): Node | undefined {
  const lower = name.toLowerCase();
  return inherited(level, 'proxy_hide_header').find(({ args }) => args[0]?.value.toLowerCase() === lower);
}
