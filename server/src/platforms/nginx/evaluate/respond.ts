import type { Answerer, Response } from '../../../cors/http';
import type { PlatformOptions } from '../../../lint/types';
import type { Configuration } from '../config/configuration';
import { describeLevel, homeOf, inherited, type Level, setting } from '../config/level';
import { headPlace, type Node, placeOf } from '../config/node';
import { access } from './access';
import { contentOf } from './content';
import { locate, namedLocation } from './locate';
import { distrustVariables, rewrite } from './rewrite';
import { type Run, splitTarget } from './run';
import { send } from './send';
import { evaluate } from './variables';

/** Everything that answering one request takes. */
export interface Server {
  readonly configuration: Configuration;
  readonly options: PlatformOptions;
}

/**
 * Answers as nginx does: the server's rewrite directives, the location, `limit_except`, the location's rewrite
 * directives, access, `try_files`, content; each of them may end it, and errors may lead to an `error_page`.
 * https://nginx.org/en/docs/dev/development_guide.html#http_phases
 */
export function serve(server: Server, run: Run): Response {
  const start = rewrite(run.server, run);
  switch (start.kind) {
    case 'return':
      return returned(server, run, start.node);
    case 'redirect':
      return special(server, run, start.status, redirectBy(start.node));
    case 'code':
      distrustVariables(run, start.node);
      return uncertain(server, run, start.node);
    default:
  }
  if (run.configuration.fragment === run.server) {
    return content(server, run);
  }
  return enterLocation(server, run);
}

function enterLocation(server: Server, run: Run): Response {
  if (run.uri === undefined) {
    return unknownPath(run);
  }
  const { level, addSlash } = locate(run, run.uri);
  run.level = level;
  if (level.own.has('internal') && !run.internal) {
    return special(server, run, 404, by('not-found', '`internal`', level, run));
  }
  const { limitExcept } = level;
  if (limitExcept !== undefined && !allowsMethod(limitExcept, run.method)) {
    run.level = limitExcept;
  }
  if (addSlash) {
    return special(server, run, 301, by('redirect', `the slash that ${describeLevel(level)} ends in`, level, run));
  }
  return inLocation(server, run);
}

/** The location's own phases. Also where a named location starts. */
function inLocation(server: Server, run: Run): Response {
  if (run.level !== run.server) {
    const end = rewrite(run.level, run);
    switch (end.kind) {
      case 'return':
        return returned(server, run, end.node);
      case 'redirect':
        return special(server, run, end.status, redirectBy(end.node));
      case 'code':
        distrustVariables(run, end.node);
        return uncertain(server, run, end.node);
      case 'again':
        return change(run) ? enterLocation(server, resetLevel(run)) : tooManyChanges(server, run);
      default:
    }
  }
  const denied = access(run, (uri) => subrequest(server, run, uri));
  if (denied !== undefined) {
    return special(server, run, denied.status, denied.by);
  }
  return content(server, run);
}

function resetLevel(run: Run): Run {
  run.level = run.server;
  return run;
}

function change(run: Run): boolean {
  run.changes -= 1;
  return run.changes > 0;
}

function tooManyChanges(server: Server, run: Run): Response {
  return send(run, { status: 500, answeredBy: by('error', 'a redirection cycle', run.level, run) }, server.options);
}

/** `limit_except GET` lets HEAD through as well. */
function allowsMethod(limitExcept: Level, method: string): boolean {
  const methods = limitExcept.node?.args.map((word) => word.value.toUpperCase()) ?? [];
  return methods.includes(method) || (method === 'HEAD' && methods.includes('GET'));
}

/** `return`: https://nginx.org/en/docs/http/ngx_http_rewrite_module.html#return */
function returned(server: Server, run: Run, node: Node): Response {
  const [first, second] = node.args;
  const code = first !== undefined && /^\d+$/.test(first.value) ? Number(first.value) : undefined;
  const what = `\`return ${node.args.map((word) => word.value).join(' ')}\``;
  if (code === undefined) {
    return special(server, run, 302, redirectBy(node));
  }
  if (CLOSING.has(code)) {
    return { status: code, answeredBy: { kind: 'error', what, place: placeOf(node) }, headers: [] };
  }
  if ([301, 302, 303, 307, 308].includes(code)) {
    return special(server, run, code, redirectBy(node));
  }
  const kind = code >= 400 ? 'error' : run.method === 'OPTIONS' ? 'preflight' : 'handler';
  const answeredBy: Answerer = { kind, what, place: placeOf(node) };
  return code < 400 || second !== undefined
    ? send(run, { status: code, answeredBy }, server.options)
    : special(server, run, code, answeredBy);
}

