import type { Answerer, Request } from '../../../cors/http';
import type { Place } from '../../../cors/place';
import type { Handler } from '../app/handlerKind';
import { type Flow, opened, type Step } from '../flow/flow';

/**
 * What a known guard does where no credentials are read: it refuses a preflight unless it is known to let it by, and
 * refuses another request only where that is how the request is to end.
 */
export function authenticate(
  handler: Extract<Handler, { kind: 'authentication' }>,
  request: Request,
  place: Place,
  flow: Flow,
): readonly Step[] {
  const by: Answerer = { kind: 'authentication', what: handler.name, place };
  if (request.method === 'OPTIONS') {
    const asked = (request.headers.get('access-control-request-headers') ?? '')
      .split(',')
      .map((name) => name.trim().toLowerCase());
    if (handler.letsPreflight === 'with-authorization' && asked.includes('authorization'))
      return [{ kind: 'next', flow }];
    return [{ kind: 'answer', flow, by, status: 401 }];
  }
  if (request.ending === 401 || request.ending === 403) return [{ kind: 'answer', flow, by, status: request.ending }];
  return [{ kind: 'next', flow }];
}

/** `express.static(folder, { setHeaders })` sets whatever its function sets. */
export function withStaticHeaders(flow: Flow, handler: Extract<Handler, { kind: 'harmless' }>): Flow {
  const options = handler.value.kind === 'call' ? handler.value.arguments[1] : undefined;
  if (options === undefined) return flow;
  const isPlain =
    options.kind === 'object' && options.rest === null && !options.properties.some((one) => one.key === 'setHeaders');
  return isPlain ? flow : opened(flow, '`setHeaders` sets headers of its own');
}
