import { mappedValue } from '../../../aws/cors/mapping';
import { joined, literal } from '../../../aws/template/values';
import type { Header, Response } from '../../../cors/http';
import { entryPlace, placeOf } from '../../../yaml/places';
import { entriesOf, entryOf, type YamlMap, type YamlNode } from '../../../yaml/tree';
import type { RestEvent, RestIntegration } from '../service/rest';
import type { Service } from '../service/service';
import { type CorsEvent, hasCors } from './corsEvent';
import { restPreflight } from './restCors';
import { itemsOf, valueFrom } from './values';

/** The integrations whose responses the gateway makes out of the configuration. */
const MAPPED: ReadonlySet<RestIntegration> = new Set(['lambda', 'http', 'mock']);

/**
 * What the gateway answers for a method without proxy integration: the headers that `cors`, `response.headers` and
 * the status's own `headers` say, after `getIntegrationResponses` of `api-gateway/lib/method/integration.js` and
 * `getResponse` of `validate.js` (serverless 3.40, osls 4.3).
 *
 * @param ending the status that the integration comes to
 * @returns undefined where the answer is not made here, or the configuration does not say how
 */
export function mappedAnswer(service: Service, event: RestEvent, ending: number | 'success'): Response | undefined {
  if (!MAPPED.has(event.integration)) return undefined;
  const response = entryOf(event.map, 'response');
  const map = response && service.resolver.certain(response.value);
  const place = hasCors(event) ? entryPlace(event.cors.entry) : placeOf(event.pathNode);
  const base = { answeredBy: { kind: 'gateway', what: 'the gateway', place }, headers: [] } as const;
  const wanted = ending === 'success' ? 200 : ending;
  if (response !== undefined && map === undefined) {
    return { ...base, status: wanted, open: '`response` of the event is set outside' };
  }
  const settings = map?.kind === 'map' ? map : undefined;
  if (settings === undefined && event.integration === 'mock') return undefined;
  const chosen = statusOf(service, event.integration, settings, ending);
  if (chosen === undefined) return { ...base, status: wanted, open: 'the statuses of the event are set outside' };
  const layers = [
    hasCors(event) ? corsHeaders(service, event) : [],
    headersUnder(service, settings, '`response.headers` of the event'),
    headersUnder(service, chosen.map, `the headers of status ${chosen.status}`),
  ];
  const headers = new Map(layers.flat().map((header) => [header.name, header]));
  const unread = event.cors.kind === 'unknown' ? event.cors.reason : undefined;
  return {
    ...base,
    status: chosen.status,
    headers: [...headers.values()],
    ...(unread === undefined ? {} : { open: unread }),
  };
}

interface Status {
  readonly status: number;
  /** What `statusCodes` says of it. */
  readonly map: YamlMap | undefined;
}

/** Which of the statuses of the configuration is sent; undefined where that cannot be told. */
function statusOf(
  service: Service,
  integration: RestIntegration,
  response: YamlMap | undefined,
  ending: number | 'success',
): Status | undefined {
  const usual: Status = { status: ending === 'success' ? 200 : ending, map: undefined };
  const { resolver } = service;
  const entry = entryOf(response, 'statusCodes');
  if (entry === undefined) return usual;
  const codes = resolver.certain(entry.value);
  if (codes?.kind !== 'map') return codes === undefined ? undefined : usual;
  const known = new Map<number, YamlMap | undefined>();
  let fallback: number | undefined;
  for (const [code, { value }] of entriesOf(codes)) {
    const one = resolver.certain(value);
    if (one === undefined) return undefined;
    const map = one.kind === 'map' ? one : undefined;
    known.set(Number(code), map);
    if (isCatchAll(service, integration, map)) fallback ??= Number(code);
  }
  if (fallback === undefined) {
    // The framework adds a 200 for everything else, in the place of one that stands there with a pattern or without.
    known.set(200, undefined);
    fallback = 200;
  }
  const status = known.has(usual.status) ? usual.status : fallback;
  return { status, map: known.get(status) };
}

/** `pattern: ''` takes what no other pattern does; of a mock the framework takes every status as it stands. */
function isCatchAll({ resolver }: Service, integration: RestIntegration, map: YamlMap | undefined): boolean {
  if (integration === 'mock') return true;
  const pattern = resolver.get(map, 'pattern');
  return pattern?.kind === 'scalar' && pattern.value === '';
}

/** Several origins go out in one value, and a text that names several as it stands. */
function corsHeaders(service: Service, event: CorsEvent): Header[] {
  const whole = restPreflight(service, [event]).headers.filter(({ name }) => /-(?:Origin|Credentials)$/.test(name));
  const { settings } = event.cors.kind === 'map' ? event.cors : { settings: undefined };
  const setting = settings?.get('origins') ?? settings?.get('origin');
  if (setting === undefined) return whole;
  const value = valueFrom(setting.value, setting.entry.value, (node) => {
    const items = itemsOf(node, (item) => service.resolver.resolve(item));
    return items.length === 0 ? literal('undefined', node) : joined(items, placeOf(node));
  });
  return whole.map((header) => (header.name.endsWith('-Origin') ? { ...header, value } : header));
}

/** The parameter mappings that stand as `headers` in a map. */
function headersUnder({ resolver }: Service, node: YamlNode | undefined, layer: string): Header[] {
  const map = resolver.get(node, 'headers');
  if (map?.kind !== 'map') return [];
  return [...entriesOf(map)].map(([name, entry]) => ({
    name,
    value: valueFrom(resolver.resolve(entry.value), entry.value, (one) =>
      one.kind === 'scalar'
        ? mappedValue(String(one.value ?? ''), one)
        : { kind: 'unknown', reason: 'its value cannot be read', place: placeOf(one) },
    ),
    place: entryPlace(entry),
    layer,
  }));
}
