import type { Answerer } from '../../../cors/http';
import { homeOf, inherited, type Level } from '../config/level';
import { headPlace, type Node, placeOf } from '../config/node';
import type { Run } from './run';

/** What answers in the content phase. */
export type Content =
  | { readonly kind: 'upstream'; readonly answeredBy: Answerer; readonly node: Node }
  /** Code or a module whose answer is not known. */
  | { readonly kind: 'code'; readonly answeredBy: Answerer; readonly open: string }
  /** An upstream's handler without its upstream: 500. */
  | { readonly kind: 'broken'; readonly answeredBy: Answerer }
  /** A page of nginx's own for GET and HEAD. */
  | { readonly kind: 'page'; readonly answeredBy: Answerer }
  /** `dav`: methods that WebDAV serves besides GET and HEAD. */
  | { readonly kind: 'files'; readonly answeredBy: Answerer; readonly dav: readonly string[] }
  /** A file of bare directives: what they are included in answers. */
  | { readonly kind: 'fragment'; readonly answeredBy: Answerer; readonly open: string };

const UPSTREAMS = ['proxy_pass', 'fastcgi_pass', 'uwsgi_pass', 'scgi_pass', 'grpc_pass', 'memcached_pass'];
const PAGES = ['stub_status', 'empty_gif'];
const CODE =
  /^(?:content_by_lua(?:_block|_file)?|js_content|perl|echo|passenger_enabled|php_value|uwsgi_pass_request|postgres_pass|redis2_pass|redis_pass|drizzle_pass|srcache_fetch|api|status|hls|mp4|flv|f4f|secure_link)$/;

/** An `if` block without a handler of its own keeps its location's; nested locations do not inherit one. */
export function contentOf(run: Run): Content {
  for (const level of new Set([run.level, homeOf(run.level)])) {
    const found = ownContent(level);
    if (found !== undefined) {
      return found;
    }
  }
  const stuck = handlerLeftBehind(run);
  if (stuck !== undefined) {
    return { kind: 'broken', answeredBy: { ...stuck.answeredBy, kind: 'error' } };
  }
  const { fragment } = run.configuration;
  if (fragment !== undefined && homeOf(run.level) === fragment) {
    const answeredBy = files(run.level, run, 'what includes these lines');
    return { kind: 'fragment', answeredBy, open: 'what includes these lines is not known' };
  }
  return {
    kind: 'files',
    answeredBy: files(run.level, run, 'a file'),
    dav: davMethods(homeOf(run.level)),
  };
}

function ownContent(level: Level): Content | undefined {
  for (const name of UPSTREAMS) {
    const node = level.own.get(name)?.at(-1);
    if (node !== undefined) {
      const what = `the upstream of \`${name} ${node.args[0]?.value ?? ''}\``;
      return { kind: 'upstream', answeredBy: { kind: 'upstream', what, place: placeOf(node) }, node };
    }
  }
  for (const name of PAGES) {
    const node = level.own.get(name)?.at(-1);
    if (node !== undefined) {
      return { kind: 'page', answeredBy: handler(node) };
    }
  }
  for (const [name, nodes] of level.own) {
    const node = nodes.at(-1);
    if (node !== undefined && CODE.test(name)) {
      return { kind: 'code', answeredBy: handler(node), open: `\`${name}\` answers in its own way` };
    }
  }
  return undefined;
}

/**
 * An `if` that was taken before the last one leaves its handler behind, but not its upstream
 * (`ngx_http_update_location_config` never takes a handler back).
 */
function handlerLeftBehind(run: Run): Content | undefined {
  const home = homeOf(run.level);
  const earlier = run.taken.filter((level) => level !== run.level && level.parent === home);
  return earlier.map(ownContent).find((content) => content?.kind === 'upstream');
}

/** https://nginx.org/en/docs/http/ngx_http_dav_module.html#dav_methods */
function davMethods(level: Level): readonly string[] {
  return (inherited(level, 'dav_methods').at(-1)?.args ?? []).map((word) => word.value.toUpperCase());
}

function handler(node: Node): Answerer {
  return { kind: 'handler', what: `\`${node.name}\``, place: placeOf(node) };
}

function files(level: Level, run: Run, what: string): Answerer {
  const node = homeOf(level).node ?? run.server.node;
  const place = node === undefined ? { file: '', start: 0, end: 0 } : headPlace(node);
  return { kind: 'file', what, place };
}
