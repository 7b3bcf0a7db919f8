import type { Caller } from '../../cors/caller';
import type { Endpoint } from '../../cors/endpoint';
import { isPastFiles, reachedEndpoint } from '../../cors/reachedEndpoint';
import { servesPages } from '../../cors/servesPages';
import { createModuleCache, createReader, type ModuleHost, type SourceModule } from '../../javascript';
import type { Address, Analysis, Comment, Host, OutgoingCall, PlatformOptions } from '../../lint/types';
import { type Target, targetOf, type VariableValue } from './address';
import { callsIn, type FrontCall } from './calls';
import { callerOf } from './play';
import { mayProxy, proxyFile } from './proxies/recognise';
import { proxyTargets } from './proxies/targets';
import { runsInPages } from './recognise';
import { hasScripts, scriptsOf } from './scripts';
import { allVariablesFor, variablesFor } from './variables';

/** What a file calls, and what answers there. */
export interface FrontEndAnalysis extends Analysis {
  readonly module: SourceModule | undefined;
  readonly calls: readonly ReachingCall[];
}

/** A call with where it goes, and what of the workspace answers there. */
export interface ReachingCall {
  readonly call: FrontCall;
  readonly target: Target;
  readonly caller: Caller;
  readonly reached: Reached | undefined;
}

export interface Reached {
  readonly endpoint: Endpoint;
  /** The file that makes it listen, for people. */
  readonly file: string;
  /** Whether what answers there serves pages too, which are then of the same origin. */
  readonly servesPages: boolean;
  /** The circumstances in which the call gets there, each to finish "when …". */
  readonly when: readonly string[];
}

/** Parsed files outlive an analysis: clients and constants are shared by many. */
const cache = createModuleCache(40);

/**
 * Reads what a file of a front end calls. Reads nothing of what does not run in pages. The configuration of a
 * development server calls nothing: it is only asked for what answers where it hands requests on. Never throws.
 */
export function analyse(file: string, text: string, host: Host, options: PlatformOptions): FrontEndAnalysis {
  const dependencies = new Set<string>();
  const seen = recording(host, dependencies);
  if (mayProxy(file, text)) {
    for (const address of handedOnTo(file, text, seen)) options.upstream?.(address);
    return nothing(file, text, dependencies);
  }
  if (!runsInPages(file, text, seen)) return nothing(file, text, dependencies);
  const reader = createReader(moduleHost(file, text, seen), cache);
  const module = reader.module(file);
  if (module === null) return nothing(file, text, dependencies);
  let made: readonly GoingCall[] | undefined;
  let reaching: readonly ReachingCall[] | undefined;
  const goings = () => {
    const variable = variablesFor(file, seen);
    made ??= callsIn(reader, module, hasScripts(file) ? text : '').flatMap((call) => going(call, variable));
    return made;
  };
  return {
    file,
    text,
    module,
    endpoints: [],
    dependencies,
    parts: new Map(),
    errors: module.errors.map(({ message, range }) => ({ message, ...range })),
    get calls() {
      reaching ??= goings().map((going) => ({ ...going, reached: reach(going, options) }));
      return reaching;
    },
    get outgoing() {
      return goings().flatMap(({ call, target: { host, port }, caller }): OutgoingCall[] =>
        // The page can read nothing of an opaque answer anyway, and says so.
        call.noCors === undefined ? [{ ...caller, to: { host, port } }] : [],
      );
    },
    // Headers of requests that belong to responses are found wherever they stand, by those who read servers.
    settings: [],
    get comments() {
      return commentsIn(module);
    },
  };
}

function handedOnTo(file: string, text: string, host: Host): readonly Address[] {
  const reader = createReader(moduleHost(file, text, host), cache);
  const module = reader.module(file);
  const configuration = proxyFile(file);
  if (module === null || configuration === undefined) return [];
  const isLoaded = configuration.loadsVariables || /\b(?:dotenv|loadEnv)\b/.test(text);
  const variable = isLoaded ? allVariablesFor(file, host) : () => undefined;
  return proxyTargets(reader, module, configuration.kind, variable);
}

type GoingCall = Omit<ReachingCall, 'reached'>;

function going(call: FrontCall, variable: VariableValue): GoingCall[] {
  const target = targetOf(call.url, call.base, variable);
  return target === undefined ? [] : [{ call, target, caller: callerOf(call, target) }];
}

function reach(
  { call: { method }, target, caller }: GoingCall,
  { upstream: find }: PlatformOptions,
): Reached | undefined {
  const upstream = find?.({ host: target.host, port: target.port });
  if (upstream === undefined) return undefined;
  const { endpoints, file, provided } = upstream;
  const when = [...caller.when, ...(provided === undefined ? [] : [provided.holds])];
  const by = method.toUpperCase();
  const endpoint = reachedEndpoint(endpoints, target.path, by);
  if (endpoint === undefined || endpoint.partial !== undefined) return undefined;
  // A path that no file has is that of a route which is not known.
  if (isPastFiles(endpoint, target.path, by)) return undefined;
  return { endpoint, file, when, servesPages: servesPages(endpoints) };
}

function commentsIn(module: SourceModule): readonly Comment[] {
  if (!module.text.includes('cors-lint')) return [];
  return module.comments.map((comment) => ({ text: comment.text, ...comment.range }));
}

function nothing(file: string, text: string, dependencies: ReadonlySet<string>): FrontEndAnalysis {
  return {
    file,
    text,
    module: undefined,
    endpoints: [],
    settings: [],
    comments: [],
    calls: [],
    dependencies,
    parts: new Map(),
  };
}

function moduleHost(file: string, text: string, host: Host): ModuleHost {
  return {
    readFile: (path) => {
      const content = path === file ? text : host.read(path);
      return content === undefined ? null : scriptsOf(path, content);
    },
    join: (from, relative) => host.resolve(from, relative),
  };
}

function recording(host: Host, dependencies: Set<string>): Host {
  return {
    read(file) {
      dependencies.add(file);
      return host.read(file);
    },
    resolve: (from, relative) => host.resolve(from, relative),
    glob: (from, pattern) => host.glob(from, pattern),
    version: (file) => host.version(file),
  };
}
