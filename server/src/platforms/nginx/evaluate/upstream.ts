import type { Answerer, Header, Response } from '../../../cors/http';
import { inherited, type Level, setting } from '../config/level';
import type { Content } from './content';
import type { Engine } from './engine';
import { type Forwarded, forward } from './forward';
import { locationHeader } from './redirect';
import type { Run } from './run';
import { send } from './send';
import { captureServerName } from './server-name';
import { hasErrorPage, special } from './special';
import { CLOSING_STATUSES, GATEWAY_ERRORS } from './statuses';
import { upstreamLocation } from './upstream-location';

type Upstream = Extract<Content, { kind: 'upstream' }>;

/**
 * Passes the request on. A server of the same configuration answers for itself; of any other upstream only the status
 * is known, from the request's ending.
 */
export function passOn(engine: Engine, run: Run, upstream: Upstream): Response {
  const forwarded = upstream.node.name === 'proxy_pass' ? forward(run, upstream.node) : undefined;
  return forwarded === undefined
    ? unknownUpstream(engine, run, upstream.answeredBy)
    : knownUpstream(engine, run, upstream, forwarded);
}

function unknownUpstream(engine: Engine, run: Run, answeredBy: Answerer): Response {
  const { ending } = run;
  run.upstream = 'unknown';
  if (ending !== 'success' && (GATEWAY_ERRORS.has(ending) || intercepts(run, ending))) {
    return special(engine, run, ending, answeredBy);
  }
  const status = ending === 'success' ? (run.method === 'OPTIONS' ? undefined : 200) : ending;
  const open = `${answeredBy.what} may bring headers of its own`;
  return send(run, { status, answeredBy, open }, engine.options);
}

function knownUpstream(engine: Engine, run: Run, { node, answeredBy }: Upstream, forwarded: Forwarded): Response {
  const inner = forwarded.begin();
  captureServerName(inner);
  const response = engine.serve(inner);
  run.undecided ??= inner.undecided;
  for (const [key, policy] of inner.policies) {
    run.policies.set(key, policy);
  }
  const { status, open } = response;
  if (status !== undefined && CLOSING_STATUSES.has(status)) {
    return special(engine, run, 502, answeredBy);
  }
  const brought = forwarded.seenFromOutside(response).filter(({ value }) => value.kind !== 'absent');
  run.upstream = open === undefined && status !== undefined ? brought : 'unknown';
  if (status !== undefined && intercepts(run, status)) {
    return special(engine, run, status, answeredBy);
  }
  const passed = brought.filter((header) => !isHidden(header, run.level));
  const location = passed.find(({ name }) => name.toLowerCase() === 'location');
  const from = passed.filter((header) => header !== location);
  if (location !== undefined) {
    // A redirect whose `error_page` led here keeps its own line.
    const earlier = locationHeader(run);
    run.redirect = upstreamLocation(location, node, run);
    const later = earlier && locationHeader(run);
    if (earlier !== undefined && later !== undefined) {
      from.unshift(earlier, later);
      run.redirect = undefined;
    }
  }
  return send(
    run,
    { status, answeredBy: response.answeredBy, from, ...(open === undefined ? {} : { open }) },
    engine.options,
  );
}

/** `proxy_intercept_errors` hands errors and redirects to an `error_page` that there is for them. */
function intercepts(run: Run, status: number): boolean {
  return status >= 300 && INTERCEPTING.some((name) => setting(run.level, name) === 'on') && hasErrorPage(run, status);
}

const INTERCEPTING = ['proxy', 'fastcgi', 'uwsgi', 'scgi', 'grpc'].map((module) => `${module}_intercept_errors`);

/** https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_hide_header */
function isHidden({ name }: Header, level: Level): boolean {
  const lower = name.toLowerCase();
  return inherited(level, 'proxy_hide_header').some(({ args }) => args[0]?.value.toLowerCase() === lower);
}
