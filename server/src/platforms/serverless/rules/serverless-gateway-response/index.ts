import type { GatewayResponse } from '../../../../aws/cors/gatewayResponses';
import { ALLOW_ORIGIN } from '../../../../cors/names';
import type { Place } from '../../../../cors/place';
import { type Edit, PLACEHOLDER_ORIGIN } from '../../../../cors/repair';
import { platformRule } from '../../../../lint/defineRule';
import { placeOf } from '../../../../yaml/places';
import { entryOf, type YamlEntry } from '../../../../yaml/tree';
import type { ServerlessAnalysis } from '../../analysis';
import { addGatewayResponses, type ErrorClass, type ErrorHeaders } from '../../edits/resources';
import { hasCors } from '../../gateway/corsEvent';
import { restPreflight } from '../../gateway/restCors';
import type { RestEvent } from '../../service/rest';
import type { Service } from '../../service/service';

interface Data {
  /** "The authorizer". */
  readonly guard: string;
  /** The one response that lacks the header, where the guard's other ones have it. */
  readonly left: string | undefined;
  readonly certain: boolean;
  readonly edits: readonly Edit[] | undefined;
}

export const rule = platformRule<ServerlessAnalysis, Data>({
  meta: {
    id: 'serverless-gateway-response',
    title: "The gateway's own refusals lack Access-Control-Allow-Origin",
    severity: 'warning',
    category: 'fragile',
    tags: ['origin', 'errors', 'authentication'],
    reference:
      'https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html',
  },
  check({ analysis }, report) {
    const { service, gatewayResponses: responses, resources, rest } = analysis;
    if (service === undefined || resources === undefined) return;
    if (responses === undefined || responses.open !== undefined) return;
    const guarded = rest.flatMap((event) => {
      const guard = event.method === 'OPTIONS' ? undefined : guardOf(event);
      return guard === undefined || !meansCors(analysis, service, event) ? [] : [{ event, guard }];
    });
    const bare = guarded.flatMap(({ event, guard }) => {
      const lacking = bareTypes(responses.resources, guard);
      return lacking.length === 0 ? [] : [{ event, guard, left: lacking.length === 1 ? lacking[0] : undefined }];
    });
    // What lacks more says more.
    const first = bare.find(({ left }) => left === undefined) ?? bare[0];
    if (first === undefined) return;
    const others = bare.filter((one) => one !== first);
    const classes = (['DEFAULT_4XX', 'DEFAULT_5XX'] as ErrorClass[]).filter(
      (type) => !responses.resources.some((one) => one.type === type),
    );
    const headers = headersFor(
      service,
      bare.map(({ event }) => event),
    );
    report({
      place: placeOf(first.guard.key),
      // Some authorizers answer nothing but 401, and nothing that is read here tells.
      ...(first.left === 'ACCESS_DENIED' ? { severity: 'info' as const } : {}),
      data: {
        guard: words(first.guard),
        left: first.left,
        certain: headers !== undefined,
        edits: addGatewayResponses(
          service,
          resources,
          classes,
          headers ?? [['Access-Control-Allow-Origin', PLACEHOLDER_ORIGIN]],
        ),
      },
      related: others.map(({ guard }): { place: Place; message: string } => ({
        place: placeOf(guard.key),
        message: 'the same goes for this one',
      })),
    });
  },
  message: ({ guard, left }) =>
    `${guard} refuses requests${left === undefined ? '' : ` with ${left} too, and that goes out`} without Access-Control-Allow-Origin: the page sees a network error instead of the status. Add the header to the gateway's DEFAULT_4XX and DEFAULT_5XX responses.`,
  fixes: ({ certain, edits }) =>
    edits === undefined ? [] : [{ title: 'Add gateway responses with the header', preferred: certain, edits }],
});

/** `cors` in its place or next to it, or a handler that sends the header: the event is for other origins. */
function meansCors(analysis: ServerlessAnalysis, { provider }: Service, event: RestEvent): boolean {
  if (hasCors(event)) return true;
  const near = [event.event.item, event.fn.map, provider, entryOf(provider, 'apiGateway')?.value];
  if (near.some((map) => entryOf(map, 'cors') !== undefined)) return true;
  const endpoint = analysis.endpoints.find((one) => one.kind === 'rest' && one.event === event);
  const reading = endpoint?.kind === 'rest' ? endpoint.handler() : undefined;
  if (reading?.kind !== 'responses') return false;
  return reading.responses.some(({ headers }) => headers.some(({ name }) => name.toLowerCase() === ALLOW_ORIGIN));
}

/** What makes the gateway answer by itself: an authorizer, an API key, a schema that bodies are checked against. */
function guardOf({ guard, map }: RestEvent): YamlEntry | undefined {
  if (guard !== undefined) return guard;
  const request = entryOf(map, 'request')?.value;
  return entryOf(request, 'schemas') ?? entryOf(request, 'schema');
}

function words({ key }: YamlEntry): string {
  if (key.value === 'private') return 'The API key check';
  return key.value === 'authorizer' ? 'The authorizer' : 'The schema check';
}

const SPECIFIC: Readonly<Record<string, readonly string[]>> = {
  authorizer: ['UNAUTHORIZED', 'ACCESS_DENIED'],
  private: ['INVALID_API_KEY'],
  schemas: ['BAD_REQUEST_BODY'],
  schema: ['BAD_REQUEST_BODY'],
};

/**
 * The responses by which this guard refuses and that lack the header; several where that is all of them. None where the
 * class's default has it.
 */
function bareTypes(resources: readonly GatewayResponse[], guard: YamlEntry): readonly string[] {
  const has = (type: string): boolean =>
    resources.some(
      (one) => one.type === type && one.parameters.some(({ name }) => /^access-control-allow-origin$/i.test(name)),
    );
  if (has('DEFAULT_4XX')) return [];
  const specific = SPECIFIC[String(guard.key.value)] ?? [];
  const lacking = specific.filter((type) => !has(type));
  return lacking.length === specific.length ? [...lacking, 'DEFAULT_4XX'] : lacking;
}

/** The origin of the preflights where all agree on one; undefined where someone has to choose. */
function headersFor(service: Service, events: readonly RestEvent[]): ErrorHeaders | undefined {
  const origins = new Set<string | undefined>();
  let credentials = false;
  for (const event of events) {
    if (!hasCors(event)) return undefined;
    const { headers } = restPreflight(service, [event]);
    const origin = headers.find(({ name }) => name === 'Access-Control-Allow-Origin')?.value;
    origins.add(origin?.kind === 'literal' ? origin.text : undefined);
    credentials ||= headers.some(({ name }) => name === 'Access-Control-Allow-Credentials');
  }
  const [origin] = origins;
  if (origins.size !== 1 || origin === undefined || (credentials && origin === '*')) return undefined;
  const allow: ErrorHeaders = [['Access-Control-Allow-Origin', origin]];
  return credentials ? [...allow, ['Access-Control-Allow-Credentials', 'true']] : allow;
}
