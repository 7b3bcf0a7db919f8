import type { GatewayCors } from '../../../aws/cors/httpCors';
import { handlerPolicies, handlerResponses, withGatewayHeaders } from '../../../aws/endpoints/handled';
import { identityHeaders, USUAL_IDENTITY } from '../../../aws/endpoints/identity';
import { fits, samplePath, takenBy } from '../../../aws/endpoints/paths';
import type { HandlerReader, HandlerReading, Payload } from '../../../aws/lambda/handler';
import type { Request, Response } from '../../../cors/http';
import { entryPlace, placeOf } from '../../../yaml/places';
import { entryOf } from '../../../yaml/tree';
import { frameworkCors } from '../gateway/httpCors';
import { REST_DEFAULT_HEADERS } from '../gateway/restLists';
import type { HttpApi, HttpApiRoute } from '../service/httpApi';
import { HTTP_API } from '../service/logicalIds';
import type { Overrides } from '../service/overrides';
import type { Service } from '../service/service';
import type { ServerlessEndpoint } from './endpoint';

/** The methods that `cors: true` allows: OPTIONS and those of the routes, `*` meaning these. */
const ALL_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'OPTIONS', 'HEAD', 'DELETE'];

/** The HTTP API's endpoints: one for each `httpApi` event, except those that only answer OPTIONS. */
export function httpApiEndpoints(
  service: Service,
  api: HttpApi,
  overrides: Overrides,
  handlers: HandlerReader,
): ServerlessEndpoint[] {
  const unread = unreadable(api, overrides);
  let made: GatewayCors | undefined;
  const cors = (): GatewayCors | undefined => {
    if (unread !== undefined || (api.cors.kind !== 'default' && api.cors.kind !== 'map')) return undefined;
    made ??= frameworkCors(service, api.cors, {
      layer: '`cors` of the HTTP API',
      headers: REST_DEFAULT_HEADERS,
      methods: defaultMethods(api.routes),
      nullRemoves: false,
    });
    return made;
  };
  return api.routes.flatMap((route) => {
    const { path, method } = route;
    if (path === undefined || method === undefined || method === 'OPTIONS') return [];
    return [new Route(service, api, route, path, method, cors, unread, handlers).endpoint()];
  });
}

/** Why the API's CORS cannot be read here. */
function unreadable(api: HttpApi, overrides: Overrides): string | undefined {
  if (api.external !== undefined) return 'the API is made elsewhere';
  if (api.unread !== undefined) return api.unread;
  return api.cors.kind === 'unknown' ? api.cors.reason : overrides.of(HTTP_API);
}

function defaultMethods(routes: readonly HttpApiRoute[]): string[] {
  const methods = new Set(['OPTIONS']);
  for (const { method } of routes) {
    if (method === 'ANY') for (const one of ALL_METHODS) methods.add(one);
    else if (method !== undefined) methods.add(method);
  }
  return [...methods];
}

const PAYLOADS: readonly Payload[] = ['1.0', '2.0'];

class Route {
  constructor(
    private readonly service: Service,
    private readonly api: HttpApi,
    private readonly route: HttpApiRoute,
    private readonly path: string,
    private readonly method: string,
    private readonly cors: () => GatewayCors | undefined,
    private readonly unread: string | undefined,
    private readonly handlers: HandlerReader,
  ) {}

  endpoint(): ServerlessEndpoint {
    const { service, api, route, path, method, cors } = this;
    const self = this;
    const isOwn = (asked: string): boolean => method === 'ANY' || asked === method || asked === 'OPTIONS';
    const paths = api.routes.flatMap((one) => one.path ?? []);
    return {
      kind: 'http-api',
      platform: 'serverless',
      role: 'gateway',
      label: path === '*' ? `any path (${route.fn.name})` : `${method} ${path} (${route.fn.name})`,
      place: placeOf(route.pathNode),
      path: samplePath(path),
      matches: (asked, verb) => isOwn(verb) && fits(path, asked) && !takenBy(path, paths, asked),
      methods: method === 'ANY' ? undefined : [method],
      requestHeaders: this.requestHeaders(),
      ...(service.partial === undefined ? {} : { partial: service.partial }),
      get policies() {
        return cors()?.policies ?? handlerPolicies(self.handlerOf(route));
      },
      respond: (request) => (request.method === 'OPTIONS' ? this.options(request) : this.answer(route, request)),
      route,
      api,
      handler: () => this.handlerOf(route),
    };
  }

