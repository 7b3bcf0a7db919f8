import type { Answerer, Response } from '../../../cors/http';
import type { PlatformOptions } from '../../../lint/types';
import type { Configuration } from '../config/configuration';
import { describeLevel, inherited, type Level } from '../config/level';
import { type Node, placeOf } from '../config/node';
import { access } from './access';
import { contentOf } from './content';
import { answerer, change, type Engine } from './engine';
import { serveFile, unknownPath } from './files';
import { type Known, literal } from './known';
import { limits } from './limits';
import { locate } from './locate';
import { distrustVariables, type Rewritten, rewrite } from './rewrite';
import { MAX_CHANGES, type Run, splitTarget } from './run';
import { send } from './send';
import { isRedirect, redirectBy, special, tooManyChanges } from './special';
import { CLOSING_STATUSES } from './statuses';
import { tryFiles } from './try-files';
import { passOn } from './upstream';
import { evaluate } from './variables';

/**
 * Answers as nginx does: the server's rewrite directives, the location, `limit_except`, the location's rewrite
 * directives, limiters, access, `try_files`, content; each of them may end it, and errors may lead to an `error_page`.
 * https://nginx.org/en/docs/dev/development_guide.html#http_phases
 */
export function createEngine(configuration: Configuration, options: PlatformOptions): Engine {
  const engine: Engine = {
    configuration,
    options,
    serve: (run) => serve(engine, run),
    inLocation: (run) => inLocation(engine, run),
  };
  return engine;
}

function serve(engine: Engine, run: Run): Response {
  const answer = answered(engine, run, rewrite(run.server, run));
  if (answer !== undefined) {
    return answer;
  }
  return run.configuration.fragment === run.server ? content(engine, run) : enterLocation(engine, run);
}

/** The response that rewrite directives give by themselves, if they do. */
function answered(engine: Engine, run: Run, end: Rewritten): Response | undefined {
  switch (end.kind) {
    case 'return':
      return returned(engine, run, end.node);
    case 'redirect':
      run.redirect = { target: end.target, place: placeOf(end.node) };
      return special(engine, run, end.status, redirectBy(end.node));
    case 'code':
      distrustVariables(run, end.node);
      return uncertain(engine, run, end.node);
    default:
      return undefined;
  }
}

function enterLocation(engine: Engine, run: Run): Response {
  if (run.uri === undefined) {
    return unknownPath(run);
  }
  const { level, addSlash } = locate(run, run.uri);
  run.level = level;
  run.taken.length = 0;
  if (inherited(level, 'internal').length > 0 && !run.internal) {
    return special(engine, run, 404, answerer('not-found', '`internal`', level, run));
  }
  const { limitExcept } = level;
  if (limitExcept !== undefined && !allowsMethod(limitExcept, run.method)) {
    run.level = limitExcept;
  }
  if (addSlash !== undefined) {
    const by = answerer('redirect', `the slash that ${describeLevel(level)} ends in`, level, run);
    const target: Known = literal(addSlash + (run.args === '' ? '' : `?${run.args}`), by.place);
    run.redirect = { target, place: by.place };
    return special(engine, run, 301, by);
  }
  return inLocation(engine, run);
}

/** The location's own phases. Also where a named location starts. */
function inLocation(engine: Engine, run: Run): Response {
  if (run.level !== run.server) {
    const end = rewrite(run.level, run);
    if (end.kind === 'again') {
      return change(run) ? enterLocation(engine, run) : tooManyChanges(engine, run);
    }
    const answer = answered(engine, run, end);
    if (answer !== undefined) {
      return answer;
    }
  }
  // Subrequests skip the access phase (`ngx_http_core_access_phase`).
  const denied =
    limits(run) ?? (run.main === undefined ? access(run, (uri) => subrequest(engine, run, uri)) : undefined);
  if (denied !== undefined) {
    return special(engine, run, denied.status, denied.by);
  }
  return content(engine, run);
}

/** `limit_except GET` lets HEAD through as well. */
function allowsMethod(limitExcept: Level, method: string): boolean {
  const methods = limitExcept.node?.args.map((word) => word.value.toUpperCase()) ?? [];
  return methods.includes(method) || (method === 'HEAD' && methods.includes('GET'));
}

/** `return`: https://nginx.org/en/docs/http/ngx_http_rewrite_module.html#return */
function returned(engine: Engine, run: Run, node: Node): Response {
  const [first, second] = node.args;
  const code = first !== undefined && /^\d+$/.test(first.value) ? Number(first.value) : undefined;
  const target = code === undefined ? first : second;
  if (code === undefined || isRedirect(code)) {
    run.redirect = target && { target: evaluate(target, node.file, run), place: placeOf(node) };
    return special(engine, run, code ?? 302, redirectBy(node));
  }
  const what = `\`return ${node.args.map((word) => word.value).join(' ')}\``;
  if (CLOSING_STATUSES.has(code)) {
    return { status: code, answeredBy: { kind: 'error', what, place: placeOf(node) }, headers: [] };
  }
  const kind = code >= 400 ? 'error' : run.method === 'OPTIONS' ? 'preflight' : 'handler';
  const answeredBy: Answerer = { kind, what, place: placeOf(node) };
  return code < 400 || second !== undefined
    ? send(run, { status: code, answeredBy }, engine.options)
    : special(engine, run, code, answeredBy);
}

function content(engine: Engine, run: Run): Response {
  const tried = tryFiles(engine, run);
  if (tried !== undefined) {
    return tried;
  }
  const found = contentOf(run);
  const { answeredBy } = found;
  switch (found.kind) {
    case 'upstream':
      return passOn(engine, run, found);
    case 'broken':
      return special(engine, run, 500, answeredBy);
    case 'code':
      return send(run, { status: undefined, answeredBy, open: found.open }, engine.options);
    case 'page':
      return run.method === 'GET' || run.method === 'HEAD'
        ? send(run, { status: 200, answeredBy }, engine.options)
        : special(engine, run, 405, { ...answeredBy, kind: 'method-gate' });
    case 'fragment': {
      const status = run.ending === 'success' ? 200 : run.ending;
      return send(run, { status, answeredBy, open: found.open }, engine.options);
    }
    case 'files':
      return serveFile(engine, run, answeredBy, found.dav);
  }
}

/**
 * `auth_request`: the status of a GET of its own for that path; undefined when it cannot be told. It shares the
 * variables of the request (`ngx_http_subrequest`), so that what it sets stays set.
 */
function subrequest(engine: Engine, outer: Run, target: string): number | undefined {
  const { uri, args } = splitTarget(target);
  const run: Run = {
    ...outer,
    main: outer.main ?? outer,
    method: 'GET',
    uri,
    args,
    level: outer.server,
    guards: new Map(),
    taken: [],
    changes: MAX_CHANGES,
    redirect: undefined,
    denied: undefined,
    behind: undefined,
    behindPath: undefined,
    errorStatus: undefined,
    errorPageUsed: false,
    internal: true,
    pathAsSent: false,
    pathInLocation: true,
    ending: 'success',
  };
  const response = serve(engine, run);
  const { kind } = response.answeredBy;
  // An application lets in whom it knows.
  const isOpen = kind === 'upstream' || kind === 'file' || run.behind !== undefined;
  return isOpen && run.errorStatus === undefined ? undefined : response.status;
}

function uncertain(engine: Engine, run: Run, node: Node): Response {
  const answeredBy: Answerer = { kind: 'handler', what: `\`${node.name}\``, place: placeOf(node) };
  const open = `\`${node.name}\` may answer in its own way`;
  return send(run, { status: undefined, answeredBy, open }, engine.options);
}
