import type { Header } from '../../cors/http';
import type { Place } from '../../cors/place';
import {
  createModuleCache,
  createReader,
  type FunctionValue,
  type JsValue,
  type ObjectValue,
  property,
  type Reader,
  type Returned,
  type SourceModule,
} from '../../javascript';
import type { Host } from '../../lint/types';
import { changedElsewhere } from './changes';
import { headerValue } from './value';

/** What a function's code answers. */
export type HandlerReading =
  | { readonly kind: 'responses'; readonly responses: readonly HandlerResponse[]; readonly file: string }
  | { readonly kind: 'unknown'; readonly reason: string };

/** One response that the handler hands back on some path. */
export interface HandlerResponse {
  /** Undefined when it is computed. */
  readonly status: number | undefined;
  /** The `return`, the callback's call: the line to blame. */
  readonly place: Place;
  /** The object literal of the response, and that of its headers where it is written out. */
  readonly object: ObjectValue | undefined;
  readonly headersObject: ObjectValue | undefined;
  readonly headers: readonly Header[];
  /** Why it may have more headers than these; undefined when it was read whole. */
  readonly open: string | undefined;
  /** The branch, to finish "when …"; undefined when it is the only one. */
  readonly when: string | undefined;
  readonly error: boolean;
}

export interface HandlerReader {
  /** @param handler as in the configuration: `src/users.list`, seen from its folder */
  read(handler: string): HandlerReading;
}

/** Parsed handler files outlive one analysis: typing in the YAML parses none of them again. */
const modules = createModuleCache();

/** What was read for one configuration, and the texts that it rests on; null where there was no file. */
interface Session {
  host: Host;
  readonly texts: Map<string, string | null>;
  readonly reader: Reader;
  readonly readings: Map<string, HandlerReading>;
}

/** The last configurations' sessions: while no handler's text changes, what was worked out stays true. */
const sessions = new Map<string, Session>();
const MOST_SESSIONS = 4;

/**
 * Reads handlers through the host.
 * @param from the configuration
 * @param seen is told of every file that was read or looked for
 */
export function createHandlerReader(host: Host, from: string, seen: (file: string) => void): HandlerReader {
  let session: Session | undefined;
  return {
    read(handler) {
      session ??= openSession(host, from);
      const known = session.readings.get(handler);
      const reading = known ?? readHandler(session, from, handler);
      session.readings.set(handler, reading);
      for (const file of session.texts.keys()) seen(file);
      return reading;
    },
  };
}

function openSession(host: Host, from: string): Session {
  const known = sessions.get(from);
  sessions.delete(from);
  const session = known !== undefined && isFresh(known, host) ? known : newSession(host);
  session.host = host;
  sessions.set(from, session);
  if (sessions.size > MOST_SESSIONS) {
    for (const oldest of sessions.keys()) {
      sessions.delete(oldest);
      break;
    }
  }
  return session;
}

function isFresh({ texts }: Session, host: Host): boolean {
  for (const [file, text] of texts) if ((host.read(file) ?? null) !== text) return false;
  return true;
}

function newSession(host: Host): Session {
  const texts = new Map<string, string | null>();
  const readFile = (path: string): string | null => {
    const text = session.host.read(path) ?? null;
    texts.set(path, text);
    return text;
  };
  const session: Session = { host, texts, reader: createReader({ readFile }, modules), readings: new Map() };
  return session;
}

const EXTENSIONS = ['.js', '.ts', '.mjs', '.cjs', '.jsx', '.tsx', '.mts', '.cts'];

