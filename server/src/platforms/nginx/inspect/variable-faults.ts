import { distance } from 'fastest-levenshtein';
import { innerRange } from '../config/node';
import { hasHole } from '../syntax/holes';
import type { Directive, Range, Word } from '../syntax/tree';
import { rawIndex } from '../syntax/unescape';
import { type Refusal, refusal } from './refusal';

/**
 * What nginx has against the variables in a directive's values (`ngx_http_script_compile`). Any module may define
 * variables, so an unknown one is told only where it is all but a well-known name.
 *
 * @param isDefined whether the configuration defines a variable of that name (lower case, without the dollar)
 */
export function variableFault(directive: Directive, isDefined: (name: string) => boolean): Refusal | undefined {
  for (const word of interpolated(directive)) {
    if (!word.value.includes('$') || hasHole(word.raw)) continue;
    const fault = faultIn(word, isDefined);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** From which argument on nginx puts variables in. */
const FIRST_VALUE: ReadonlyMap<string, number> = new Map([
  ['add_header', 1],
  ['add_trailer', 1],
  ['proxy_set_header', 1],
  ['fastcgi_param', 1],
  ['proxy_pass', 0],
  ['return', 0],
  ['rewrite', 1],
  ['set', 1],
  ['root', 0],
  ['alias', 0],
  ['try_files', 0],
]);

function interpolated({ name, args }: Directive): readonly Word[] {
  const first = FIRST_VALUE.get(name.value);
  return first === undefined ? [] : args.slice(first);
}

const REFERENCE = /\$(?:\{([^}]*)(\}?)|(\w*))/g;

function faultIn(word: Word, isDefined: (name: string) => boolean): Refusal | undefined {
  for (const found of word.value.matchAll(REFERENCE)) {
    const [whole, inBraces, brace, bare] = found;
    const name = inBraces ?? bare ?? '';
    const range = rangeOf(word, found.index, whole.length);
    if (name === '') return refusal('invalid variable name', range);
    if (!/^\w+$/.test(name)) {
      // What nginx reads of such a name depends on what follows.
      return undefined;
    }
    if (brace === '') {
      return refusal(`the closing bracket in "${name}" variable is missing`, range);
    }
    const meant = isDefined(name.toLowerCase())
      ? undefined
      : meantBy(name.toLowerCase(), word.value.slice(found.index + whole.length));
    if (meant !== undefined) {
      const misspelt = rangeOf(word, found.index, whole.length + meant.more);
      const written = inBraces === undefined ? `$${meant.name}` : `\${${meant.name}}`;
      return refusal(`unknown "${name}" variable`, misspelt, { kind: 'misspelt', range: misspelt, meant: written });
    }
  }
  return undefined;
}

/** The well-known variable that is meant, and how much of the text after the name belongs to it. */
function meantBy(name: string, after: string): { readonly name: string; readonly more: number } | undefined {
  const header = name === 'http' ? /^-[a-z]+(?:-[a-z]+)*/i.exec(after)?.[0] : undefined;
  if (header !== undefined) return { name: `http${header.replaceAll('-', '_').toLowerCase()}`, more: header.length };
  if (WELL_KNOWN.includes(name) || /^(?:http|arg|cookie|sent_http|upstream_http|jwt|ssl|geoip2?)_/.test(name))
    return undefined;
  const known = WELL_KNOWN.find((each) => each.length > 7 && distance(each, name) === 1);
  return known === undefined ? undefined : { name: known, more: 0 };
}

/** nginx's own variables that CORS set-ups use. https://nginx.org/en/docs/varindex.html */
const WELL_KNOWN: readonly string[] = [
  'http_origin',
  'http_host',
  'http_referer',
  'http_authorization',
  'http_access_control_request_headers',
  'http_access_control_request_method',
  'request_method',
  'request_uri',
  'request_filename',
  'remote_addr',
  'remote_user',
  'server_name',
  'server_port',
  'server_addr',
  'server_protocol',
  'query_string',
  'document_root',
  'document_uri',
  'content_type',
  'content_length',
  'proxy_add_x_forwarded_for',
  'proxy_host',
  'proxy_port',
  'fastcgi_script_name',
  'fastcgi_path_info',
  'upstream_addr',
  'upstream_status',
  'realip_remote_addr',
  'remote_port',
  'request_body',
  'request_id',
  'request_time',
  'realpath_root',
  'limit_rate',
  'ssl_protocol',
  'http_upgrade',
  'connection',
  'connection_upgrade',
];

function rangeOf(word: Word, index: number, length: number): Range {
  const { start } = innerRange(word);
  return { start: start + rawIndex(word.raw, index), end: start + rawIndex(word.raw, index + length) };
}
