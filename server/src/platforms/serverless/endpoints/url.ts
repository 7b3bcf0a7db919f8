import type { GatewayCors } from '../../../aws/cors/httpCors';
import { handlerPolicies, handlerResponses, isCors, withGatewayHeaders } from '../../../aws/endpoints/handled';
import type { HandlerReader, HandlerReading } from '../../../aws/lambda/handler';
import type { Request, Response } from '../../../cors/http';
import { entryPlace, placeOf } from '../../../yaml/places';
import { frameworkCors } from '../gateway/httpCors';
import { urlId } from '../service/logicalIds';
import type { Overrides } from '../service/overrides';
import type { Service } from '../service/service';
import type { FunctionUrl } from '../service/url';
import type { ServerlessEndpoint } from './endpoint';

/** The defaults of `functions.js` (serverless 3.40, osls 4.3). */
const DEFAULT_HEADERS = [
  'Content-Type',
  'X-Amz-Date',
  'Authorization',
  'X-Api-Key',
  'X-Amz-Security-Token',
  'X-Amzn-Trace-Id',
];

/** The functions' own addresses: any path, any method. */
export function urlEndpoints(
  service: Service,
  urls: readonly FunctionUrl[],
  overrides: Overrides,
  handlers: HandlerReader,
): ServerlessEndpoint[] {
  return urls.map((url) => {
    let made: GatewayCors | undefined;
    const open = url.cors.kind === 'unknown' ? url.cors.reason : overrides.of(urlId(url.fn.name));
    const cors = (): GatewayCors | undefined => {
      if (open !== undefined || (url.cors.kind !== 'default' && url.cors.kind !== 'map')) return undefined;
      made ??= frameworkCors(service, url.cors, {
        layer: '`cors` of the function URL',
        headers: DEFAULT_HEADERS,
        methods: ['*'],
        nullRemoves: true,
      });
      return made;
    };
    const handler = (): HandlerReading => {
      if (url.fn.handler === undefined)
        return { kind: 'unknown', reason: 'the function names no handler that can be read' };
      return handlers.read(url.fn.handler.text, '2.0');
    };
    return {
      kind: 'url',
      platform: 'serverless',
      role: 'gateway',
      label: `the URL of ${url.fn.name}`,
      place: placeOf(url.entry.key),
      path: '/',
      matches: () => true,
      methods: undefined,
      requestHeaders: [],
      ...(service.partial === undefined ? {} : { partial: service.partial }),
      get policies() {
        return cors()?.policies ?? handlerPolicies(handler());
      },
      respond: (request: Request) => respond(url, open, cors(), handler, request),
      url,
      handler,
    };
  });
}

function respond(
  url: FunctionUrl,
  open: string | undefined,
  cors: GatewayCors | undefined,
  handler: () => HandlerReading,
  request: Request,
): readonly Response[] {
  const place = placeOf(url.fn.handler?.node ?? url.fn.key);
  if (open !== undefined) {
    const at = entryPlace(url.cors.kind === 'none' ? url.entry : url.cors.entry);
    return [
      { status: undefined, answeredBy: { kind: 'gateway', what: 'the function URL', place: at }, headers: [], open },
    ];
  }
  if (cors !== undefined && request.method === 'OPTIONS') {
    const answeredBy = { kind: 'preflight', what: '`cors` of the function URL', place: cors.place } as const;
    return [{ status: 200, answeredBy, headers: cors.preflight }];
  }
  const handled = handlerResponses(handler(), request.ending, place, request);
  if (cors === undefined) return handled;
  return handled.map((response) => {
    if (!response.headers.some(({ name }) => isCors(name))) return withGatewayHeaders(response, cors.response);
    return { ...response, open: 'the handler adds CORS headers of its own to those of the URL' };
  });
}
