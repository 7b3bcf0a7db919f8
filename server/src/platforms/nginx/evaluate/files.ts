import type { Answerer, Response } from '../../../cors/http';
import { describeLevel, homeOf, inherited, setting } from '../config/level';
import { headPlace } from '../config/node';
import { change, type Engine, redirectInternally } from './engine';
import { literal } from './known';
import type { Run } from './run';
import { send } from './send';
import { special, tooManyChanges } from './special';
import { GATEWAY_ERRORS } from './statuses';
import { evaluate } from './variables';

/**
 * The handlers of files, in nginx's order: index, autoindex, static. A file is there when the request's ending is a
 * success; a directory when it is 301.
 *
 * @param dav methods that WebDAV serves
 */
export function serveFile(engine: Engine, run: Run, answeredBy: Answerer, dav: readonly string[]): Response {
  const { uri, method } = run;
  if (uri === undefined) {
    return unknownPath(run);
  }
  if (dav.includes(method)) {
    return send(run, { status: undefined, answeredBy }, engine.options);
  }
  const isDirectory = uri.endsWith('/');
  const reads = method === 'GET' || method === 'HEAD';
  const gate: Answerer = { ...answeredBy, kind: 'method-gate', what: 'nginx, which serves files to GET and HEAD only' };
  if (!reads && method !== 'POST') {
    return special(engine, run, 405, gate);
  }
  const ending = endingOf(run);
  if (ending === 301 && !isDirectory) {
    const query = run.args === '' ? '' : `?${run.args}`;
    const { place } = answeredBy;
    run.redirect = { target: literal(`${uri}/${query}`, place), place };
    return special(engine, run, 301, { ...answeredBy, kind: 'redirect', what: 'the slash of a folder' });
  }
  if (ending !== undefined && ending !== 301) {
    return special(engine, run, ending, { ...answeredBy, kind: ending === 404 ? 'not-found' : 'error' });
  }
  if (!reads && !isDirectory) {
    return special(engine, run, 405, gate);
  }
  return isDirectory ? index(engine, run, uri, answeredBy) : send(run, { status: 200, answeredBy }, engine.options);
}

/** The error or redirect that a file ends in; undefined where it is there, as the fallback of `try_files` is. */
function endingOf({ ending, fellBack }: Run): number | undefined {
  if (ending === 'success' || fellBack) {
    return undefined;
  }
  return GATEWAY_ERRORS.has(ending) ? 404 : ending;
}

/** A directory's index file is an internal redirect. https://nginx.org/en/docs/http/ngx_http_index_module.html */
function index(engine: Engine, run: Run, uri: string, answeredBy: Answerer): Response {
  const listed = setting(run.level, 'autoindex') === 'on';
  const directives = inherited(run.level, 'index');
  const words = directives.flatMap(({ args, file }) => args.map((word) => evaluate(word, file, run).text));
  const names = words.length === 0 ? ['index.html'] : words;
  for (const [i, name] of names.entries()) {
    if (name === undefined) {
      return unknownPath(run);
    }
    const path = name.startsWith('/') ? name : uri + name;
    const isLast = i === names.length - 1 && !listed;
    const isThere = (): boolean => run.decide(`there is a file for ${path}`, `there is no file for ${path}`, 'lasting');
    if (isLast || name.startsWith('/') || isThere()) {
      const query = run.args === '' ? '' : `?${run.args}`;
      return change(run) ? redirectInternally(engine, run, path + query) : tooManyChanges(engine, run);
    }
  }
  return send(run, { status: 200, answeredBy }, engine.options);
}

/** What is answered for a path that a rewrite has made of something unknown. */
export function unknownPath(run: Run): Response {
  const level = homeOf(run.level);
  const node = level.node ?? run.server.node;
  const place = node === undefined ? { file: '', start: 0, end: 0 } : headPlace(node);
  const answeredBy: Answerer = { kind: 'handler', what: describeLevel(level), place };
  return { status: undefined, answeredBy, headers: [], open: 'the path after a rewrite is not known' };
}