  /** What the authorizer reads; nothing where that stands elsewhere. */
  private requestHeaders(): readonly string[] {
    const { resolver, provider } = this.service;
    const guard = resolver.certain(this.route.guard?.value);
    const named = guard?.kind === 'map' ? resolver.get(guard, 'name') : guard;
    const kind = guard?.kind === 'map' ? resolver.get(guard, 'type') : guard;
    if (kind?.kind === 'scalar' && kind.value === 'aws_iam') return USUAL_IDENTITY;
    if (named?.kind !== 'scalar') return [];
    const settings = resolver.certain(entryOf(provider, 'httpApi')?.value);
    const authorizer = resolver.get(resolver.get(settings, 'authorizers'), String(named.value));
    return identityHeaders(resolver.get(authorizer, 'identitySource'));
  }

  private options(request: Request): readonly Response[] {
    const taker = this.optionsTaker();
    if (this.unread !== undefined) return [this.unreadResponse(taker ?? this.route)];
    const cors = this.cors();
    if (taker !== undefined) return this.answer(taker, request);
    if (cors === undefined) {
      const what = 'the gateway, for want of an OPTIONS route';
      return [
        { status: 404, answeredBy: { kind: 'not-found', what, place: placeOf(this.route.pathNode) }, headers: [] },
      ];
    }
    const answeredBy = { kind: 'preflight', what: '`cors` of the HTTP API', place: cors.place } as const;
    return [{ status: 204, answeredBy, headers: cors.preflight }];
  }

  /** The route that an OPTIONS request is handed to: one for OPTIONS, or one for any method. */
  private optionsTaker(): HttpApiRoute | undefined {
    const path = samplePath(this.path);
    const takes = this.api.routes.filter(
      (one) => (one.method === 'OPTIONS' || one.method === 'ANY') && one.path !== undefined && fits(one.path, path),
    );
    return takes.find((one) => one.method === 'OPTIONS') ?? takes.find((one) => one.path === this.path);
  }

  private answer(route: HttpApiRoute, request: Request): readonly Response[] {
    if (this.unread !== undefined) return [this.unreadResponse(route)];
    const { ending } = request;
    const isPreflight = request.method === 'OPTIONS';
    const cors = this.cors();
    const headers = isPreflight ? cors?.preflight : cors?.response;
    if (route.guard !== undefined && (isPreflight || ending === 401 || ending === 403)) {
      const place = entryPlace(route.guard);
      const status = typeof ending === 'number' ? ending : 401;
      const answeredBy = { kind: 'authentication', what: 'the authorizer', place } as const;
      // Whether AWS adds its CORS headers to a refusal is not documented. A preflight is refused for its status alone.
      const isOpen = cors !== undefined && !isPreflight;
      const open = isOpen ? { open: 'AWS does not say whether a refusal carries CORS headers' } : {};
      return [{ status, answeredBy, headers: [], ...open }];
    }
    const place = placeOf(route.fn.handler?.node ?? route.fn.key);
    const handled = handlerResponses(this.handlerOf(route), ending, place, request);
    if (headers === undefined) return handled;
    return handled.map((response) => {
      const { status, ...rest } = withGatewayHeaders(response, headers);
      // The function answers the preflight with what it likes: its own status counts.
      return { ...rest, status: isPreflight && response.open !== undefined ? undefined : status };
    });
  }

  private unreadResponse(route: HttpApiRoute): Response {
    const place = placeOf(route.pathNode);
    return {
      status: undefined,
      answeredBy: { kind: 'gateway', what: 'the HTTP API', place },
      headers: [],
      open: this.unread ?? 'the API cannot be read',
    };
  }

  /** The format of the events: the newer one unless the file says otherwise. */
  private payload(): Payload | undefined {
    const { resolver, provider } = this.service;
    const settings = resolver.certain(entryOf(provider, 'httpApi')?.value);
    const entry = entryOf(settings, 'payload');
    if (entry === undefined) return '2.0';
    const value = resolver.certain(entry.value);
    return value?.kind === 'scalar' ? PAYLOADS.find((one) => one === String(value.value)) : undefined;
  }

  private handlerOf(route: HttpApiRoute): HandlerReading {
    const { handler } = route.fn;
    if (handler === undefined) return { kind: 'unknown', reason: 'the function names no handler that can be read' };
    return this.handlers.read(handler.text, this.payload());
  }
}
