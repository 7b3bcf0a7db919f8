import { gatewayCors } from '../../../aws/cors/httpCors';
import {
  type HttpApi,
  type HttpApiCors,
  type HttpRoute,
  routeEndpoint,
  urlResponses,
} from '../../../aws/endpoints/gatewayRoutes';
import { readHttpCors } from '../../../aws/endpoints/httpApiResources';
import { identityHeaders, USUAL_IDENTITY } from '../../../aws/endpoints/identity';
import { policiesIn, readerOf, respondIn } from '../../../aws/endpoints/resource';
import { isTrue } from '../../../aws/template/values';
import { inEveryWorld, type World } from '../../../aws/template/worlds';
import type { Endpoint } from '../../../cors/endpoint';
import type { Place } from '../../../cors/place';
import { entryPlace, placeOf } from '../../../yaml/places';
import type { YamlEntry } from '../../../yaml/tree';
import type { Template } from '../template';
import type { SamEvent, SamFunction } from './functions';
import { Layers } from './layers';

export type SamHttpEndpoint = Endpoint & {
  readonly kind: 'http-api';
  readonly event: SamEvent;
  readonly guard: YamlEntry | undefined;
  readonly cors: YamlEntry | undefined;
  handler(): ReturnType<SamFunction['handler']>;
};

export const LAYER = '`CorsConfiguration` of the HTTP API';

/** One endpoint for each `HttpApi` event, except those that only answer OPTIONS. */
export function samHttpEndpoints(template: Template, functions: readonly SamFunction[]): SamHttpEndpoint[] {
  const events = functions.flatMap((fn) => fn.events.filter(({ kind }) => kind === 'HttpApi'));
  const explicit = template.resources.filter(({ type }) => type === 'AWS::Serverless::HttpApi');
  const globals = template.globals('HttpApi');
  return [undefined, ...explicit].flatMap((resource) => {
    const own = events.filter(({ api }) =>
      resource === undefined ? api === undefined || api === 'ServerlessHttpApi' : api === resource.id,
    );
    const settings = new Layers(readerOf(template, resource), resource?.properties, globals);
    if (own.length === 0 || ['DefinitionBody', 'DefinitionUri'].some((key) => settings.setting(key))) return [];
    let worlds: readonly World<HttpApiCors>[] | undefined;
    const cors = (): readonly World<HttpApiCors>[] => {
      worlds ??= inEveryWorld((decide) =>
        readCors(new Layers(readerOf(template, resource, decide), resource?.properties, globals)),
      );
      return worlds;
    };
    const guards = new Map<HttpRoute, YamlEntry | undefined>();
    const routes = own.map((event): HttpRoute => {
      const guard = guardOf(settings, event);
      const route: HttpRoute = {
        name: event.fn.id,
        path: event.path,
        method: event.method,
        place: event.place,
        guard: guard && guardPlace(guard),
        requestHeaders: guard === undefined ? [] : headersOf(settings, guard),
        handlerPlace: event.fn.handlerPlace,
        handler: () => event.fn.handler(),
      };
      guards.set(route, guard);
      return route;
    });
    const api: HttpApi = { platform: template.platform, layer: LAYER, routes, cors };
    const entry = settings.setting('CorsConfiguration')?.entry;
    return own.flatMap((event, index): SamHttpEndpoint[] => {
      const route = routes[index];
      if (route === undefined || event.method === 'OPTIONS') return [];
      return [
        {
          ...routeEndpoint(api, route),
          kind: 'http-api',
          event,
          guard: guards.get(route),
          cors: entry,
          handler: () => event.fn.handler(),
        },
      ];
    });
  });
}

