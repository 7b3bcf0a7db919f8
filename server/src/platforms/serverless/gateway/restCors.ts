import { joined, literal, unknownValue } from '../../../aws/template/values';
import type { Header } from '../../../cors/http';
import type { Place } from '../../../cors/place';
import type { OriginEntry, OriginPolicy } from '../../../cors/policy';
import type { Option, Value } from '../../../cors/value';
import { entryPlace, placeOf } from '../../../yaml/places';
import type { YamlNode, YamlScalar, YamlValue } from '../../../yaml/tree';
import type { CorsSetting } from '../service/rest';
import type { Service } from '../service/service';
import { type CorsEvent, settingOf } from './corsEvent';
import { allowedHeaders, allowedMethods, distinct, type UnitedList } from './restLists';
import { itemsOf, textOfScalar, valueFrom } from './values';
import { inEachWorld } from './worlds';

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

/** @param events those of one path that have `cors`, in order; at least one */
export function restPreflight(service: Service, events: readonly [CorsEvent, ...CorsEvent[]]): RestPreflight {
  const last = events.at(-1) ?? events[0];
  const unread = events.find((event) => event.cors.kind === 'unknown');
  const place = entryPlace(last.cors.entry);
  if (unread?.cors.kind === 'unknown') return { place, headers: [], policies: [], open: unread.cors.reason };
  const origin = allowOrigin(service, events, last);
  const headers = [
    header('Access-Control-Allow-Origin', origin.value, origin.setting, last),
    list('Access-Control-Allow-Headers', allowedHeaders(service, events)),
    list('Access-Control-Allow-Methods', allowedMethods(service, events)),
    ...single('Access-Control-Allow-Credentials', events, 'allowCredentials', credentials),
    ...single('Access-Control-Max-Age', events, 'maxAge', positive),
    ...single('Cache-Control', events, 'cacheControl', text),
  ];
  return { place, headers, policies: origin.policies, open: undefined };
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
 * The origins of all blocks are united, later ones first; where there are none the last block's `origin` counts, and
 * where that one names several after commas it counts in any case. With several origins the first one is sent, and a
 * template replaces it by the request's origin when that matches one.
 */
export function allowOrigin(service: Service, events: readonly CorsEvent[], last: CorsEvent): AllowOrigin {
  const lists = [...events].reverse().flatMap((event) => settingOf(event, 'origins') ?? []);
  const single = settingOf(last, 'origin');
  const [only] = lists;
  const policies: OriginPolicy[] = [];
  if (only === undefined) {
    if (single === undefined) return { value: literal('*', last.cors.entry.key), setting: undefined, policies };
    const value = valueFrom(single.value, single.entry.value, (node) => singleOrigin(service, node, policies));
    return { value, setting: single, policies };
  }
  if (single === undefined) return { value: united(service, lists, only, policies), setting: only, policies };
  const isSeveral = single.value.kind === 'node' && namesSeveral(single.value.node);
  const value = valueFrom(single.value, single.entry.value, (node) =>
    namesSeveral(node) ? singleOrigin(service, node, policies) : united(service, lists, only, policies),
  );
  return { value, setting: isSeveral ? single : only, policies };
}

/** What the framework looks for is a comma in a text; a list has none, whatever its items hold. */
function namesSeveral(node: YamlValue): boolean {
  return node.kind === 'scalar' && (textOfScalar(node)?.includes(',') ?? false);
}

function united(service: Service, lists: readonly CorsSetting[], first: CorsSetting, policies: OriginPolicy[]): Value {
  return lists.length === 1
    ? valueFrom(first.value, first.entry.value, (node) => originList(service, [node], node, policies))
    : originList(service, certainNodes(lists), first.entry.value, policies);
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
  const items = nodes.flatMap((node) => itemsOf(node, (item) => service.resolver.resolve(item)));
  // With an empty list the framework writes the word that JavaScript has for nothing.
  if (items.length === 0) return literal('undefined', at);
  return inEachWorld(items, (chosen) => reflected(distinct(chosen), at, policies));
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

function list(name: string, { value, setting, event }: UnitedList): Header {
  return header(name, value, setting, event);
}

// -------------------------------------------------------------------------------------------------- single values

/** The last block that says something counts, in each of the circumstances that its variables tell apart. */
function single(name: string, events: readonly CorsEvent[], key: string, of: (node: YamlValue) => Value): Header[] {
  let made: { readonly setting: CorsSetting; readonly event: CorsEvent; readonly value: Value } | undefined;
  for (const event of events) {
    const setting = settingOf(event, key);
    if (setting === undefined) continue;
    const value = valueFrom(setting.value, setting.entry.value, of);
    if (!saysSomething(value)) continue;
    made = { setting, event, value: made === undefined ? value : orElse(value, made.value) };
  }
  return made === undefined ? [] : [header(name, made.value, made.setting, made.event)];
}

function saysSomething(value: Value): boolean {
  if (value.kind === 'choice') return value.options.some((option) => saysSomething(option.value));
  return value.kind !== 'absent';
}

/** The value, with the earlier one in the circumstances where it is absent. */
function orElse(value: Value, earlier: Value): Value {
  if (value.kind === 'absent') return earlier;
  if (value.kind !== 'choice') return value;
  const options = value.options.map((option): Option => ({ ...option, value: orElse(option.value, earlier) }));
  return { ...value, options };
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
