import { type Cause, errorHeaders, type GatewayResponse, typesFor } from '../../../aws/cors/gatewayResponses';
import { mappedValue } from '../../../aws/cors/mapping';
import { handlerOrGateway } from '../../../aws/endpoints/handled';
import { fits, samplePath, takenBy } from '../../../aws/endpoints/paths';
import { readerOf, respondIn } from '../../../aws/endpoints/resource';
import type { Setting } from '../../../aws/template/reader';
import type { Resource } from '../../../aws/template/resources';
import { isTrue, literal, settingValue, unknownValue } from '../../../aws/template/values';
import { inEveryWorld, type World } from '../../../aws/template/worlds';
import type { Endpoint } from '../../../cors/endpoint';
import type { Answerer, Header, Request, Response } from '../../../cors/http';
import type { Place } from '../../../cors/place';
import type { Value } from '../../../cors/value';
import { entryPlace, placeOf } from '../../../yaml/places';
import type { YamlEntry } from '../../../yaml/tree';
import type { Template } from '../template';
import type { SamEvent, SamFunction } from './functions';
import { samGatewayResponses } from './gatewayResponses';
import { Layers } from './layers';

/** A REST API that SAM makes out of the events of functions. */
export interface SamRestApi {
  /** Undefined for the implicit one. */
  readonly resource: Resource | undefined;
  readonly events: readonly SamEvent[];
  /** In no circumstances: for what is certain. */
  readonly settings: Layers;
  /** The `Cors` setting, its own or that of `Globals`. */
  readonly cors: YamlEntry | undefined;
  readonly responses: readonly GatewayResponse[];
  /** The authorizer, or the demand for a key, that SAM puts in front of preflights too. */
  readonly preflightGuard: YamlEntry | undefined;
  /** What OPTIONS on a path of these events answers, for each set of circumstances. */
  preflight(path: string): readonly World<RestPreflight>[];
}

/** `_add_cors` of SAM's `api_generator.py`, and `add_cors` of its `swagger.py`. */
export type RestPreflight =
  | { readonly kind: 'none' }
  | { readonly kind: 'mock'; readonly place: Place; readonly headers: readonly Header[] }
  | { readonly kind: 'unknown'; readonly reason: string };

/** The REST APIs of a template whose paths are all known: those that a definition is given for are left out. */
export function samRestApis(template: Template, functions: readonly SamFunction[]): SamRestApi[] {
  const events = functions.flatMap((fn) => fn.events.filter(({ kind }) => kind === 'Api'));
  const explicit = template.resources.filter(({ type }) => type === 'AWS::Serverless::Api');
  const globals = template.globals('Api');
  return [undefined, ...explicit].flatMap((resource): SamRestApi[] => {
    const own = events.filter(({ api }) => (resource === undefined ? isImplicit(api) : api === resource.id));
    const settings = new Layers(readerOf(template, resource), resource?.properties, globals);
    const isDefined = ['DefinitionBody', 'DefinitionUri', 'MergeDefinitions'].some((key) => settings.setting(key));
    if (own.length === 0 || isDefined) return [];
    const known = new Map<string, readonly World<RestPreflight>[]>();
    return [
      {
        resource,
        events: own,
        settings,
        cors: settings.setting('Cors')?.entry,
        responses: samGatewayResponses(settings, template, resource?.id ?? IMPLICIT),
        preflightGuard: preflightGuard(settings),
        preflight(path) {
          const made =
            known.get(path) ??
            inEveryWorld((decide) =>
              readPreflight(
                new Layers(readerOf(template, resource, decide), resource?.properties, globals),
                verbsOf(own.filter((event) => trimmed(event.path) === trimmed(path))),
              ),
            );
          known.set(path, made);
          return made;
        },
      },
    ];
  });
}

/** What SAM calls the API that it makes for events that name none. */
const IMPLICIT = 'ServerlessRestApi';

function isImplicit(api: string | undefined): boolean {
  return api === undefined || api === IMPLICIT;
}

function trimmed(path: string): string {
  return path === '/' ? path : path.replace(/\/$/, '');
}

/** `AddDefaultAuthorizerToCorsPreflight` and `AddApiKeyRequiredToCorsPreflight` are on unless they are turned off. */
export function preflightGuard(settings: Layers): YamlEntry | undefined {
  const auth = settings.under('Auth');
  if (auth === undefined) return undefined;
  const authorizer = auth.setting('DefaultAuthorizer');
  const isOn = (key: string): boolean => {
    const setting = auth.setting(key);
    return setting === undefined || isTrue(setting) === true;
  };
  if (authorizer?.value.kind === 'node' && isOn('AddDefaultAuthorizerToCorsPreflight')) return authorizer.entry;
  const key = auth.setting('ApiKeyRequired');
  return key !== undefined && isTrue(key) === true && isOn('AddApiKeyRequiredToCorsPreflight') ? key.entry : undefined;
}

