import type { Endpoint } from '../../cors/endpoint';
import type { Request, Response } from '../../cors/http';
import type { Place } from '../../cors/place';
import type { GatewayCors } from '../cors/httpCors';
import type { HandlerReading } from '../lambda/handler';
import type { World } from '../template/worlds';
import { handlerResponses, isCors, withGatewayHeaders } from './handled';
import { fits, samplePath, takenBy } from './paths';
import { policiesIn, respondIn } from './resource';

/** A route of an HTTP API. */
export interface HttpRoute {
  readonly name: string;
  /** With a leading slash, or `*` for `$default`. */
  readonly path: string;
  /** In upper case, `ANY` among them. */
  readonly method: string;
  readonly place: Place;
  /** The authorizer, where one guards it. */
  readonly guard: Place | undefined;
  /** The headers that requests carry for the authorizer, as far as it is known which. */
  readonly requestHeaders: readonly string[];
  /** Where to point when the handler cannot be read. */
  readonly handlerPlace: Place;
  handler(): HandlerReading;
}

/** What an HTTP API's CORS configuration comes to. */
export type HttpApiCors =
  | { readonly kind: 'none' }
  | { readonly kind: 'cors'; readonly cors: GatewayCors }
  | { readonly kind: 'unknown'; readonly reason: string };

export interface HttpApi {
  readonly platform: string;
  /** "`CorsConfiguration` of the HTTP API". */
  readonly layer: string;
  readonly routes: readonly HttpRoute[];
  cors(): readonly World<HttpApiCors>[];
}

/**
 * The endpoint of one route. With CORS on, the gateway answers preflights itself unless a route takes OPTIONS: one for
 * OPTIONS, or one for any method on the same path.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
export function routeEndpoint(api: HttpApi, route: HttpRoute): Endpoint {
  const { path, method } = route;
  const isOwn = (asked: string): boolean => method === 'ANY' || asked === method || asked === 'OPTIONS';
  const paths = api.routes.map((one) => one.path);
  return {
    platform: api.platform,
    role: 'gateway',
    label: path === '*' ? `any path (${route.name})` : `${method} ${path} (${route.name})`,
    place: route.place,
    path: samplePath(path),
    matches: (asked, verb) => isOwn(verb) && fits(path, asked) && !takenBy(path, paths, asked),
    methods: method === 'ANY' ? undefined : [method],
    requestHeaders: route.requestHeaders,
    get policies() {
      return policiesIn(api.cors(), (cors) => (cors.kind === 'cors' ? cors.cors.policies : []));
    },
    respond: (request) =>
      respondIn(api.cors(), (cors) =>
        request.method === 'OPTIONS' ? options(api, route, cors, request) : answer(route, cors, request),
      ),
  };
}

function options(api: HttpApi, route: HttpRoute, cors: HttpApiCors, request: Request): readonly Response[] {
  const taker = optionsTaker(api, route);
  if (cors.kind === 'unknown') return [unread(route, cors.reason)];
  if (taker !== undefined) return answer(taker, cors, request);
  if (cors.kind === 'none') {
    const what = 'the gateway, for want of an OPTIONS route';
    return [{ status: 404, answeredBy: { kind: 'not-found', what, place: route.place }, headers: [] }];
  }
  const answeredBy = { kind: 'preflight', what: api.layer, place: cors.cors.place } as const;
  return [{ status: 204, answeredBy, headers: cors.cors.preflight }];
}

/** The route that an OPTIONS request is handed to. */
function optionsTaker({ routes }: HttpApi, route: HttpRoute): HttpRoute | undefined {
  const path = samplePath(route.path);
  const takes = routes.filter((one) => (one.method === 'OPTIONS' || one.method === 'ANY') && fits(one.path, path));
  return takes.find((one) => one.method === 'OPTIONS') ?? takes.find((one) => one.path === route.path);
}

function answer(route: HttpRoute, api: HttpApiCors, request: Request): readonly Response[] {
  if (api.kind === 'unknown') return [unread(route, api.reason)];
  const { ending } = request;
  const isPreflight = request.method === 'OPTIONS';
  const cors = api.kind === 'cors' ? api.cors : undefined;
  if (route.guard !== undefined && (isPreflight || ending === 401 || ending === 403)) {
    const status = typeof ending === 'number' ? ending : 401;
    const answeredBy = { kind: 'authentication', what: 'the authorizer', place: route.guard } as const;
    // Whether AWS adds its CORS headers to a refusal is not documented. A preflight is refused for its status alone.
    const open =
      cors !== undefined && !isPreflight ? 'AWS does not say whether a refusal carries CORS headers' : undefined;
    return [{ status, answeredBy, headers: [], ...(open === undefined ? {} : { open }) }];
  }
  const handled = handlerResponses(route.handler(), ending, route.handlerPlace, request);
  if (cors === undefined) return handled;
  return handled.map((response) => {
    const { status, ...rest } = withGatewayHeaders(response, isPreflight ? cors.preflight : cors.response);
    // The function answers the preflight with what it likes: its own status counts.
    return { ...rest, status: isPreflight && response.open !== undefined ? undefined : status };
  });
}

function unread({ place }: HttpRoute, open: string): Response {
  return { status: undefined, answeredBy: { kind: 'gateway', what: 'the HTTP API', place }, headers: [], open };
}

/**
 * What a function's URL answers: preflights by itself where CORS is set up, other requests by the function.
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html#urls-cors
 */
export function urlResponses(
  url: Pick<HttpRoute, 'place' | 'handlerPlace' | 'handler'> & { readonly layer: string },
  api: HttpApiCors,
  request: Request,
): readonly Response[] {
  const { place } = url;
  if (api.kind === 'unknown') {
    const answeredBy = { kind: 'gateway', what: 'the function URL', place } as const;
    return [{ status: undefined, answeredBy, headers: [], open: api.reason }];
  }
  const cors = api.kind === 'cors' ? api.cors : undefined;
  if (cors !== undefined && request.method === 'OPTIONS') {
    return [
      { status: 200, answeredBy: { kind: 'preflight', what: url.layer, place: cors.place }, headers: cors.preflight },
    ];
  }
  const handled = handlerResponses(url.handler(), request.ending, url.handlerPlace, request);
  if (cors === undefined) return handled;
  return handled.map((response) => {
    if (!response.headers.some(({ name }) => isCors(name))) return withGatewayHeaders(response, cors.response);
    return { ...response, open: 'the handler adds CORS headers of its own to those of the URL' };
  });
}
