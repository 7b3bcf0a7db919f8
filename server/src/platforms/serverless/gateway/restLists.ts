import { joined, literal, unknownValue } from '../../../aws/template/values';
import type { Value } from '../../../cors/value';
import { placeOf } from '../../../yaml/places';
import type { CorsSetting } from '../service/rest';
import type { Service } from '../service/service';
import type { Resolution } from '../yaml/resolution';
import { type CorsEvent, settingOf } from './corsEvent';
import { itemsOf, valueFrom } from './values';
import { inEachWorld } from './worlds';

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

/** What the blocks of one path allow together. */
export interface UnitedList {
  readonly value: Value;
  /** The setting to point at; undefined where all of it is the framework's default. */
  readonly setting: CorsSetting | undefined;
  readonly event: CorsEvent;
}

/** The request headers that the blocks of a path allow, those of later ones first. */
export function allowedHeaders(service: Service, events: readonly [CorsEvent, ...CorsEvent[]]): UnitedList {
  const lists = [...events].reverse().map((event) => ({ event, ...eventHeaders(service, event) }));
  return united(events, lists, (worlds) => distinct(worlds.flatMap(({ items }) => items)));
}

/** The methods that the blocks of a path allow: what they list, OPTIONS, and those of their events. */
export function allowedMethods(service: Service, events: readonly [CorsEvent, ...CorsEvent[]]): UnitedList {
  const lists = [...events].reverse().map((event) => ({ event, ...eventMethods(service, event) }));
  return united(events, lists, (worlds) => expandAny(distinct(worlds.flatMap(withOwnMethods))));
}

interface EventItems {
  readonly event: CorsEvent;
  readonly items: readonly Value[];
  /** Undefined when the framework's default. */
  readonly setting: CorsSetting | undefined;
}

function united(
  events: readonly [CorsEvent, ...CorsEvent[]],
  lists: readonly EventItems[],
  unite: (lists: readonly EventItems[]) => readonly Value[],
): UnitedList {
  const chosen = lists.find((one) => one.setting !== undefined) ?? lists[0];
  const event = chosen?.event ?? events[0];
  const setting = chosen?.setting;
  const place = placeOf(setting?.entry.value ?? event.cors.entry.key);
  // Where variables choose an item, names that it repeats are dropped in that circumstance only.
  const value = inEachWorld(
    lists.flatMap(({ items }) => items),
    (all) => joined(unite(apart(lists, all)), place),
  );
  return { value, setting, event };
}

/** Cuts the items of all lists into those of each. */
function apart(lists: readonly EventItems[], all: readonly Value[]): EventItems[] {
  let from = 0;
  return lists.map((list) => {
    const items = all.slice(from, from + list.items.length);
    from += items.length;
    return { ...list, items };
  });
}

function eventHeaders(service: Service, event: CorsEvent): Omit<EventItems, 'event'> {
  const setting = settingOf(event, 'headers');
  if (setting === undefined || isEmptyValue(setting.value)) {
    return { items: REST_DEFAULT_HEADERS.map((name) => literal(name, event.cors.entry.key)), setting: undefined };
  }
  return { items: listItems(service, setting), setting };
}

function eventMethods(service: Service, event: CorsEvent): Omit<EventItems, 'event'> {
  const setting = settingOf(event, 'methods');
  return setting === undefined || isEmptyValue(setting.value)
    ? { items: [], setting: undefined }
    : { items: listItems(service, setting), setting };
}

function withOwnMethods({ items, event }: EventItems): Value[] {
  const at = event.cors.entry.key;
  const own = event.method;
  const has = (name: string): boolean => items.some((item) => item.kind === 'literal' && item.text === name);
  const method = own === undefined ? unknownValue('the method of the event is not certain', at) : literal(own, at);
  return [
    ...items,
    ...(has('OPTIONS') ? [] : [literal('OPTIONS', at)]),
    ...(own !== undefined && has(own) ? [] : [method]),
  ];
}

/** `ANY` becomes the six methods; the framework does so in the joined text, once repeated names are dropped. */
function expandAny(items: readonly Value[]): Value[] {
  return items.flatMap((item): Value[] =>
    item.kind === 'literal' && item.text === 'ANY'
      ? ANY_METHODS.map((text): Value => ({ kind: 'literal', text, place: item.place }))
      : [item],
  );
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

/** Each text once, where it stands first. */
export function distinct(items: readonly Value[]): Value[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    if (item.kind !== 'literal') return true;
    if (seen.has(item.text)) return false;
    seen.add(item.text);
    return true;
  });
}