/** nginx closes the connection instead of answering. */
const CLOSING = new Set([408, 444, 499]);

/** Statuses that only choose an error page: 400 is sent. */
const SENT_AS_400 = new Set([494, 495, 496, 497]);

function redirectBy(node: Node): Answerer {
  const what = `\`${[node.name, ...node.args.map((word) => word.value)].join(' ')}\``;
  return { kind: 'redirect', what, place: placeOf(node) };
}

function by(kind: Answerer['kind'], what: string, level: Level, run: Run): Answerer {
  const node = level.node ?? run.server.node;
  return { kind, what, place: node === undefined ? NO_PLACE : headPlace(node) };
}

const NO_PLACE = { file: '', start: 0, end: 0 };

/**
 * A response that nginx makes up itself, an error or a redirect, with the `error_page` for it when there is one.
 * https://nginx.org/en/docs/http/ngx_http_core_module.html#error_page
 */
function special(server: Server, run: Run, status: number, answeredBy: Answerer): Response {
  run.errorStatus = undefined;
  const page =
    run.errorPageUsed && setting(run.level, 'recursive_error_pages') !== 'on' ? undefined : errorPage(run, status);
  if (page === undefined || !change(run)) {
    return send(run, { status: SENT_AS_400.has(status) ? 400 : status, answeredBy }, server.options);
  }
  run.errorPageUsed = true;
  run.ending = 'success';
  const target = evaluate(page.uri, page.node.file, run).text;
  if (target === undefined) {
    const reason = '`error_page` leads to a path that is not known';
    return { status: undefined, answeredBy, headers: [], open: reason };
  }
  if (target.startsWith('@')) {
    run.errorStatus = page.status(status);
    return toNamed(server, run, target);
  }
  if (target.startsWith('/')) {
    run.errorStatus = page.status(status);
    run.method = run.method === 'HEAD' ? 'HEAD' : 'GET';
    return toPath(server, run, target);
  }
  const code = page.status(status);
  const redirect = code !== undefined && [301, 302, 303, 307, 308].includes(code) ? code : 302;
  return send(run, { status: redirect, answeredBy: redirectBy(page.node) }, server.options);
}

interface ErrorPage {
  readonly node: Node;
  readonly uri: Node['args'][number];
  /** The status that is sent; undefined for the page's own. */
  status(error: number): number | undefined;
}

function errorPage(run: Run, status: number): ErrorPage | undefined {
  for (const node of inherited(run.level, 'error_page')) {
    const uri = node.args.at(-1);
    const before = node.args.at(-2)?.value ?? '';
    const override = before.startsWith('=');
    const codes = node.args.slice(0, override ? -2 : -1).map((word) => Number(word.value));
    if (uri !== undefined && codes.includes(status)) {
      const given = before === '=' ? undefined : Number(before.slice(1));
      return { node, uri, status: (error) => (override ? given : SENT_AS_400.has(error) ? 400 : error) };
    }
  }
  return undefined;
}

function toNamed(server: Server, run: Run, name: string): Response {
  const level = namedLocation(run.server, name);
  if (level === undefined) {
    return send(
      run,
      { status: 500, answeredBy: by('error', `the missing location ${name}`, run.level, run) },
      server.options,
    );
  }
  run.internal = true;
  run.level = level;
  return inLocation(server, run);
}

/** An internal redirect starts over at the server's rewrite directives. */
function toPath(server: Server, run: Run, target: string): Response {
  const { uri, args } = splitTarget(target);
  run.uri = uri;
  run.args = args;
  run.internal = true;
  run.level = run.server;
  return serve(server, run);
}

function content(server: Server, run: Run): Response {
  const tried = tryFiles(server, run);
  if (tried !== undefined) {
    return tried;
  }
  const found = contentOf(run);
  switch (found.kind) {
    case 'upstream':
      return upstream(server, run, found.answeredBy);
    case 'code':
      return send(run, { status: undefined, answeredBy: found.answeredBy, open: found.open }, server.options);
    case 'page':
      return run.method === 'GET' || run.method === 'HEAD'
        ? send(run, { status: 200, answeredBy: found.answeredBy }, server.options)
        : special(server, run, 405, { ...found.answeredBy, kind: 'method-gate' });
    case 'fragment':
      return send(
        run,
        { status: run.ending === 'success' ? 200 : run.ending, answeredBy: found.answeredBy, open: found.open },
        server.options,
      );
    case 'files':
      return staticFile(server, run, found.answeredBy, found.dav);
  }
}

