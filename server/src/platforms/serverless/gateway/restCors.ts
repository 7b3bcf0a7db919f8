import { joined, literal, unknownValue } from '../../../aws/template/values';
import type { Header } from '../../../cors/http';
import type { Place } from '../../../cors/place';
import type { OriginEntry, OriginPolicy } from '../../../cors/policy';
import type { Option, Value } from '../../../cors/value';
import { entryPlace, placeOf } from '../../../yaml/places';
import type { YamlNode, YamlScalar, YamlValue } from '../../../yaml/tree';
import type { CorsSetting, RestCors, RestEvent } from '../service/rest';
import type { Service } from '../service/service';
import type { Resolution } from '../yaml/resolution';
import { itemsOf, textOfScalar, valueFrom } from './values';

/**
 * What the framework makes of the `cors` blocks of one path: the MOCK method that answers its preflight.
 * After `compileCors` of `api-gateway/lib/cors.js` and the merge in `validate.js` (serverless 3.40, osls 4.3).
 */
export interface RestPreflight {
  /** The block to point at: the last one of the path, whose origin counts. */
  readonly place: Place;
  readonly headers: readonly Header[];
  readonly policies: readonly OriginPolicy[];
  /** Set when a block of the path cannot be read. */
  readonly open: string | undefined;
}

export const REST_DEFAULT_HEADERS: readonly string[] = [
  'Content-Type',
  'X-Amz-Date',
  'Authorization',
  'X-Api-Key',
  'X-Amz-Security-Token',
  'X-Amz-User-Agent',
  'X-Amzn-Trace-Id',
];

const ANY_METHODS = ['DELETE', 'GET', 'HEAD', 'PATCH', 'POST', 'PUT'];

export type CorsEvent = RestEvent & { readonly cors: Exclude<RestCors, { kind: 'none' }> };

export function hasCors(event: RestEvent): event is CorsEvent {
  return event.cors.kind !== 'none';
}

/** @param events those of one path that have `cors`, in order; at least one */
export function restPreflight(service: Service, events: readonly [CorsEvent, ...CorsEvent[]]): RestPreflight {
  const last = events.at(-1) ?? events[0];
  const unread = events.find((event) => event.cors.kind === 'unknown');
  const place = entryPlace(last.cors.entry);
  if (unread?.cors.kind === 'unknown') return { place, headers: [], policies: [], open: unread.cors.reason };
  const origin = allowOrigin(service, events, last);
  const headers = [
    header('Access-Control-Allow-Origin', origin.value, origin.setting, last),
    list('Access-Control-Allow-Headers', events, 'headers', (event) => eventHeaders(service, event)),
    list('Access-Control-Allow-Methods', events, 'methods', (event) => eventMethods(service, event)),
    ...single('Access-Control-Allow-Credentials', events, 'allowCredentials', credentials),
    ...single('Access-Control-Max-Age', events, 'maxAge', positive),
    ...single('Cache-Control', events, 'cacheControl', text),
  ];
  return { place, headers, policies: origin.policies, open: undefined };
}

function settingOf(event: CorsEvent, key: string): CorsSetting | undefined {
  return event.cors.kind === 'map' ? event.cors.settings.get(key) : undefined;
}

function header(name: string, value: Value, setting: CorsSetting | undefined, event: CorsEvent): Header {
  const base = { name, value, layer: '`cors` of the event' };
  if (setting !== undefined) return { ...base, place: entryPlace(setting.entry) };
  return { ...base, place: entryPlace(event.cors.entry), implied: true };
}

// ------------------------------------------------------------------------------------------------------- origin

interface AllowOrigin {
  readonly value: Value;
  readonly setting: CorsSetting | undefined;
  readonly policies: readonly OriginPolicy[];
}

/**
 * The origins of all blocks are united, later ones first; where there are none the last block's `origin` counts.
 * With origins the first one is sent, and a template replaces it by the request's origin when that matches one.
 */
export function allowOrigin(service: Service, events: readonly CorsEvent[], last: CorsEvent): AllowOrigin {
  const lists = [...events].reverse().flatMap((event) => settingOf(event, 'origins') ?? []);
  const single = settingOf(last, 'origin');
  const [only, ...others] = lists;
  if (only === undefined) {
    if (single === undefined) return { value: literal('*', last.cors.entry.key), setting: undefined, policies: [] };
    const policies: OriginPolicy[] = [];
    const value = valueFrom(single.value, single.entry.value, (node) => singleOrigin(service, node, policies));
    return { value, setting: single, policies };
  }
  const policies: OriginPolicy[] = [];
  const value =
    others.length === 0
      ? valueFrom(only.value, only.entry.value, (node) => originList(service, [node], node, policies))
      : originList(service, certainNodes(lists), only.entry.value, policies);
  return { value, setting: only, policies };
}

