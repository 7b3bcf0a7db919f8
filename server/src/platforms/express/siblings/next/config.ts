import type { Header, Request } from '../../../../cors/http';
import type { Place } from '../../../../cors/place';
import type { OriginPolicy } from '../../../../cors/policy';
import type { Value } from '../../../../cors/value';
import {
  branchesOf,
  type Condition,
  conjoin,
  type JsValue,
  type ObjectValue,
  property,
  type Reader,
  type SourceModule,
} from '../../../../javascript';
import { type Flow, given, opened, setHeader } from '../../flow/flow';
import { toValue } from '../../request/headerValue';
import { isThere, type Wanted, wantedIn, wholePattern } from './condition';
import { type Source, sourceOf } from './source';

/** What `next.config.js` says of headers. */
export interface NextConfig {
  /** One for each way that `headers()` can come out. */
  readonly ways: readonly { readonly when: readonly Condition[]; readonly entries: readonly Entry[] }[];
  /** Set when there may be entries that are not read. */
  readonly open: string | null;
  readonly basePath: string;
}

/** `{ source, has, missing, headers }`. */
export interface Entry {
  readonly source: Source;
  readonly text: string;
  readonly place: Place;
  /** Null when they cannot be read. */
  readonly has: readonly Wanted[] | null;
  readonly missing: readonly Wanted[] | null;
  readonly headers: readonly Setting[];
  readonly open: string | null;
}

interface Setting {
  readonly name: string;
  readonly value: JsValue;
  readonly place: Place;
}

const EMPTY: NextConfig = { ways: [], open: null, basePath: '' };
/** Wrappers of wrappers are followed to this depth. */
const DEEPEST = 8;

/** Reads the configuration that a file exports, through the plugins that it is wrapped in. */
export function readConfig(reader: Reader, module: SourceModule): NextConfig {
  const config = objectOf(reader, reader.findExport(module, 'default'), 0);
  if (config === null) return { ...EMPTY, open: 'the configuration is not read' };
  const base = property(config, 'basePath')?.value;
  const basePath = base?.kind === 'string' ? base.value : '';
  const isBaseKnown = base === undefined || base.kind === 'string';
  const open = config.rest === null && isBaseKnown ? null : 'some of the configuration is not read';
  const headers = property(config, 'headers')?.value;
  if (headers === undefined) return { ...EMPTY, open, basePath };
  // `nextConfig.headers = …` behind a condition makes a choice of it.
  const given = branchesOf(headers).map(({ when, value }) => waysOf(reader, when, value, basePath));
  if (given.includes(null)) return { ...EMPTY, open: 'its `headers` are not read', basePath };
  const read = given.flatMap((ways) => ways ?? []);
  const unread = read.some(({ isWhole }) => !isWhole) ? 'some of its `headers` are not read' : null;
  return { ways: read, open: open ?? unread, basePath };
}

/** The ways that one `headers()` can come out; null when it is not read. */
function waysOf(
  reader: Reader,
  when: readonly Condition[],
  headers: JsValue,
  basePath: string,
): readonly (NextConfig['ways'][number] & { readonly isWhole: boolean })[] | null {
  if (headers.kind === 'undefined') return [{ when, entries: [], isWhole: true }];
  const list = headers.kind === 'function' ? reader.apply(headers, [], headers) : null;
  if (list === null) return null;
  return branchesOf(list).flatMap((branch) => {
    const both = conjoin(when, branch.when);
    if (both === null) return [];
    const { entries, open } = entriesIn(branch.value, basePath);
    return [{ when: both, entries, isWhole: !open }];
  });
}

/** The object that a configuration comes to: itself, what a function gives, or what a plugin is handed. */
function objectOf(reader: Reader, value: JsValue, depth: number): ObjectValue | null {
  if (depth > DEEPEST) return null;
  switch (value.kind) {
    case 'object':
      return value;
    case 'function': {
      const given = reader.apply(value, [], value);
      return given === null ? null : objectOf(reader, given, depth + 1);
    }
    case 'call': {
      if (value.callee.kind === 'function') {
        const given = reader.apply(value.callee, value.arguments, value);
        const read = given === null ? null : objectOf(reader, given, depth + 1);
        if (read !== null) return read;
      }
      // `withPlugin(config)`, `withPlugin(options)(config)`, `composed(config, …)`: it may add, and seldom takes away.
      for (const argument of value.arguments) {
        if (argument.kind === 'string') continue;
        const inner = objectOf(reader, argument, depth + 1);
        if (inner !== null && property(inner, 'headers')) return { ...inner, rest: inner.rest ?? value };
      }
      return null;
    }
    default:
      return null;
  }
}

function entriesIn(value: JsValue, basePath: string): { readonly entries: readonly Entry[]; readonly open: boolean } {
  if (value.kind !== 'array') return { entries: [], open: value.kind !== 'undefined' };
  const entries = value.items.map((item) => entryOf(item, basePath));
  return {
    entries: entries.filter((entry) => entry !== null),
    open: value.rest !== null || entries.includes(null),
  };
}

