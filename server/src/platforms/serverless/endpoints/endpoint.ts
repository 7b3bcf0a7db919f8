import type { ResourceEndpoint } from '../../../aws/endpoints/resource';
import type { HandlerReading } from '../../../aws/lambda/handler';
import type { Endpoint } from '../../../cors/endpoint';
import type { Response } from '../../../cors/http';
import type { HttpApi, HttpApiRoute } from '../service/httpApi';
import type { RestEvent } from '../service/rest';
import type { ServiceFunction } from '../service/service';
import type { FunctionUrl } from '../service/url';

/** An endpoint with what it was made of, for the platform's own rules and for edits. */
export type ServerlessEndpoint = Endpoint & { readonly platform: 'serverless' } & (
    | {
        readonly kind: 'rest';
        readonly event: RestEvent;
        /** The event that answers OPTIONS on this path by itself, if there is one. */
        readonly optionsEvent: RestEvent | undefined;
        /** Every event of the path, this one among them. */
        readonly siblings: readonly RestEvent[];
        /** Undefined where no handler makes the response. */
        handler(): HandlerReading | undefined;
      }
    | {
        readonly kind: 'http-api';
        readonly route: HttpApiRoute;
        readonly api: HttpApi;
        handler(): HandlerReading | undefined;
      }
    | { readonly kind: 'url'; readonly url: FunctionUrl; handler(): HandlerReading | undefined }
  );

/** Whether an endpoint is an event's or a URL's of a function, not one that a resource makes by itself. */
export function isOfFunction(endpoint: ServerlessEndpoint | ResourceEndpoint): endpoint is ServerlessEndpoint {
  return 'handler' in endpoint;
}

/** The function behind any endpoint. */
export function functionOf(endpoint: ServerlessEndpoint): ServiceFunction {
  if (endpoint.kind === 'rest') return endpoint.event.fn;
  return endpoint.kind === 'http-api' ? endpoint.route.fn : endpoint.url.fn;
}

/** Responses are never an empty list. */
export type Responses = readonly [Response, ...Response[]];
