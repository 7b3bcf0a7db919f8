import { distance } from 'fastest-levenshtein';
import { kindsOf } from './directives';

/**
 * The directive that an unknown name stands for, where that is all but certain: modules define names that are not
 * known here, so only slips of directives that everyone uses count.
 */
export function misspeltDirective(name: string): string | undefined {
  if (!/^[A-Za-z][\w-]*$/.test(name) || OTHERS.has(name) || kindsOf(name).length > 0) return undefined;
  const folded = fold(name);
  for (const known of COMMON) {
    const target = fold(known);
    if (folded === target || folded === `${target}s` || `${folded}s` === target) return known;
    if (target.length > 6 && distance(folded, target) === 1) return known;
    if (target.length > 3 && isSwapped(folded, target)) return known;
  }
  return undefined;
}

const COMMON: readonly string[] = [
  'add_header',
  'proxy_pass',
  'proxy_set_header',
  'proxy_hide_header',
  'proxy_pass_header',
  'proxy_redirect',
  'proxy_http_version',
  'fastcgi_pass',
  'fastcgi_param',
  'location',
  'server_name',
  'listen',
  'return',
  'rewrite',
  'error_page',
  'try_files',
  'expires',
  'access_log',
  'error_log',
  'auth_basic',
  'auth_basic_user_file',
  'auth_request',
  'limit_except',
  'client_max_body_size',
  'default_type',
  'ssl_certificate',
  'ssl_certificate_key',
  'more_set_headers',
  'more_clear_headers',
];

/** What other modules and later versions call theirs. */
const OTHERS = new Set(['add_header_inherit', 'add_trailer_inherit', 'location_log', 'fastcgi_params']);

function fold(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, '');
}

/** Whether two neighbouring letters have changed places. */
function isSwapped(one: string, other: string): boolean {
  if (one.length !== other.length) return false;
  const at = [...one].findIndex((letter, i) => letter !== other[i]);
  return at >= 0 && one[at] === other[at + 1] && one[at + 1] === other[at] && one.slice(at + 2) === other.slice(at + 2);
}
