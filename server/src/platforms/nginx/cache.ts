import type { SharedCache } from '../../cors/endpoint';
import type { Header, Request, Response } from '../../cors/http';
import { ALLOW_ORIGIN, VARY } from '../../cors/names';
import { inherited, type Level } from './config/level';
import { placeOf, wordPlace } from './config/node';

/** The key that counts without a `proxy_cache_key`. https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_cache_key */
export const DEFAULT_KEY = '$scheme$proxy_host$request_uri';

/**
 * The cache of a location that keeps answers of a known application, where it is certain to keep them and the
 * application's own `Access-Control-Allow-Origin` is among what is kept. Undefined for everything else.
 *
 * What nginx adds itself is no part of what it keeps. `Vary` counts (from 1.7.7), unless it is told to ignore it.
 * https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_cache_valid
 */
export function cacheOf(level: Level, ask: () => readonly Response[]): SharedCache | undefined {
  const zone = inherited(level, 'proxy_cache').at(-1);
  const name = zone?.args[0]?.value ?? 'off';
  if (zone === undefined || name === 'off' || name.includes('$') || mayPass(level)) {
    return undefined;
  }
  const key = inherited(level, 'proxy_cache_key').at(-1);
  const word = key?.args[0];
  const text = word?.value ?? DEFAULT_KEY;
  const unknown = [...text.matchAll(/\$\{?(\w+)/g)].some(([, variable = '']) => !KNOWN.test(variable));
  const kept = ask().filter(({ headers }) => headers.some((header) => isBehind(header, ALLOW_ORIGIN)));
  const ignored = ignoredHeaders(level);
  const isKept = kept.length > 0 && kept.every((response) => keeps(level, response, ignored));
  if (unknown || !isKept) {
    return undefined;
  }
  const varies = !ignored.has(VARY) && kept.every((response) => variesByOrigin(response));
  return {
    what: 'nginx',
    name: `proxy_cache ${name}`,
    keyHasOrigin: varies || /\$\{?http_origin\b/.test(text),
    place: placeOf(zone),
    lastKeyHeader: {
      place: key === undefined || word === undefined ? placeOf(zone) : wordPlace(key.file, word),
      text,
    },
  };
}

/** What a request and the address that it goes to hold, whichever page sends it; and the origin itself. */
const KNOWN =
  /^(?:scheme|host|http_host|server_name|server_port|proxy_host|proxy_port|request_uri|uri|document_uri|args|query_string|is_args|arg_\w+|request_method|http_origin|http_accept\w*|http_authorization|cookie_\w+)$/;

/** Conditions by which a request is not answered out of the cache, or an answer not kept. */
function mayPass(level: Level): boolean {
  return ['proxy_no_cache', 'proxy_cache_bypass'].some((name) => inherited(level, name).length > 0);
}

/** https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_ignore_headers */
function ignoredHeaders(level: Level): ReadonlySet<string> {
  return new Set(
    inherited(level, 'proxy_ignore_headers').flatMap(({ args }) => args.map(({ value }) => value.toLowerCase())),
  );
}

/** Whether an answer is certain to be kept: what the application says of it comes before what the location says. */
function keeps(level: Level, response: Response, ignored: ReadonlySet<string>): boolean {
  if (response.open !== undefined || response.status !== 200) {
    return false;
  }
  const own = headersBehind(response).filter(({ name }) => !ignored.has(name.toLowerCase()));
  const textsOf = (name: string): readonly (string | undefined)[] =>
    own
      .filter((header) => header.name.toLowerCase() === name)
      .map(({ value }) => (value.kind === 'literal' ? value.text.toLowerCase() : undefined));
  if (textsOf('set-cookie').length + textsOf('x-accel-expires').length + textsOf('expires').length > 0) {
    return false;
  }
  const [control, ...others] = textsOf('cache-control');
  if (others.length > 0 || textsOf(VARY).some((text) => text === undefined || text.includes('*'))) {
    return false;
  }
  if (textsOf('cache-control').length === 0) {
    return isValid(level);
  }
  return control !== undefined && !/\b(?:private|no-cache|no-store)\b/.test(control) && /max-?age=[1-9]/.test(control);
}

/** Whether `proxy_cache_valid` keeps an answer of 200 for a while. */
function isValid(level: Level): boolean {
  return inherited(level, 'proxy_cache_valid').some(({ args }) => {
    const words = args.map(({ value }) => value);
    const time = words.at(-1) ?? '';
    const codes = words.slice(0, -1);
    return /^[1-9]/.test(time) && (codes.length === 0 || codes.includes('200') || codes.includes('any'));
  });
}

function variesByOrigin(response: Response): boolean {
  return headersBehind(response).some(
    ({ name, value }) => name.toLowerCase() === VARY && value.kind === 'literal' && /\borigin\b/i.test(value.text),
  );
}

/** The application's headers as it sent them: what is kept back from the client is kept in the cache. */
function headersBehind({ headers, withheld = [] }: Response): readonly Header[] {
  return [...headers.filter(({ isBehind: is }) => is === true), ...withheld.map(({ header }) => header)];
}

function isBehind({ name, isBehind: is }: Header, wanted: string): boolean {
  return is === true && name.toLowerCase() === wanted;
}

/** A request of a page, as the cache is asked about it. */
export function cacheable(path: string, origin: string): Request {
  return { method: 'GET', scheme: 'https', path, origin, headers: new Map(), ending: 'success' };
}