function entryOf(item: JsValue, basePath: string): Entry | null {
  if (item.kind !== 'object') return null;
  const source = property(item, 'source')?.value;
  const headers = property(item, 'headers')?.value;
  if (source?.kind !== 'string' || headers?.kind !== 'array') return null;
  const base = property(item, 'basePath')?.value;
  const prefix = base?.kind === 'boolean' && !base.value ? '' : basePath;
  const settings = headers.items.map((one): Setting | null => {
    if (one.kind !== 'object') return null;
    const name = property(one, 'key')?.value;
    const value = property(one, 'value')?.value;
    return name?.kind === 'string' && value ? { name: name.value, value, place: one.place } : null;
  });
  const isWhole = headers.rest === null && !settings.includes(null);
  return {
    source: sourceOf(`${prefix}${source.value === '/' && prefix ? '' : source.value}`),
    text: source.value,
    place: source.place,
    has: wantedIn(property(item, 'has')?.value),
    missing: wantedIn(property(item, 'missing')?.value),
    headers: settings.filter((one) => one !== null),
    open: isWhole ? null : 'some of its headers are not read',
  };
}

/** The flow with what the configuration sets for a request: one for each way that it can come out. */
export function configured({ ways, open }: NextConfig, request: Request, start: Flow): readonly Flow[] {
  const path = request.path.split('?')[0] ?? '/';
  const first = open === null ? start : opened(start, open);
  if (ways.length === 0) return [first];
  return ways.flatMap(({ when, entries }): readonly Flow[] => {
    const flow = given(first, when);
    if (flow === null) return [];
    return [entries.reduce((on, entry) => withEntry(entry, path, request, on), flow)];
  });
}

/** A later entry replaces what an earlier one has set. */
function withEntry(entry: Entry, path: string, request: Request, flow: Flow): Flow {
  const applies = appliesTo(entry, path, request);
  if (applies === false) return flow;
  if (applies === undefined) return opened(flow, `it is not known whether \`${entry.text}\` is meant`);
  const unread = entry.open === null ? flow : opened(flow, entry.open);
  return entry.headers.reduce((on, { name, value, place }) => {
    const header: Header = { name, value: filled(value, entry), place, layer: 'next.config' };
    return setHeader(on, header);
  }, unread);
}

function appliesTo({ source, has, missing }: Entry, path: string, request: Request): boolean | undefined {
  const tests = [
    source.matches(path),
    ...(has === null ? [undefined] : has.map((one) => isThere(one, request))),
    ...(missing === null ? [undefined] : missing.map((one) => negated(isThere(one, request)))),
  ];
  if (tests.includes(false)) return false;
  return tests.includes(undefined) ? undefined : true;
}

function negated(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value;
}

/** `:origin` in a value stands for what a group of `has` has caught. */
function filled(value: JsValue, entry: Entry): Value {
  const { place } = value;
  const name = value.kind === 'string' ? /^:(\w+)$/.exec(value.value)?.[1] : undefined;
  if (name !== undefined) {
    const caught = catcherOf(entry, name);
    if (caught?.key?.toLowerCase() === 'origin') return { kind: 'request-origin', place };
    return { kind: 'unknown', reason: `\`:${name}\` stands for a part of the request`, place };
  }
  if (value.kind === 'string' && hasParameter(value.value, entry))
    return { kind: 'unknown', reason: 'a part of it stands for a part of the request', place };
  return toValue(value);
}

function hasParameter(text: string, { text: source, has }: Entry): boolean {
  return [...text.matchAll(/:(\w+)/g)].some(
    ([, name]) => source.includes(`:${name}`) || (has ?? []).some(({ pattern }) => pattern?.includes(`?<${name}>`)),
  );
}

/** The item of `has` whose whole value is caught under a name: `(?<origin>.*)`. */
function catcherOf({ has }: Entry, name: string): Wanted | undefined {
  return (has ?? []).find(({ pattern, type }) => {
    if (type !== 'header' || pattern === null || !pattern.startsWith(`(?<${name}>`) || !pattern.endsWith(')'))
      return false;
    const inner = pattern.slice(`(?<${name}>`.length, -1);
    return isBalanced(inner);
  });
}

function isBalanced(text: string): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '(') depth++;
    else if (text[i] === ')' && --depth < 0) return false;
  }
  return depth === 0;
}

/** The checks that `has` makes on the origin where the origin is then sent back. */
export function configPolicies({ ways }: NextConfig, path: string): readonly OriginPolicy[] {
  return ways.flatMap(({ entries }) =>
    entries.flatMap((entry): readonly OriginPolicy[] => {
      if (entry.source.matches(path) === false) return [];
      const sends = entry.headers.find(({ name }) => name.toLowerCase() === 'access-control-allow-origin');
      const name = sends?.value.kind === 'string' ? /^:(\w+)$/.exec(sends.value.value)?.[1] : undefined;
      const caught = name === undefined ? undefined : catcherOf(entry, name);
      if (caught?.pattern === null || caught === undefined) return [];
      const { place, pattern } = caught;
      const test = { kind: 'regex', source: wholePattern(pattern), flags: '', dialect: 'ecmascript' } as const;
      return [{ place, entries: [{ kind: 'match', test, place }] }];
    }),
  );
}
