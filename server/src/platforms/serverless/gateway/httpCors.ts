import type { Header } from '../../../cors/http';
import type { Place } from '../../../cors/place';
import type { OriginEntry, OriginPolicy } from '../../../cors/policy';
import type { Value } from '../../../cors/value';
import { entryPlace, placeOf } from '../../../yaml/places';
import type { YamlNode } from '../../../yaml/tree';
import type { CorsSetting, RestCors } from '../service/rest';
import type { Service } from '../service/service';
import { credentials } from './restCors';
import { itemsOf, joined, literal, textOfScalar, unknownValue, valueFrom } from './values';

/**
 * The CORS configuration of an HTTP API or of a function's URL: the gateway itself answers preflights and adds the
 * headers to responses. After `http-api.js` and `functions.js` of the framework (serverless 3.40, osls 4.3); what AWS
 * does with it: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
export interface GatewayCors {
  readonly place: Place;
  /** CORS headers of the answer to a preflight, and of any other response. */
  readonly preflight: readonly Header[];
  readonly response: readonly Header[];
  readonly policies: readonly OriginPolicy[];
}

export interface GatewayDefaults {
  /** For "`cors` of the HTTP API". */
  readonly layer: string;
  readonly headers: readonly string[];
  readonly methods: readonly string[];
  /** Whether `allowedOrigins: null` takes the default away, as it does for a function's URL. */
  readonly nullRemoves: boolean;
}

const KEYS = {
  origins: 'allowedOrigins',
  headers: 'allowedHeaders',
  methods: 'allowedMethods',
  credentials: 'allowCredentials',
  expose: 'exposedResponseHeaders',
  maxAge: 'maxAge',
} as const;

/** @param cors a block that is there and can be read */
export function gatewayCors(
  service: Service,
  cors: Extract<RestCors, { kind: 'default' | 'map' }>,
  defaults: GatewayDefaults,
): GatewayCors {
  const { key } = cors.entry;
  const setting = (name: keyof typeof KEYS): CorsSetting | undefined =>
    cors.kind === 'map' ? cors.settings.get(KEYS[name]) : undefined;
  const header = (name: string, value: Value, from: CorsSetting | undefined): Header => ({
    name,
    value,
    layer: defaults.layer,
    ...(from === undefined ? { place: entryPlace(cors.entry), implied: true } : { place: entryPlace(from.entry) }),
  });
  const list = (name: keyof typeof KEYS, fallback: readonly string[]): Value[] => {
    const from = setting(name);
    if (from === undefined || isFalsy(from)) {
      return defaults.nullRemoves && from !== undefined ? [] : fallback.map((text) => literal(text, key));
    }
    return listOf(service, from);
  };

  const origin = allowOrigin(service, setting('origins'), list('origins', ['*']), key);
  const only = (value: Value): Value => (origin.policy === undefined ? value : whenAdmitted(origin.policy, value));
  const lists = (name: string, of: keyof typeof KEYS, fallback: readonly string[]): Header[] => {
    const items = list(of, fallback);
    const from = setting(of);
    return items.length === 0 ? [] : [header(name, only(joined(items, from?.entry.value ?? key)), from)];
  };
  const single = (name: string, of: keyof typeof KEYS, read: (value: CorsSetting) => Value): Header[] => {
    const from = setting(of);
    const value = from && read(from);
    return value === undefined || value.kind === 'absent' ? [] : [header(name, only(value), from)];
  };

  const shared = [
    ...origin.values.map((value) => header('Access-Control-Allow-Origin', value, setting('origins'))),
    ...single('Access-Control-Allow-Credentials', 'credentials', ({ value, entry }) =>
      valueFrom(value, entry.value, credentials),
    ),
  ];
  const vary: Header = {
    name: 'Vary',
    value: unknownValue('AWS decides whether it sends Vary', key),
    place: entryPlace(cors.entry),
    layer: defaults.layer,
    implied: true,
  };
  return {
    place: entryPlace(cors.entry),
    policies: origin.policy === undefined ? [] : [origin.policy],
    preflight: [
      ...shared,
      ...lists('Access-Control-Allow-Methods', 'methods', defaults.methods),
      ...lists('Access-Control-Allow-Headers', 'headers', defaults.headers),
      ...single('Access-Control-Max-Age', 'maxAge', maxAge),
      vary,
    ],
    response: [...shared, ...lists('Access-Control-Expose-Headers', 'expose', []), vary],
  };
}

function isFalsy({ value }: CorsSetting): boolean {
  return (
    value.kind === 'node' && value.node.kind === 'scalar' && (value.node.value === null || value.node.value === '')
  );
}

function listOf(service: Service, { value, entry }: CorsSetting): Value[] {
  if (value.kind === 'node') return itemsOf(value.node, (item) => service.resolver.resolve(item));
  const whole = valueFrom(value, entry.value, (node) =>
    node.kind === 'scalar' ? literal(textOfScalar(node) ?? '', node) : unknownValue('the list is chosen outside', node),
  );
  return [whole];
}

function maxAge({ value, entry }: CorsSetting): Value {
  return valueFrom(value, entry.value, (node) => {
    if (node.kind === 'scalar' && node.value === null) return { kind: 'absent', place: placeOf(node) };
    const text = node.kind === 'scalar' ? textOfScalar(node) : undefined;
    return text === undefined ? unknownValue('its value cannot be read', node) : literal(text, node);
  });
}

/** `*` is sent as it stands; otherwise an admitted origin comes back, and any other request gets no CORS headers. */
function allowOrigin(
  service: Service,
  setting: CorsSetting | undefined,
  items: readonly Value[],
  key: YamlNode,
): { readonly values: readonly Value[]; readonly policy: OriginPolicy | undefined } {
  if (items.length === 0) return { values: [], policy: undefined };
  const star = items.find((item) => item.kind === 'literal' && item.text === '*');
  if (star !== undefined) return { values: [star], policy: undefined };
  if (setting !== undefined && setting.value.kind === 'choice') {
    const value = valueFrom(setting.value, setting.entry.value, (node) => {
      const inner = itemsOf(node, (item) => service.resolver.resolve(item));
      const any = inner.find((item) => item.kind === 'literal' && item.text === '*');
      return any ?? admitted({ place: placeOf(node), entries: inner.map(originEntry) });
    });
    return { values: [value], policy: undefined };
  }
  const policy: OriginPolicy = { place: placeOf(setting?.entry.value ?? key), entries: items.map(originEntry) };
  return { values: [admitted(policy)], policy };
}

function admitted(policy: OriginPolicy): Value {
  return whenAdmitted(policy, { kind: 'request-origin', place: policy.place });
}

function whenAdmitted(policy: OriginPolicy, value: Value): Value {
  return { kind: 'choice', options: [{ when: { kind: 'origin-admitted', policy }, value }], place: value.place };
}

/** Documented: an exact origin, `*`, `http://*` and `https://*`. What AWS makes of other globs is not known. */
function originEntry(item: Value): OriginEntry {
  const { place } = item;
  if (item.kind !== 'literal') {
    return { kind: 'unknown', reason: item.kind === 'unknown' ? item.reason : 'it is set outside', place };
  }
  const { text } = item;
  if (text === 'http://*' || text === 'https://*') {
    return { kind: 'match', test: { kind: 'prefix', text: text.slice(0, -1) }, place };
  }
  if (text.includes('*')) return { kind: 'unknown', reason: `AWS does not document what ${text} matches`, place };
  return { kind: 'exact', text, place };
}