function readHandler({ host, reader, texts }: Session, from: string, handler: string): HandlerReading {
  // As the Lambda runtime splits it: the file's name ends at its first dot, the rest names the export.
  const split = /^(.*?[^/.]+)\.([\w$.]+)$/.exec(handler.replace(/^\.\//, ''));
  const [, base, name] = split ?? [];
  if (base === undefined || name === undefined || handler.includes('${')) {
    return { kind: 'unknown', reason: `${handler} names no file and export` };
  }
  const candidates = [
    ...EXTENSIONS.map((ending) => `${base}${ending}`),
    ...EXTENSIONS.map((ending) => `${base}/index${ending}`),
  ];
  const exists = (path: string): boolean => {
    const text = host.read(path) ?? null;
    texts.set(path, text);
    return text !== null;
  };
  const file = candidates.map((path) => host.resolve(from, path)).find(exists);
  const module = file === undefined ? null : reader.module(file);
  if (module === null || file === undefined) return { kind: 'unknown', reason: `${base} is not in the workspace` };
  return readExport(reader, module, name, file);
}

function readExport(reader: Reader, module: SourceModule, name: string, file: string): HandlerReading {
  if (module.errors.length > 0) return { kind: 'unknown', reason: `${file} is not well-formed` };
  const value = reader.findExport(module, name);
  if (value.kind !== 'function') return { kind: 'unknown', reason: 'the handler is wrapped or computed' };
  if (streams(value)) return { kind: 'unknown', reason: 'the handler streams its response' };
  const { returns, complete } = reader.returnsOf(value, 2);
  if (!complete) return { kind: 'unknown', reason: 'the handler has too many ways through it' };
  const responses = returns.flatMap((returned) => readReturned(returned) ?? []);
  return { kind: 'responses', file, responses: withConditions(responses) };
}

/** `awslambda.streamifyResponse` hands the handler a stream as its second parameter. */
function streams({ function: fn }: FunctionValue): boolean {
  const second = fn.params[1];
  return second?.type === 'Identifier' && /stream/i.test(second.name);
}

/** Undefined for what is no response of the handler's: an exception, which the gateway turns into an error. */
function readReturned(returned: Returned): HandlerResponse | undefined {
  if (returned.how === 'throw' || returned.how === 'callback-error') return undefined;
  const base = {
    place: returned.place,
    when: branchWords(returned),
    error: returned.error,
    object: undefined,
    headersObject: undefined,
    headers: [],
    status: undefined,
  };
  const { value } = returned;
  if (returned.uncertain !== null) return { ...base, open: returned.uncertain };
  if (value.kind !== 'object') return { ...base, open: reasonFor(value) };
  const status = statusOf(value);
  const whole = { ...base, object: value, status };
  const changed =
    value.rest !== null ? 'the response is spread from something that cannot be read' : changedElsewhere(value);
  if (property(value, 'statusCode') === undefined) {
    return { ...whole, open: changed ?? 'what is returned is not seen to be a response' };
  }
  const headers = readHeaders(property(value, 'headers')?.value);
  const several = readHeaders(property(value, 'multiValueHeaders')?.value, true);
  return {
    ...whole,
    headersObject: headers.object,
    headers: [...headers.headers, ...several.headers],
    open: changed ?? headers.open ?? several.open,
  };
}

/** The branch in the handler's own words where these are short, else by its line. */
function branchWords({ when, words, place, value }: Returned): string {
  const isOwn = when.every(({ of }) => of.place.file === place.file);
  if (words !== null && isOwn && words.length <= 70) return words;
  const text = value.module.path === place.file ? value.module.text : undefined;
  if (text === undefined) return 'the handler answers this way';
  return `the handler answers at line ${text.slice(0, place.start).split('\n').length}`;
}

function statusOf(response: ObjectValue): number | undefined {
  const status = property(response, 'statusCode')?.value;
  if (status?.kind === 'number') return status.value;
  return status?.kind === 'string' && /^\d{3}$/.test(status.value) ? Number(status.value) : undefined;
}

interface ReadHeaders {
  readonly headers: readonly Header[];
  readonly object: ObjectValue | undefined;
  readonly open: string | undefined;
}

function readHeaders(value: JsValue | undefined, several = false): ReadHeaders {
  if (value === undefined || value.kind === 'undefined' || value.kind === 'null') {
    return { headers: [], object: undefined, open: undefined };
  }
  if (value.kind !== 'object') return { headers: [], object: undefined, open: reasonFor(value) };
  const open =
    value.rest !== null ? 'the headers are spread from something that cannot be read' : changedElsewhere(value);
  const headers = value.properties.flatMap((one): Header[] => {
    const { key: name, place } = one;
    if (!several) return [{ name, value: headerValue(one.value), place, layer: 'the handler' }];
    const items = one.value.kind === 'array' && one.value.rest === null ? one.value.items : [one.value];
    return items.map((item) => ({ name, value: headerValue(item), place, layer: 'the handler' }));
  });
  return { headers, object: value, open };
}

function reasonFor(value: JsValue): string {
  switch (value.kind) {
    case 'unknown':
      return value.reason;
    case 'call':
      return 'the response is built by something that cannot be read';
    case 'undefined':
      return 'the handler returns nothing here';
    default:
      return 'the response is not written out';
  }
}

/** Only where there are several responses does any of them need its circumstance. */
function withConditions(responses: readonly HandlerResponse[]): readonly HandlerResponse[] {
  return responses.length < 2 ? responses.map((response) => ({ ...response, when: undefined })) : responses;
}
