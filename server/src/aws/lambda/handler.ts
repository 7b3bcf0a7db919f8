import { createModuleCache, createReader, type FunctionValue, type Reader, type SourceModule } from '../../javascript';
import { packageMajor } from '../../javascript/packageMajor';
import type { Host } from '../../lint/types';
import { changeWatch } from './handedOn';
import { middyChain } from './middy/chain';
import { reordered } from './middy/reordered';
import { type StackOptions, throughMiddy } from './middy/stack';
import type { HandlerReading, HandlerResponse, Payload } from './reading';
import { eventNames } from './request';
import { responsesOf } from './responses';
import { webhookSign } from './webhook';
import { callReason, unwrapHandler } from './wrapped';

export type { HandlerReading, HandlerResponse, Payload } from './reading';

export interface HandlerReader {
  /**
   * @param handler as in the configuration: `src/users.list`, seen from its folder
   * @param payload the format of its events, where that is known
   */
  read(handler: string, payload?: Payload): HandlerReading;
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
    read(handler, payload) {
      session ??= openSession(host, from);
      const key = `${payload ?? ''} ${handler}`;
      const known = session.readings.get(key);
      const reading = known ?? readHandler(session, from, handler, payload);
      session.readings.set(key, reading);
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
  const session: Session = {
    host,
    texts,
    reader: createReader(
      { readFile },
      modules,
      changeWatch(() => session.reader),
    ),
    readings: new Map(),
  };
  return session;
}

const EXTENSIONS = ['.js', '.ts', '.mjs', '.cjs', '.jsx', '.tsx', '.mts', '.cts'];

/** As the Lambda runtime splits it: the file's name ends at its first dot, the rest names the export. */
function splitName(handler: string): readonly [base: string, name: string] | readonly [] {
  const names = /(?<![\w$.])[\w$.]*$/.exec(handler)?.index ?? 0;
  const dot = /(?<=[^/.])\.(?=[\w$.])/g;
  dot.lastIndex = names;
  const at = dot.exec(handler)?.index;
  return at === undefined ? [] : [handler.slice(0, at), handler.slice(at + 1)];
}

function readHandler(session: Session, from: string, handler: string, payload: Payload | undefined): HandlerReading {
  const { host, reader, texts } = session;
  const [base, name] = splitName(handler.replace(/^\.\//, ''));
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
  return readExport(session, module, name, payload);
}

function readExport(
  session: Session,
  module: SourceModule,
  name: string,
  payload: Payload | undefined,
): HandlerReading {
  const { reader } = session;
  const file = module.path;
  if (module.errors.length > 0) return { kind: 'unknown', reason: `${file} is not well-formed` };
  const wrapped = unwrapHandler(reader.findExport(module, name));
  if (wrapped.kind === 'unknown') return wrapped;
  if (wrapped.kind === 'function')
    return told(responsesOf(reader, wrapped.fn, eventNames(reader, wrapped.fn.function, payload)), file, wrapped.fn);
  const chain = middyChain(reader, wrapped.call);
  if (chain === undefined) return { kind: 'unknown', reason: callReason(wrapped.call) };
  const inner = chain.handler === undefined ? undefined : unwrapHandler(chain.handler);
  if (inner?.kind !== 'function') return { kind: 'unknown', reason: 'the function that middy wraps cannot be read' };
  const names = eventNames(reader, inner.fn.function, payload);
  const handled = responsesOf(reader, inner.fn, names);
  if (typeof handled === 'string') return told(handled, file, inner.fn);
  const majorOf = (name: string, value: { readonly module: SourceModule }): number | null =>
    packageMajor(name, value.module.path, watched(session));
  const options: StackOptions = { reader, names, payload, majorOf };
  const reading = told(throughMiddy(chain, handled, options), file, inner.fn);
  if (reading.kind === 'unknown') return reading;
  const edits = reordered(chain, reading.responses, options);
  return edits === undefined ? reading : { ...reading, reordered: edits };
}

/** The host, every look at which is remembered. */
function watched({ host, texts }: Session) {
  return {
    read(file: string): string | undefined {
      const text = host.read(file);
      texts.set(file, text ?? null);
      return text;
    },
    resolve: (from: string, relative: string) => host.resolve(from, relative),
  };
}

/** Only where there are several responses does any of them need its circumstance. */
function told(responses: readonly HandlerResponse[] | string, file: string, fn: FunctionValue): HandlerReading {
  if (typeof responses === 'string') return { kind: 'unknown', reason: responses };
  const one = responses.length < 2;
  const webhook = webhookSign(fn);
  return {
    kind: 'responses',
    file,
    responses: one ? responses.map((response) => ({ ...response, when: undefined })) : responses,
    ...(webhook === undefined ? {} : { webhook }),
  };
}