/** The lists of several blocks, or none where one of them is not certain. */
function certainNodes(lists: readonly CorsSetting[]): YamlValue[] {
  const nodes = lists.flatMap(({ value }) => (value.kind === 'node' ? [value.node] : []));
  return nodes.length === lists.length ? nodes : [];
}

function singleOrigin(service: Service, node: YamlValue, policies: OriginPolicy[]): Value {
  if (node.kind === 'map' || node.tag !== undefined)
    return unknownValue('packaging stops at a CloudFormation function', node);
  if (node.kind === 'list') {
    const items = itemsOf(node, (item) => service.resolver.resolve(item));
    const [only] = items;
    // The schema takes a list of one for its item; longer ones are joined by commas.
    if (items.length === 1 && only !== undefined) return only;
    return joined(items, placeOf(node));
  }
  const text = textOfScalar(node);
  if (text === undefined) return unknownValue('an empty origin', node);
  if (!text.includes(',')) return literal(text, node);
  return reflected(splitOrigins(node, text), node, policies);
}

/** `a, b` in one string is a list for the framework. */
function splitOrigins(node: YamlScalar, text: string): Value[] {
  let from = 0;
  const raw = node.source.text.slice(node.start, node.end);
  return text.split(',').map((part): Value => {
    const item = part.trim();
    const found = node.computed ? -1 : raw.indexOf(item, from);
    if (found === -1) return literal(item, node);
    from = found + item.length;
    return {
      kind: 'literal',
      text: item,
      place: { file: node.source.file, start: node.start + found, end: node.start + from },
    };
  });
}

function originList(service: Service, nodes: readonly YamlValue[], at: YamlNode, policies: OriginPolicy[]): Value {
  if (nodes.length === 0) return unknownValue('the origins of the path cannot all be read', at);
  const items = distinct(nodes.flatMap((node) => itemsOf(node, (item) => service.resolver.resolve(item))));
  // With an empty list the framework writes the word that JavaScript has for nothing.
  if (items.length === 0) return literal('undefined', at);
  return reflected(items, at, policies);
}

function reflected(items: readonly Value[], at: YamlNode, policies: OriginPolicy[]): Value {
  const place = placeOf(at);
  const policy: OriginPolicy = { place, entries: items.map(originEntry) };
  policies.push(policy);
  const [first] = items;
  const options: Option[] = [
    { when: { kind: 'origin-admitted', policy }, value: { kind: 'request-origin', place } },
    { when: { kind: 'always' }, value: first ?? unknownValue('the list is empty', at) },
  ];
  return { kind: 'choice', options, place };
}

/** `regexifyWildcards` of `api-gateway/lib/cors.js`: dots are escaped, the first `*` becomes `.+`, the rest is live. */
function originEntry(item: Value): OriginEntry {
  const { place } = item;
  if (item.kind !== 'literal') {
    return { kind: 'unknown', reason: item.kind === 'unknown' ? item.reason : 'it is set outside', place };
  }
  const { text } = item;
  if (text === '*') return { kind: 'any', how: '`*` in `origins`', place };
  if (!/[*+?()[\]{}|\\^$]/.test(text)) return { kind: 'exact', text, place };
  const source = `^(?:${text.replace(/\./g, '[.]').replace('*', '.+')})$`;
  return { kind: 'match', test: { kind: 'regex', source, flags: '', dialect: 'pcre' }, place };
}

// -------------------------------------------------------------------------------------------- headers and methods

interface EventItems {
  readonly items: readonly Value[];
  /** Undefined when the framework's default. */
  readonly setting: CorsSetting | undefined;
}

function list(name: string, events: readonly CorsEvent[], key: string, of: (event: CorsEvent) => EventItems): Header {
  const backwards = [...events].reverse();
  const lists = backwards.map((event) => ({ event, ...of(event) }));
  const united = distinct(lists.flatMap((one) => one.items));
  const items = key === 'methods' ? expandAny(united) : united;
  const chosen = lists.find((one) => one.setting !== undefined) ?? lists[0];
  const event = chosen?.event ?? events[0];
  if (event === undefined) throw new Error(`No event for ${key}`);
  const setting = chosen?.setting;
  return header(name, joined(items, placeOf(setting?.entry.value ?? event.cors.entry.key)), setting, event);
}