function staticFile(server: Server, run: Run, answeredBy: Answerer, dav: readonly string[]): Response {
  const { uri, method } = run;
  if (uri === undefined) {
    return unknownPath(run);
  }
  if (dav.includes(method)) {
    return send(run, { status: undefined, answeredBy }, server.options);
  }
  const directory = uri.endsWith('/');
  const reads = method === 'GET' || method === 'HEAD';
  const gate: Answerer = { ...answeredBy, kind: 'method-gate', what: 'nginx, which serves files to GET and HEAD only' };
  if (!reads && method !== 'POST') {
    return special(server, run, 405, gate);
  }
  if (run.ending !== 'success' && !(run.ending === 404 && run.fellBack)) {
    return special(server, run, run.ending, { ...answeredBy, kind: run.ending === 404 ? 'not-found' : 'error' });
  }
  if (!reads && !directory) {
    return special(server, run, 405, gate);
  }
  if (directory) {
    return index(server, run, uri, answeredBy);
  }
  return send(run, { status: 200, answeredBy }, server.options);
}

/** A directory's index file is an internal redirect. https://nginx.org/en/docs/http/ngx_http_index_module.html */
function index(server: Server, run: Run, uri: string, answeredBy: Answerer): Response {
  if (setting(run.level, 'autoindex') === 'on') {
    return send(run, { status: 200, answeredBy }, server.options);
  }
  const word = inherited(run.level, 'index').at(-1)?.args[0];
  const file = inherited(run.level, 'index').at(-1)?.file ?? '';
  const name = word === undefined ? 'index.html' : evaluate(word, file, run).text;
  if (name === undefined) {
    return unknownPath(run);
  }
  if (!change(run)) {
    return tooManyChanges(server, run);
  }
  const query = run.args === '' ? '' : `?${run.args}`;
  return toPath(server, run, (name.startsWith('/') ? name : uri + name) + query);
}

/** Statuses that nginx gives by itself when the upstream does not answer. */
const GATEWAY_ERRORS = new Set([502, 504]);

function upstream(server: Server, run: Run, answeredBy: Answerer): Response {
  const { ending } = run;
  if (ending !== 'success' && GATEWAY_ERRORS.has(ending)) {
    return special(server, run, ending, answeredBy);
  }
  if (ending !== 'success' && ending >= 300 && interceptsErrors(run.level) && errorPage(run, ending) !== undefined) {
    return special(server, run, ending, answeredBy);
  }
  const status = ending === 'success' ? (run.method === 'OPTIONS' ? undefined : 200) : ending;
  const open = `${answeredBy.what} may bring headers of its own`;
  return send(run, { status, answeredBy, open }, server.options);
}

function interceptsErrors(level: Level): boolean {
  return ['proxy', 'fastcgi', 'uwsgi', 'scgi', 'grpc'].some(
    (module) => setting(level, `${module}_intercept_errors`) === 'on',
  );
}

/** https://nginx.org/en/docs/http/ngx_http_core_module.html#try_files: not inherited, and void in an `if`. */
function tryFiles(server: Server, run: Run): Response | undefined {
  const node = run.level.own.get('try_files')?.at(-1);
  const last = node?.args.at(-1);
  if (node === undefined || last === undefined || run.uri === undefined) {
    return undefined;
  }
  const code = /^=(\d+)$/.exec(last.value)?.[1];
  if (hasFile(run, run.uri, node, code !== undefined)) {
    return undefined;
  }
  if (code !== undefined) {
    return special(server, run, Number(code), { kind: 'not-found', what: '`try_files`', place: placeOf(node) });
  }
  const target = evaluate(last, node.file, run).text;
  if (target === undefined) {
    return unknownPath(run);
  }
  if (!change(run)) {
    return tooManyChanges(server, run);
  }
  run.fellBack = true;
  return target.startsWith('@') ? toNamed(server, run, target) : toPath(server, run, target);
}

