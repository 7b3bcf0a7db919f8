import type { Level } from '../config/level';
import type { Node } from '../config/node';
import { matcherOf } from './locate';
import type { Run } from './run';

/**
 * The target that `proxy_pass` asks for, query included (`ngx_http_proxy_create_request`); undefined when it cannot be
 * told. https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_pass
 *
 * @param uri what the directive's own address has from the first slash on, its variables put in; undefined for none
 */
export function passedPath(run: Run, node: Node, uri: string | undefined): string | undefined {
  const target = targetFor(run, node, uri);
  // A rewritten path may have lost its slash, and a variable holds blanks and letters decoded: no valid request.
  return target !== undefined && /^\/[!-~]*$/.test(target) ? target : undefined;
}

function targetFor(run: Run, node: Node, uri: string | undefined): string | undefined {
  const query = run.args === '' ? '' : `?${run.args}`;
  if (uri !== undefined && node.args[0]?.value.includes('$')) {
    return uri;
  }
  if (uri === undefined && run.pathAsSent) {
    return run.request.path;
  }
  if (run.uri === undefined) {
    return undefined;
  }
  if (uri === undefined || !run.pathInLocation) {
    return written(run, run.uri) + query;
  }
  const location = locationNameOf(run);
  return location === undefined ? undefined : uri + written(run, run.uri.slice(location.length)) + query;
}

/** What `proxy_pass` with a path cuts off: the name of the location that it stands in, or around its `if`. */
function locationNameOf(run: Run): string | undefined {
  for (let level: Level | undefined = run.level; level !== undefined; level = level.parent) {
    if (level.kind === 'location') {
      const matcher = level.node && matcherOf(level.node);
      return matcher?.kind === 'exact' || matcher?.kind === 'prefix' ? matcher.path : undefined;
    }
  }
  return undefined;
}

/** A decoded path is encoded again where it came encoded, or was rewritten; else it is passed on as it is. */
function written({ request, internal }: Run, path: string): string {
  const isEncoded = (request.path.split('?')[0] ?? '').includes('%');
  return isEncoded || internal ? path.replace(ESCAPED, encodeURIComponent) : path;
}

/** What nginx encodes since 1.21.1 (`ngx_escape_uri` with `NGX_ESCAPE_URI`). */
const ESCAPED = /[\0-\x20"#%<>?\\^`{|}\x7f-\ud7ff\ue000-\u{10ffff}]/gu;