function eventHeaders(service: Service, event: CorsEvent): EventItems {
  const setting = settingOf(event, 'headers');
  if (setting === undefined || isEmptyValue(setting.value)) {
    return { items: REST_DEFAULT_HEADERS.map((name) => literal(name, event.cors.entry.key)), setting: undefined };
  }
  return { items: listItems(service, setting), setting };
}

function eventMethods(service: Service, event: CorsEvent): EventItems {
  const setting = settingOf(event, 'methods');
  const own = event.method;
  const at = event.cors.entry.key;
  const method: Value =
    own === undefined ? unknownValue('the method of the event is not certain', at) : literal(own, at);
  if (setting === undefined || isEmptyValue(setting.value)) {
    return { items: [literal('OPTIONS', at), method], setting: undefined };
  }
  const items = listItems(service, setting);
  const has = (name: string): boolean => items.some((item) => item.kind === 'literal' && item.text === name);
  const added = [
    ...(has('OPTIONS') ? [] : [literal('OPTIONS', at)]),
    ...(own !== undefined && has(own) ? [] : [method]),
  ];
  return { items: [...items, ...added], setting };
}

/** `ANY` becomes the six methods; the framework does so in the joined text, once repeated names are dropped. */
function expandAny(items: readonly Value[]): Value[] {
  return items.flatMap((item): Value[] => {
    if (item.kind === 'literal' && item.text === 'ANY') {
      return ANY_METHODS.map((text): Value => ({ kind: 'literal', text, place: item.place }));
    }
    if (item.kind !== 'choice') return [item];
    const options = item.options.map(
      (option): Option => ({ ...option, value: joinedAt(expandAny([option.value]), item) }),
    );
    return [{ ...item, options }];
  });
}

function joinedAt(items: readonly Value[], at: Value): Value {
  const [first = at, ...others] = items;
  if (others.length === 0) return first;
  const text = items.flatMap((item) => (item.kind === 'literal' ? [item.text] : [])).join(',');
  return { kind: 'literal', text, place: at.place };
}

function listItems(service: Service, setting: CorsSetting): Value[] {
  if (setting.value.kind !== 'node')
    return [
      valueFrom(setting.value, setting.entry.value, () =>
        unknownValue('it is a list that is set outside', setting.entry.value),
      ),
    ];
  return itemsOf(setting.value.node, (item) => service.resolver.resolve(item));
}

function isEmptyValue(value: Resolution): boolean {
  return (
    value.kind === 'node' && value.node.kind === 'scalar' && (value.node.value === null || value.node.value === '')
  );
}

function distinct(items: readonly Value[]): Value[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    if (item.kind !== 'literal') return true;
    if (seen.has(item.text)) return false;
    seen.add(item.text);
    return true;
  });
}

// -------------------------------------------------------------------------------------------------- single values

function single(name: string, events: readonly CorsEvent[], key: string, of: (node: YamlValue) => Value): Header[] {
  const found = [...events].reverse().flatMap((event) => {
    const setting = settingOf(event, key);
    if (setting === undefined) return [];
    const value = valueFrom(setting.value, setting.entry.value, of);
    return value.kind === 'absent' ? [] : [header(name, value, setting, event)];
  });
  return found.slice(0, 1);
}

/** The schema turns strings into booleans first; whatever is left and truthy is sent as `true`. */
export function credentials(node: YamlValue): Value {
  if (node.kind !== 'scalar' || node.tag !== undefined) return unknownValue('CloudFormation works it out', node);
  const { value } = node;
  if (value === null || value === '' || value === false || value === 'false' || value === 0) {
    return { kind: 'absent', place: placeOf(node) };
  }
  return literal('true', node);
}

function positive(node: YamlValue): Value {
  const text = node.kind === 'scalar' ? textOfScalar(node) : undefined;
  if (text === undefined) return unknownValue('its value cannot be read', node);
  return text === '0' || text === '' ? { kind: 'absent', place: placeOf(node) } : literal(text, node);
}

function text(node: YamlValue): Value {
  const written = node.kind === 'scalar' ? textOfScalar(node) : undefined;
  return written === undefined ? unknownValue('its value cannot be read', node) : literal(written, node);
}
