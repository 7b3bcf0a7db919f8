import type { Answerer, Ending, Header, Request, Response } from '../../cors/http';
import {
  ALLOW_CREDENTIALS,
  ALLOW_HEADERS,
  ALLOW_METHODS,
  ALLOW_ORIGIN,
  EXPOSE_HEADERS,
  MAX_AGE,
} from '../../cors/names';
import { type Place, samePlace } from '../../cors/place';
import type { OriginPolicy } from '../../cors/policy';
import type { HandlerReading, HandlerResponse } from '../lambda/handler';

const CORS: ReadonlySet<string> = new Set([
  ALLOW_ORIGIN,
  ALLOW_CREDENTIALS,
  ALLOW_METHODS,
  ALLOW_HEADERS,
  EXPOSE_HEADERS,
  MAX_AGE,
]);

/**
 * The responses of a handler that ends this way: those of that status, or with a status that is computed. A way of
 * ending that the handler is not seen to have gives one response of which nothing else is known.
 * @param place where to point when the handler cannot be read: the function's `handler`
 * @param request leaves out the branches that its method and origin rule out; without it all are possible
 */
export function handlerResponses(
  reading: HandlerReading | undefined,
  ending: Ending,
  place: Place,
  request?: Request,
): Response[] {
  const status = ending === 'success' ? undefined : ending;
  if (reading?.kind !== 'responses') return [unread(reading?.reason ?? 'there is no handler', status ?? 200, place)];
  const fitting = reading.responses.filter(
    (response) => endsSo(response, ending) && (request === undefined || response.taken(request) !== 'no'),
  );
  if (fitting.length === 0) return [unread('the handler is not seen to end this way', status ?? 200, place)];
  return fitting.map((response) => ({
    status: response.status ?? status ?? (response.open === undefined ? 200 : undefined),
    answeredBy: handlerAt(response.place),
    headers: response.headers,
    ...(response.open === undefined ? {} : { open: response.open }),
    // The ending itself picks one of several; only among those that end alike does the branch need telling.
    ...(fitting.length === 1 || response.when === undefined ? {} : { when: response.when }),
  }));
}

/** Throttling, a crash, an answer that is no response, a time-out: the gateway answers these by itself. */
const GATEWAY_STATUSES: ReadonlySet<Ending> = new Set([429, 502, 503, 504]);

/**
 * What a method of a REST API answers: the handler, or the gateway by itself. A handler that is seen to answer with a
 * status of the gateway's own may be the one that does.
 * @param gateway the gateway's own answer
 * @param reading,place,request as for `handlerResponses`
 */
export function handlerOrGateway(
  gateway: (status: number) => Response,
  reading: HandlerReading | undefined,
  place: Place,
  request: Request,
): Response[] {
  const { ending } = request;
  if (typeof ending !== 'number' || !GATEWAY_STATUSES.has(ending)) {
    return handlerResponses(reading, ending, place, request);
  }
  const own = reading?.kind === 'responses' ? reading.responses.filter(({ status }) => status === ending) : [];
  if (reading?.kind !== 'responses' || own.length === 0) return [gateway(ending)];
  return [
    ...handlerResponses({ ...reading, responses: own }, ending, place, request),
    { ...gateway(ending), when: 'the gateway answers by itself' },
  ];
}

/** The checks by which a handler sends a request's own origin back, each once. */
export function handlerPolicies(reading: HandlerReading | undefined): readonly OriginPolicy[] {
  if (reading?.kind !== 'responses') return [];
  const policies = reading.responses.flatMap((response) => response.policies);
  return policies.filter(
    ({ place, entries }, i) =>
      policies.findIndex((other) => samePlace(other.place, place) && other.entries.length === entries.length) === i,
  );
}

function endsSo({ status, error, clientErrors }: HandlerResponse, ending: Ending): boolean {
  if (clientErrors) return typeof ending === 'number' && ending >= 400 && ending < 500;
  if (ending === 'success') return status === undefined ? !error : status < 400;
  return status === undefined ? error || ending >= 400 : status === ending;
}

function unread(reason: string, status: number, place: Place): Response {
  return { status, answeredBy: handlerAt(place), headers: [], open: reason };
}

function handlerAt(place: Place): Answerer {
  return { kind: 'handler', what: 'the handler', place };
}

/** The response with the gateway's CORS headers in the place of the handler's own. */
export function withGatewayHeaders(response: Response, headers: readonly Header[]): Response {
  const { open: _, ...rest } = response;
  return { ...rest, headers: [...response.headers.filter(({ name }) => !isCors(name)), ...headers] };
}

export function isCors(name: string): boolean {
  return CORS.has(name.toLowerCase());
}
