import {
  type GatewayCors,
  gatewayCors,
  type ListSetting,
  listedOrigins,
  type OriginsSetting,
  type SingleSetting,
} from '../../../aws/cors/httpCors';
import { literal, unknownValue } from '../../../aws/template/values';
import type { Value } from '../../../cors/value';
import { entryPlace, placeOf } from '../../../yaml/places';
import type { YamlValue } from '../../../yaml/tree';
import type { CorsSetting, RestCors } from '../service/rest';
import type { Service } from '../service/service';
import { credentials } from './restCors';
import { itemsOf, textOfScalar, valueFrom } from './values';
import { inEachWorld } from './worlds';

/** What the framework adds to a block. */
export interface GatewayDefaults {
  /** For "`cors` of the HTTP API". */
  readonly layer: string;
  readonly headers: readonly string[];
  readonly methods: readonly string[];
  /** Whether `allowedOrigins: null` takes the default away, as it does for a function's URL. */
  readonly nullRemoves: boolean;
}

/**
 * The CORS configuration that the framework makes of a block of the HTTP API or of a function's URL, after
 * `http-api.js` and `functions.js` (serverless 3.40, osls 4.3), and what AWS makes of it.
 *
 * @param cors a block that is there and can be read
 */
export function frameworkCors(
  service: Service,
  cors: Extract<RestCors, { kind: 'default' | 'map' }>,
  defaults: GatewayDefaults,
): GatewayCors {
  const { key } = cors.entry;
  const place = entryPlace(cors.entry);
  const settingOf = (name: string): CorsSetting | undefined =>
    cors.kind === 'map' ? cors.settings.get(name) : undefined;
  const list = (name: string, fallback: readonly string[]): ListSetting => {
    const setting = settingOf(name);
    const own = setting && { place: entryPlace(setting.entry), at: placeOf(setting.entry.value) };
    if (setting !== undefined && own !== undefined && !isFalsy(setting)) {
      return { ...own, items: listOf(service, setting) };
    }
    const isRemoved = setting !== undefined && defaults.nullRemoves;
    const items = isRemoved ? [] : fallback.map((text) => literal(text, key));
    return own === undefined ? { place, at: placeOf(key), items, implied: true } : { ...own, items };
  };
  const single = (name: string, read: (setting: CorsSetting) => Value): SingleSetting | undefined => {
    const setting = settingOf(name);
    const value = setting && read(setting);
    if (setting === undefined || value === undefined || value.kind === 'absent') return undefined;
    return { value, place: entryPlace(setting.entry) };
  };
  return gatewayCors({
    layer: defaults.layer,
    place,
    origins: originsOf(service, list('allowedOrigins', ['*']), settingOf('allowedOrigins')),
    methods: list('allowedMethods', defaults.methods),
    headers: list('allowedHeaders', defaults.headers),
    expose: list('exposedResponseHeaders', []),
    credentials: single('allowCredentials', ({ value, entry }) => valueFrom(value, entry.value, credentials)),
    maxAge: single('maxAge', maxAge),
  });
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

/** Where a variable chooses between lists, or may put `*` into one, each outcome is a list by itself. */
function originsOf(service: Service, list: ListSetting, setting: CorsSetting | undefined): OriginsSetting {
  if (setting === undefined) return list;
  const of = (node: YamlValue): Value =>
    inEachWorld(
      itemsOf(node, (item) => service.resolver.resolve(item)),
      (items) => listedOrigins(items, placeOf(node)).value,
    );
  const isChosen = setting.value.kind === 'choice' || list.items.some(mayBeAny);
  return isChosen ? { ...list, chosen: valueFrom(setting.value, setting.entry.value, of) } : list;
}

function mayBeAny(item: Value): boolean {
  return item.kind === 'choice' && item.options.some(({ value }) => value.kind === 'literal' && value.text === '*');
}
