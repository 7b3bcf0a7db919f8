import type { Answerer, Header, Response, Withheld } from '../../../cors/http';
import { setting } from '../config/level';
import { type Node, placeOf } from '../config/node';
import { askApplication } from './application';
import type { Content } from './content';
import type { Engine } from './engine';
import { type Forwarded, forward } from './forward';
import { hiddenBy } from './hidden';
import { locationHeader } from './redirect';
import type { Run } from './run';
import { send } from './send';
import { captureServerName } from './server-name';
import { hasErrorPage, special } from './special';
import { CLOSING_STATUSES, GATEWAY_ERRORS } from './statuses';
import { upstreamLocation } from './upstream-location';

type Upstream = Extract<Content, { kind: 'upstream' }>;

/**
 * Passes the request on. A server of the same configuration answers for itself, and so does an application of the
 * workspace; of any other upstream only the status is known, from the request's ending.
 */
export function passOn(engine: Engine, run: Run, upstream: Upstream): Response {
  const answer = upstream.node.name === 'proxy_pass' ? answerOf(engine, run, upstream.node) : undefined;
  return answer === undefined
    ? unknownUpstream(engine, run, upstream.answeredBy)
    : knownUpstream(engine, run, upstream, answer);
}

/** What a server that is known gives, with its headers as they depend on the request that came in. */
export interface UpstreamAnswer {
  readonly response: Response;
  readonly headers: readonly Header[];
}

function answerOf(engine: Engine, run: Run, node: Node): UpstreamAnswer | undefined {
  const forwarded = forward(run, node);
  return forwarded === undefined ? askApplication(engine, run, node) : askOwnServer(engine, run, forwarded);
}

function askOwnServer(engine: Engine, run: Run, forwarded: Forwarded): UpstreamAnswer {
  const inner = forwarded.begin();
  captureServerName(inner);
  const response = engine.serve(inner);
  run.undecided ??= inner.undecided;
  run.behind = inner.behind;
  run.behindPath = inner.behindPath;
  for (const [holds, is] of inner.rests) run.rests.set(holds, is);
  for (const [key, policy] of inner.policies) run.policies.set(key, policy);
  return { response, headers: forwarded.seenFromOutside(response) };
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

function knownUpstream(engine: Engine, run: Run, { node, answeredBy }: Upstream, answer: UpstreamAnswer): Response {
  const { response } = answer;
  const { status, open } = response;
  if (status !== undefined && CLOSING_STATUSES.has(status)) {
    return special(engine, run, 502, answeredBy);
  }
  const brought = answer.headers.filter(({ value }) => value.kind !== 'absent');
  run.upstream = open === undefined && status !== undefined ? brought : 'unknown';
  if (status !== undefined && intercepts(run, status)) {
    return special(engine, run, status, answeredBy);
  }
  const withheld = [...(response.withheld ?? []), ...brought.flatMap((header) => withheldHere(header, run))];
  const passed = brought.filter((header) => hiddenBy(header, run.level) === undefined);
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
    { status, answeredBy: response.answeredBy, from, withheld, ...(open === undefined ? {} : { open }) },
    engine.options,
  );
}

/** An application's header that is not passed on; those of nginx's own servers are all one configuration's. */
function withheldHere(header: Header, run: Run): Withheld[] {
  const line = header.isBehind === true ? hiddenBy(header, run.level) : undefined;
  return line === undefined ? [] : [{ header, by: placeOf(line) }];
}

/** `proxy_intercept_errors` hands errors and redirects to an `error_page` that there is for them. */
function intercepts(run: Run, status: number): boolean {
  return status >= 300 && INTERCEPTING.some((name) => setting(run.level, name) === 'on') && hasErrorPage(run, status);
}

const INTERCEPTING = ['proxy', 'fastcgi', 'uwsgi', 'scgi', 'grpc'].map((module) => `${module}_intercept_errors`);