/** Whether `try_files` finds a file: the fallback of an earlier one is taken to be there. */
function hasFile(run: Run, uri: string, node: Node, fallbackIsError: boolean): boolean {
  // `$uri` by itself stands for a file, never for a directory.
  const possible = node.args.slice(0, -1).some(({ value }) => !uri.endsWith('/') || value !== '$uri');
  if (run.ending !== 'success' || !possible) {
    return false;
  }
  if (fallbackIsError || (run.internal && node.args.some((word) => word.value === '$uri'))) {
    return true;
  }
  return run.decide(`there is a file for ${uri}`, `there is no file for ${uri}`);
}

/** `auth_request`: the status of a GET of its own for that path; undefined when it cannot be told. */
function subrequest(server: Server, outer: Run, target: string): number | undefined {
  const { uri, args } = splitTarget(target);
  const run: Run = {
    ...outer,
    method: 'GET',
    uri,
    args,
    level: outer.server,
    guards: new Map(),
    taken: [],
    variables: new Map(outer.variables),
    mapped: new Map(outer.mapped),
    changes: outer.changes - 1,
    errorStatus: undefined,
    errorPageUsed: true,
    internal: true,
    ending: 'success',
  };
  if (run.changes <= 0) {
    return undefined;
  }
  const response = serve(server, run);
  return response.answeredBy.kind === 'upstream' || response.answeredBy.kind === 'file' ? undefined : response.status;
}

function uncertain(server: Server, run: Run, node: Node): Response {
  const answeredBy: Answerer = { kind: 'handler', what: `\`${node.name}\``, place: placeOf(node) };
  return send(
    run,
    { status: undefined, answeredBy, open: `\`${node.name}\` may answer in its own way` },
    server.options,
  );
}

function unknownPath(run: Run): Response {
  const answeredBy = by('handler', describeLevel(homeOf(run.level)), run.level, run);
  return { status: undefined, answeredBy, headers: [], open: 'the path after a rewrite is not known' };
}

/** The responses that a request may get, one for each way the unknown may turn out. */
export function respond(server: Server, begin: (decide: Run['decide']) => Run): readonly Response[] {
  return merge(play(server, begin).map(({ response }) => response));
}

/** A response and how it came about. */
export interface Played {
  readonly run: Run;
  readonly response: Response;
}

/** One answer for each way the unknown may turn out. */
export function play(server: Server, begin: (decide: Run['decide']) => Run): readonly Played[] {
  const results: Played[] = [];
  let decisions: boolean[] = [];
  for (let i = 0; i < MOST_RUNS; i += 1) {
    const made: boolean[] = [];
    const words = new Map<string, { readonly truth: boolean; readonly shown: string }>();
    const run = begin((holds, otherwise) => {
      const known = words.get(holds);
      if (known !== undefined) {
        return known.truth;
      }
      const truth = decisions[made.length] ?? true;
      made.push(truth);
      words.set(holds, { truth, shown: truth ? holds : otherwise });
      return truth;
    });
    const response = settled(run, serve(server, run));
    const when = [...words.values()].map(({ shown }) => shown).join(' and ');
    results.push({ run, response: when === '' ? response : { ...response, when } });
    const last = made.lastIndexOf(true);
    if (last === -1) {
      return results;
    }
    decisions = [...made.slice(0, last), false];
  }
  return results.slice(0, 1).map(({ run, response: { answeredBy } }) => ({
    run,
    response: { status: undefined, answeredBy, headers: [], open: TOO_MANY },
  }));
}

/** What rests on a pattern that cannot be read is not known, whatever the rest says. */
function settled({ undecided }: Run, response: Response): Response {
  return undecided === undefined
    ? response
    : { status: undefined, answeredBy: response.answeredBy, headers: [], open: undecided };
}

/** More circumstances than this tell nobody anything. */
const MOST_RUNS = 16;
const TOO_MANY = 'it depends on too many things that are not known';

/** Responses that differ only in their circumstances are one; when all are, it is certain. */
function merge(responses: readonly Response[]): readonly Response[] {
  if (responses.length === 1) {
    return responses;
  }
  const groups = new Map<string, Response[]>();
  for (const response of responses) {
    const key = JSON.stringify([
      response.status,
      response.open === undefined,
      response.headers.map(({ name, place, value }) => [name, place, value]),
    ]);
    const group = groups.get(key) ?? [];
    group.push(response);
    groups.set(key, group);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) {
      return [];
    }
    const { when: _, ...certain } = first;
    return groups.size === 1 ? [certain] : [{ ...first, when: group.map(({ when }) => when ?? '').join(', or when ') }];
  });
}