const ALL_METHODS = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];

/** @param verbs the methods of the path, in upper case; undefined where SAM's order of things decides */
export function readPreflight(settings: Layers, verbs: readonly string[] | undefined): RestPreflight {
  const cors = settings.setting('Cors');
  if (cors === undefined) return { kind: 'none' };
  const { value, entry } = cors;
  if (value.kind === 'unknown') return { kind: 'unknown', reason: value.reason };
  const block = value.kind === 'node' && value.node.kind === 'map' ? settings.under('Cors') : undefined;
  const place = entryPlace(entry);
  const layer = '`Cors` of the API';
  const header = (name: string, setting: Setting): Header => ({
    name,
    value: mapped(setting),
    place: entryPlace(setting.entry),
    layer,
  });
  const implied = (name: string, text: string): Header => ({
    name,
    value: literal(text, entry.key),
    place,
    layer,
    implied: true,
  });
  const impliedMethods = (known: readonly string[] | undefined): Header => {
    const name = 'Access-Control-Allow-Methods';
    if (known !== undefined) return implied(name, methodsOf(known).join(','));
    return { ...implied(name, ''), value: unknownValue('one of two paths has the OPTIONS method', entry.key) };
  };
  const optional = (name: string, key: string): Header[] => {
    const setting = block?.setting(key);
    return setting === undefined ? [] : [header(name, setting)];
  };
  const origin = block === undefined ? cors : block.setting('AllowOrigin');
  const methods = block?.setting('AllowMethods');
  const credentials = block?.setting('AllowCredentials');
  return {
    kind: 'mock',
    place,
    headers: [
      origin === undefined
        ? implied('Access-Control-Allow-Origin', '*')
        : header('Access-Control-Allow-Origin', origin),
      ...optional('Access-Control-Allow-Headers', 'AllowHeaders'),
      methods === undefined ? impliedMethods(verbs) : header('Access-Control-Allow-Methods', methods),
      ...optional('Access-Control-Max-Age', 'MaxAge'),
      ...credentialsHeader(credentials, layer),
    ],
  };
}

/** Of paths that differ in a last slash SAM gives one the OPTIONS method, with the methods of that one. */
function verbsOf(events: readonly SamEvent[]): readonly string[] | undefined {
  return new Set(events.map(({ path }) => path)).size > 1 ? undefined : events.map(({ method }) => method);
}

function methodsOf(names: readonly string[]): string[] {
  return names.includes('ANY') ? ALL_METHODS : [...new Set([...names, 'OPTIONS'])].sort();
}

function mapped(setting: Setting): Value {
  return settingValue(setting, (node) =>
    node.value === null ? unknownValue('it is empty', node) : mappedValue(String(node.value), node),
  );
}

/** Only the boolean counts: SAM sends nothing for `'true'` in quotes. */
function credentialsHeader(setting: Setting | undefined, layer: string): Header[] {
  if (setting === undefined) return [];
  const { value, entry } = setting;
  const base = { name: 'Access-Control-Allow-Credentials', place: entryPlace(entry), layer };
  if (value.kind !== 'node') return [{ ...base, value: unknownValue('it is known at deployment', entry.value) }];
  const is = value.node.kind === 'scalar' && value.node.value === true;
  return is ? [{ ...base, value: literal('true', entry.value) }] : [];
}

/** An event of a REST API as an endpoint, with what it was made of. */
export type SamRestEndpoint = Endpoint & {
  readonly kind: 'rest';
  readonly api: SamRestApi;
  readonly event: SamEvent;
  handler(): ReturnType<SamFunction['handler']>;
};

/** One endpoint for each event, except those that only answer OPTIONS. */
export function samRestEndpoints(template: Template, apis: readonly SamRestApi[]): SamRestEndpoint[] {
  return apis.flatMap((api) => {
    const paths = api.events.map(({ path }) => path);
    return api.events.flatMap((event): SamRestEndpoint[] => {
      const { path, method, fn } = event;
      if (method === 'OPTIONS') return [];
      const isOwn = (asked: string): boolean => method === 'ANY' || asked === method || asked === 'OPTIONS';
      const guard = guardOf(api, event);
      return [
        {
          kind: 'rest',
          api,
          event,
          platform: template.platform,
          role: 'gateway',
          label: `${method} ${path} (${fn.id})`,
          place: event.place,
          path: samplePath(path),
          matches: (asked, verb) => isOwn(verb) && fits(path, asked) && !takenBy(path, paths, asked),
          methods: method === 'ANY' ? undefined : [method],
          requestHeaders: headersOf(api, guard),
          policies: [],
          respond: (request) =>
            request.method === 'OPTIONS' ? options(api, event, request) : answer(api, event, request),
          handler: () => fn.handler(),
        },
      ];
    });
  });
}

