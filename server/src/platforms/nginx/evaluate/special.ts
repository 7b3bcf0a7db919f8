import type { Answerer, Response } from '../../../cors/http';
import { inherited, setting } from '../config/level';
import { type Node, placeOf } from '../config/node';
import { answerer, change, type Engine, redirectInternally } from './engine';
import { literal } from './known';
import { namedLocation } from './locate';
import type { Run } from './run';
import { send } from './send';
import { evaluate } from './variables';

/** Statuses that only choose an error page: 400 is sent. */
const SENT_AS_400 = new Set([494, 495, 496, 497]);

/**
 * A response that nginx makes up itself, an error or a redirect, with the `error_page` for it when there is one
 * (`ngx_http_special_response_handler`). https://nginx.org/en/docs/http/ngx_http_core_module.html#error_page
 */
export function special(engine: Engine, run: Run, status: number, answeredBy: Answerer): Response {
  run.errorStatus = undefined;
  const page = run.errorPageUsed ? undefined : errorPage(run, status);
  if (page === undefined || run.changes <= 0) {
    return send(run, { status: SENT_AS_400.has(status) ? 400 : status, answeredBy }, engine.options);
  }
  run.errorPageUsed = setting(run.level, 'recursive_error_pages') !== 'on';
  run.ending = 'success';
  const target = evaluate(page.uri, page.node.file, run);
  if (target.text === undefined) {
    const reason = '`error_page` leads to a path that is not known';
    return { status: undefined, answeredBy, headers: [], open: reason };
  }
  if (/^[@/]/.test(target.text) && !change(run)) {
    return tooManyChanges(engine, run);
  }
  if (target.text.startsWith('@')) {
    run.errorStatus = page.status(status);
    return toNamed(engine, run, target.text);
  }
  if (target.text.startsWith('/')) {
    run.errorStatus = page.status(status);
    run.method = run.method === 'HEAD' ? 'HEAD' : 'GET';
    return redirectInternally(engine, run, target.text);
  }
  const code = page.status(status);
  run.redirect = { target: literal(target.text, target.value.place), place: placeOf(page.node) };
  return send(
    run,
    { status: code !== undefined && isRedirect(code) ? code : 302, answeredBy: redirectBy(page.node) },
    engine.options,
  );
}

/** The 500 for the change of the path that was one too many; no error page can follow it. */
export function tooManyChanges(engine: Engine, run: Run): Response {
  run.errorStatus = undefined;
  const answeredBy = answerer('error', 'a redirection cycle', run.level, run);
  return send(run, { status: 500, answeredBy }, engine.options);
}

/** Whether an `error_page` takes this status over. */
export function hasErrorPage(run: Run, status: number): boolean {
  return errorPage(run, status) !== undefined;
}

export function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

export function redirectBy(node: Node): Answerer {
  const what = `\`${[node.name, ...node.args.map((word) => word.value)].join(' ')}\``;
  return { kind: 'redirect', what, place: placeOf(node) };
}

/** Goes on in a named location. Whoever does so has counted it with `change`. */
export function toNamed(engine: Engine, run: Run, name: string): Response {
  const level = namedLocation(run.server, name);
  if (level === undefined) {
    const answeredBy = answerer('error', `the missing location ${name}`, run.level, run);
    return send(run, { status: 500, answeredBy }, engine.options);
  }
  run.internal = true;
  run.level = level;
  run.taken.length = 0;
  return engine.inLocation(run);
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
