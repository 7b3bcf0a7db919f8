import { errorHeaders, typesFor } from '../../../aws/cors/gatewayResponses';
import { handlerOrGateway, handlerPolicies } from '../../../aws/endpoints/handled';
import { fits, samplePath, takenBy } from '../../../aws/endpoints/paths';
import type { HandlerReader, HandlerReading } from '../../../aws/lambda/handler';
import type { Answerer, Request, Response } from '../../../cors/http';
import { entryPlace, placeOf } from '../../../yaml/places';
import type { YamlEntry } from '../../../yaml/tree';
import { hasCors } from '../gateway/corsEvent';
import type { GatewayResponses } from '../gateway/gatewayResponses';
import { mappedAnswer } from '../gateway/mapped';
import { type RestPreflight, restPreflight } from '../gateway/restCors';
import { methodId } from '../service/logicalIds';
import type { Overrides } from '../service/overrides';
import type { RestEvent } from '../service/rest';
import type { Service } from '../service/service';
import type { ServerlessEndpoint } from './endpoint';

/** The REST API's endpoints: one for each `http` event, except those that only answer OPTIONS. */
export function restEndpoints(
  service: Service,
  events: readonly RestEvent[],
  responses: GatewayResponses,
  overrides: Overrides,
  handlers: HandlerReader,
): ServerlessEndpoint[] {
  const byPath = new Map<string, RestEvent[]>();
  for (const event of events) {
    if (event.path === undefined) continue;
    const known = byPath.get(event.path);
    if (known === undefined) byPath.set(event.path, [event]);
    else known.push(event);
  }
  const paths = [...byPath.keys()];
  return events.flatMap((event) => {
    if (event.path === undefined || event.method === undefined || event.method === 'OPTIONS') return [];
    const siblings = byPath.get(event.path) ?? [event];
    return [
      new RestRoute(
        service,
        event,
        event.path,
        event.method,
        siblings,
        paths,
        responses,
        overrides,
        handlers,
      ).endpoint(),
    ];
  });
}

class RestRoute {
  private preflight: RestPreflight | undefined;
  private readonly optionsEvent: RestEvent | undefined;
  private readonly anyEvent: RestEvent | undefined;

  constructor(
    private readonly service: Service,
    private readonly event: RestEvent,
    private readonly path: string,
    private readonly method: string,
    private readonly siblings: readonly RestEvent[],
    private readonly paths: readonly string[],
    private readonly responses: GatewayResponses,
    private readonly overrides: Overrides,
    private readonly handlers: HandlerReader,
  ) {
    this.optionsEvent = siblings.find((sibling) => sibling.method === 'OPTIONS');
    this.anyEvent = siblings.find((sibling) => sibling.method === 'ANY');
  }

  endpoint(): ServerlessEndpoint {
    const { service, event, path, method } = this;
    const isOwn = (asked: string): boolean => method === 'ANY' || asked === method || asked === 'OPTIONS';
    const route = this;
    return {
      kind: 'rest',
      platform: 'serverless',
      role: 'gateway',
      label: `${method} /${path} (${event.fn.name})`,
      place: placeOf(event.pathNode),
      path: samplePath(path),
      matches: (asked, verb) => isOwn(verb) && fits(path, asked) && !takenBy(path, this.paths, asked),
      methods: method === 'ANY' ? undefined : [method],
      requestHeaders: this.requestHeaders(),
      ...(service.partial === undefined ? {} : { partial: service.partial }),
      get policies() {
        return [...(route.corsPreflight()?.policies ?? []), ...handlerPolicies(route.handlerOf(event))];
      },
      respond: (request) => (request.method === 'OPTIONS' ? this.options(request) : this.answer(event, request)),
      event,
      optionsEvent: this.optionsEvent,
      siblings: this.siblings,
      handler: () => this.handlerOf(event),
    };
  }

  /** An authorizer reads `Authorization` unless it says otherwise; a key comes in `X-Api-Key`. */
  private requestHeaders(): string[] {
    const { guard, map } = this.event;
    if (guard === undefined || map === undefined) return [];
    if (guard.key.value === 'private') return ['X-Api-Key'];
    const source = this.service.resolver.get(guard.value, 'identitySource');
    if (source === undefined) return ['Authorization'];
    const name =
      source.kind === 'scalar' ? /method\.request\.header\.([\w-]+)/.exec(String(source.value))?.[1] : undefined;
    return name === undefined ? [] : [name];
  }

  private corsPreflight(): RestPreflight | undefined {
    const [first, ...rest] = this.siblings.filter(hasCors);
    if (first === undefined) return undefined;
    this.preflight ??= restPreflight(this.service, [first, ...rest]);
    return this.preflight;
  }

  private options(request: Request): readonly Response[] {
    const open = this.overrides.ofOptions(this.path);
    const answers = this.optionsMade(request);
    return open === undefined ? answers : answers.map((answer) => ({ ...answer, status: undefined, open }));
  }