/** The authorizer or the key that an event's requests need. */
export function guardOf({ settings }: SamRestApi, { properties }: SamEvent): YamlEntry | undefined {
  const auth = settings.reader.mapAt(properties, 'Auth');
  const own = settings.reader.setting(auth, 'Authorizer');
  if (own !== undefined) {
    return settings.reader.textAt(auth, 'Authorizer') === 'NONE' ? undefined : own.entry;
  }
  const whole = settings.under('Auth');
  const authorizer = whole?.setting('DefaultAuthorizer');
  if (authorizer !== undefined) return authorizer.entry;
  const key = settings.reader.setting(auth, 'ApiKeyRequired') ?? whole?.setting('ApiKeyRequired');
  return key !== undefined && isTrue(key) === true ? key.entry : undefined;
}

/** Authorizers read `Authorization` unless they say otherwise. */
function headersOf({ settings }: SamRestApi, guard: YamlEntry | undefined): string[] {
  if (guard === undefined) return [];
  if (guard.key.value === 'ApiKeyRequired') return ['X-Api-Key'];
  const name = guard.value.kind === 'scalar' ? String(guard.value.value) : '';
  const identity = settings.under('Auth')?.under('Authorizers')?.under(name)?.setting('Identity');
  return identity === undefined ? ['Authorization'] : [];
}

function options(api: SamRestApi, event: SamEvent, request: Request): readonly Response[] {
  const same = api.events.filter(({ path }) => trimmed(path) === trimmed(event.path));
  const own = same.find(({ method }) => method === 'OPTIONS');
  if (own !== undefined) return answer(api, own, request);
  const any = same.find(({ method }) => method === 'ANY');
  return respondIn(api.preflight(event.path), (made): readonly Response[] => {
    switch (made.kind) {
      case 'mock': {
        if (api.preflightGuard !== undefined) return [refusal(api, api.preflightGuard, 401)];
        const what = 'the OPTIONS method that `Cors` makes';
        return [{ status: 200, answeredBy: { kind: 'preflight', what, place: made.place }, headers: made.headers }];
      }
      case 'unknown': {
        const answeredBy = { kind: 'gateway', what: 'the gateway', place: event.place } as const;
        return [{ status: undefined, answeredBy, headers: [], open: made.reason }];
      }
      case 'none': {
        if (any !== undefined) return answer(api, any, request);
        const what = 'the gateway, for want of an OPTIONS method';
        return [gatewayError(api, 403, 'no-route', { kind: 'not-found', what, place: event.place }, true)];
      }
    }
  });
}

/** What the method answers. A preflight carries no credentials, so a guard refuses it. */
function answer(api: SamRestApi, event: SamEvent, request: Request): readonly Response[] {
  const { ending, method } = request;
  const guard = guardOf(api, event);
  if (guard !== undefined) {
    const status = method === 'OPTIONS' ? 401 : ending === 401 || ending === 403 ? ending : undefined;
    if (status !== undefined) return [refusal(api, guard, status, method === 'OPTIONS')];
  }
  const reading = event.fn.handler();
  const { handlerPlace } = event.fn;
  const answeredBy: Answerer = { kind: 'gateway', what: 'the gateway', place: event.place };
  const byGateway = (status: number): Response => gatewayError(api, status, 'other', answeredBy, false);
  return handlerOrGateway(byGateway, reading, handlerPlace, request);
}

function refusal(api: SamRestApi, guard: YamlEntry, status: number, isPreflight = true): Response {
  const isKey = guard.key.value === 'ApiKeyRequired';
  const what = isKey ? 'the demand for an API key' : 'the authorizer';
  const place = guard.value.source === guard.key.source ? placeOf(guard.key) : entryPlace(guard);
  const answeredBy: Answerer = { kind: 'authentication', what, place };
  return gatewayError(api, isKey ? 403 : status, 'authentication', answeredBy, isPreflight);
}

function gatewayError(
  api: SamRestApi,
  status: number,
  cause: Cause,
  answeredBy: Answerer,
  isPreflight: boolean,
): Response {
  const found = errorHeaders(api.responses, typesFor(status, cause));
  // A preflight is refused for its status alone; of other errors nothing is said while the template says nothing.
  const open = found === undefined && !isPreflight ? 'gateway responses may be set up elsewhere' : undefined;
  return { status, answeredBy, headers: found ?? [], ...(open === undefined ? {} : { open }) };
}