/** `true` lets every origin in and nothing more; `_add_cors` of SAM's `http_api_generator.py`. */
export function readCors(settings: Layers): HttpApiCors {
  const block = settings.setting('CorsConfiguration');
  const entry = block?.entry;
  if (block?.value.kind === 'node' && block.value.node.kind === 'scalar' && entry !== undefined) {
    if (isTrue(block) !== true) return { kind: 'none' };
    const place = entryPlace(entry);
    const at = placeOf(entry.value);
    return {
      kind: 'cors',
      cors: gatewayCors({
        layer: LAYER,
        place,
        origins: { items: [{ kind: 'literal', text: '*', place: at }], place, at },
        methods: undefined,
        headers: undefined,
        expose: undefined,
        credentials: undefined,
        maxAge: undefined,
      }),
    };
  }
  const merged = settings.under('CorsConfiguration');
  return readHttpCors(settings.reader, block, LAYER, (_, key) => merged?.setting(key));
}

/** The event's own authorizer, else the API's default one. */
function guardOf(settings: Layers, { properties }: SamEvent): YamlEntry | undefined {
  const { reader } = settings;
  const auth = reader.mapAt(properties, 'Auth');
  const own = reader.setting(auth, 'Authorizer');
  if (own !== undefined) return reader.textAt(auth, 'Authorizer') === 'NONE' ? undefined : own.entry;
  return settings.under('Auth')?.setting('DefaultAuthorizer')?.entry;
}

/** What the authorizer reads: `IdentitySource` of one that checks tokens, `Identity` of a function. */
function headersOf(settings: Layers, { value }: YamlEntry): readonly string[] {
  const name = value.kind === 'scalar' ? String(value.value) : '';
  if (name === 'AWS_IAM') return USUAL_IDENTITY;
  const authorizer = settings.under('Auth')?.under('Authorizers')?.under(name);
  const source = authorizer?.setting('IdentitySource')?.value;
  if (source?.kind === 'node') return identityHeaders(source.node);
  const headers = authorizer?.under('Identity')?.setting('Headers')?.value;
  return headers?.kind === 'node' && headers.node.kind === 'list'
    ? headers.node.items.flatMap((item) => (item.kind === 'scalar' ? String(item.value) : []))
    : [];
}

function guardPlace(guard: YamlEntry): Place {
  return placeOf(guard.key);
}

export type SamUrlEndpoint = Endpoint & {
  readonly kind: 'url';
  readonly fn: SamFunction;
  handler(): ReturnType<SamFunction['handler']>;
};

/** The functions' own addresses: any path, any method. */
export function samUrlEndpoints(template: Template, functions: readonly SamFunction[]): SamUrlEndpoint[] {
  const globals = template.globals('Function');
  const layer = '`Cors` of the function URL';
  return functions.flatMap((fn): SamUrlEndpoint[] => {
    const certain = new Layers(readerOf(template, fn.resource), fn.resource.properties, globals);
    const setting = certain.setting('FunctionUrlConfig');
    if (setting === undefined) return [];
    let worlds: readonly World<HttpApiCors>[] | undefined;
    const cors = (): readonly World<HttpApiCors>[] => {
      worlds ??= inEveryWorld((decide) => {
        const whole = new Layers(readerOf(template, fn.resource, decide), fn.resource.properties, globals).under(
          'FunctionUrlConfig',
        );
        const merged = whole?.under('Cors');
        return whole === undefined
          ? { kind: 'unknown', reason: 'the URL is known at deployment' }
          : readHttpCors(whole.reader, whole.setting('Cors'), layer, (_, key) => merged?.setting(key));
      });
      return worlds;
    };
    const place = placeOf(setting.entry.key);
    const url = { place, handlerPlace: fn.handlerPlace, layer, handler: () => fn.handler() };
    return [
      {
        kind: 'url',
        fn,
        platform: template.platform,
        role: 'gateway',
        label: `the URL of ${fn.id}`,
        place,
        path: '/',
        matches: () => true,
        methods: undefined,
        requestHeaders: [],
        get policies() {
          return policiesIn(cors(), (one) => (one.kind === 'cors' ? one.cors.policies : []));
        },
        respond: (request) => respondIn(cors(), (one) => urlResponses(url, one, request)),
        handler: () => fn.handler(),
      },
    ];
  });
}