  private optionsMade(request: Request): readonly Response[] {
    // An event of its own takes the MOCK method's place; ANY answers what nothing else does.
    const preflight = this.corsPreflight();
    if (this.optionsEvent !== undefined) return this.ownOptions(this.optionsEvent, preflight, request);
    if (preflight !== undefined) {
      const { place, headers, open } = preflight;
      return [
        {
          status: 200,
          answeredBy: { kind: 'preflight', what: 'the OPTIONS method that `cors` makes', place },
          headers,
          ...(open === undefined ? {} : { open }),
        },
      ];
    }
    if (this.anyEvent !== undefined) return this.answer(this.anyEvent, request);
    const what = 'the gateway, for want of an OPTIONS method';
    return [this.gatewayError(403, 'no-route', { kind: 'not-found', what, place: placeOf(this.event.pathNode) })];
  }

  /**
   * What the path's own OPTIONS event answers. Where `cors` would make such a method too, version 3 mixes the mapped
   * responses of both (`_.merge` of `method/index.js`), and osls 4 keeps the event's.
   */
  private ownOptions(event: RestEvent, made: RestPreflight | undefined, request: Request): readonly Response[] {
    const answers = this.answer(event, request);
    if (made === undefined || event.integration === 'lambda-proxy' || event.integration === 'http-proxy')
      return answers;
    return answers.map((answer) => ({ ...answer, open: 'version 3 mixes it with the method that `cors` makes' }));
  }

  /** What the method answers. A preflight carries no credentials, so a guard refuses it. */
  private answer(event: RestEvent, request: Request): readonly Response[] {
    const { ending } = request;
    if (event.guard !== undefined) {
      const refused = request.method === 'OPTIONS' ? guardStatus(event.guard) : refusedWith(event.guard, ending);
      if (refused !== undefined) return [this.refusal(event.guard, refused, request)];
    }
    const open = this.overrides.of(methodId(this.path, event.method ?? this.method));
    if (open !== undefined) return [elsewhere(event, ending, open)];
    if (event.integration !== 'lambda-proxy') {
      return [mappedAnswer(this.service, event, ending) ?? elsewhere(event, ending, ELSEWHERE)];
    }
    const reading = this.handlerOf(event);
    const answeredBy = { kind: 'gateway', what: 'the gateway', place: placeOf(event.pathNode) } as const;
    const byGateway = (status: number): Response => this.gatewayError(status, 'other', answeredBy);
    return handlerOrGateway(byGateway, reading, handlerPlace(event), request);
  }

  private handlerOf(event: RestEvent): HandlerReading | undefined {
    if (event.integration !== 'lambda-proxy') return undefined;
    const { handler } = event.fn;
    if (handler === undefined) return { kind: 'unknown', reason: 'the function names no handler that can be read' };
    return this.handlers.read(handler.text, '1.0');
  }

  private refusal(guard: YamlEntry, status: number, { method }: Request): Response {
    const what = guard.key.value === 'private' ? 'the API key that `private` asks for' : 'the authorizer';
    const answeredBy = { kind: 'authentication', what, place: entryPlace(guard) } as const;
    return this.gatewayError(status, 'authentication', answeredBy, method === 'OPTIONS');
  }

  private gatewayError(
    status: number,
    cause: 'authentication' | 'no-route' | 'other',
    answeredBy: Answerer,
    isPreflight = cause === 'no-route',
  ): Response {
    const found = errorHeaders(this.responses.resources, typesFor(status, cause));
    // A preflight is refused for its status alone; of other errors nothing is said while the file says nothing.
    const silent = found === undefined && !isPreflight ? 'gateway responses may be set up elsewhere' : undefined;
    const open = this.responses.open ?? silent;
    return { status, answeredBy, headers: found ?? [], ...(open === undefined ? {} : { open }) };
  }
}

function guardStatus(guard: YamlEntry): number {
  if (guard.key.value === 'private') return 403;
  const { value } = guard;
  return value.kind === 'scalar' && /^aws_iam$/i.test(String(value.value)) ? 403 : 401;
}

/** The ending that is the guard's doing; who has no API key is told 403, never 401. */
function refusedWith({ key }: YamlEntry, ending: Request['ending']): number | undefined {
  if (ending === 403) return ending;
  return ending === 401 && key.value !== 'private' ? ending : undefined;
}

const ELSEWHERE = 'what the integration answers stands elsewhere';

/** What an integration answers that this file does not describe. */
function elsewhere(event: RestEvent, ending: Request['ending'], open: string): Response {
  return {
    status: ending === 'success' ? 200 : ending,
    answeredBy: { kind: 'upstream', what: `the ${event.integration} integration`, place: placeOf(event.pathNode) },
    headers: [],
    open,
  };
}

function handlerPlace(event: RestEvent) {
  return placeOf(event.fn.handler?.node ?? event.fn.key);
}
