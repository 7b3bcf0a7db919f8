import type { Ending, Request } from '../../../../cors/http';
import type { Place } from '../../../../cors/place';
import type { OriginPolicy } from '../../../../cors/policy';
import type { FunctionValue, Reader } from '../../../../javascript';
import { mayEnd } from '../../flow/fitting';
import { type Flow, opened } from '../../flow/flow';
import { webNames } from './names';
import { policiesOn } from './policies';
import { apply, type Putting, under } from './put';
import { type WebWay, waysThrough } from './ways';

/** How a function from a `Request` to a `Response` ends for one request. */
export interface WebEnd {
  /** `next`: the request goes on; `nothing`: nothing is returned. */
  readonly kind: 'response' | 'redirect' | 'next' | 'nothing' | 'error' | 'unknown';
  readonly status: number | undefined;
  /** The headers of the response alone. */
  readonly flow: Flow;
  readonly place: Place;
}

/** The ends that the request does not rule out. */
export function runWeb(reader: Reader, fn: FunctionValue, request: Request): readonly WebEnd[] {
  const names = webNames(fn.function);
  return waysThrough(reader, fn).flatMap((way): readonly WebEnd[] => {
    const taken = under(reader, way.when, request, names);
    if (taken === null) return [];
    const { response } = way;
    const start = way.open === null ? taken.flow : opened(taken.flow, way.open);
    const put: Putting = { reader, request, names, unsure: taken.unsure };
    if (!('headers' in response)) {
      const kind = way.ended !== null && way.ended < 400 ? 'redirect' : 'error';
      return [{ kind, status: way.ended ?? 500, flow: start, place: way.place }];
    }
    const made = response.headers.reduce((on, setting) => apply(put, 'set', setting, on), start);
    const changed = way.changes.reduce(
      (on, { how, setting }) => (how === 'opaque' ? on : apply(put, how, setting, on)),
      made,
    );
    return [{ kind: response.kind, status: statusOf(way), flow: changed, place: way.place }];
  });
}

function statusOf({ response }: WebWay): number | undefined {
  if (!('headers' in response)) return undefined;
  const { status, kind, value } = response;
  if (kind === 'unknown') return undefined;
  if (status?.kind === 'number') return status.value;
  if (status !== null && status.kind !== 'undefined') return undefined;
  if (kind !== 'redirect') return 200;
  // NextResponse.redirect (next/dist/server/web/spec-extension/response.js), Response.redirect of the Fetch standard.
  const maker = value.kind === 'call' && value.callee.kind === 'member' ? value.callee.object : null;
  return maker?.kind === 'import' && maker.exported === 'NextResponse' ? 307 : 302;
}

/** Which ends fit the way that the request is to end. */
export function fittingEnds(ends: readonly WebEnd[], ending: Ending): readonly WebEnd[] {
  const fits = ends.filter(({ status }) => mayEnd(status, ending));
  return fits.length > 0 ? fits : ends;
}

/** The origin checks that the function makes: under which tests it sends the request's origin back. */
export function webPolicies(reader: Reader, fn: FunctionValue): readonly OriginPolicy[] {
  const ways = waysThrough(reader, fn).map(({ response, changes, when }) => ({
    settings: [
      ...('headers' in response ? response.headers : []),
      ...changes.flatMap(({ how, setting }) => (how === 'set' || how === 'append' ? [setting] : [])),
    ],
    when,
  }));
  return policiesOn(reader, ways, webNames(fn.function));
}
