import type { Endpoint } from '../../cors/endpoint';
import { createModuleCache, createReader, type ModuleHost, type SourceModule } from '../../javascript';
import type { Analysis, Comment, Host, PlatformOptions } from '../../lint/types';
import { type Target, targetOf } from './address';
import { callsIn, type FrontCall } from './calls';
import { runsInPages } from './recognise';
import { variablesFor } from './variables';

/** What a file calls, and what answers there. */
export interface FrontEndAnalysis extends Analysis {
  readonly module: SourceModule | undefined;
  readonly calls: readonly ReachingCall[];
}

/** A call with where it goes, and what of the workspace answers there. */
export interface ReachingCall {
  readonly call: FrontCall;
  readonly target: Target;
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

/** Reads what a file of a front end calls. Reads nothing of what does not run in pages. Never throws. */
export function analyse(file: string, text: string, host: Host, options: PlatformOptions): FrontEndAnalysis {
  const dependencies = new Set<string>();
  const seen = recording(host, dependencies);
  if (!runsInPages(file, text, seen)) return nothing(file, text, dependencies);
  const reader = createReader(moduleHost(file, text, seen), cache);
  const module = reader.module(file);
  if (module === null) return nothing(file, text, dependencies);
  let made: readonly FrontCall[] | undefined;
  let reaching: readonly ReachingCall[] | undefined;
  const callsOf = () => {
    made ??= callsIn(reader, module);
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
      reaching ??= callsOf().flatMap((call) => reachedBy(call, file, seen, options));
      return reaching;
    },
    // Headers of requests that belong to responses are found wherever they stand, by those who read servers.
    settings: [],
    get comments() {
      return commentsIn(module);
    },
  };
}

function reachedBy(call: FrontCall, file: string, host: Host, options: PlatformOptions): ReachingCall[] {
  const target = targetOf(call.url, call.base, variablesFor(file, host));
  return target === undefined ? [] : [{ call, target, reached: reach(call, target, options) }];
}

function reach({ method }: FrontCall, target: Target, { upstream: find }: PlatformOptions): Reached | undefined {
  const upstream = find?.({ host: target.host, port: target.port });
  if (upstream === undefined) return undefined;
  const { endpoints, file, provided } = upstream;
  const when = [target.provided, provided].flatMap((each) => (each === undefined ? [] : [each.holds]));
  for (const endpoint of endpoints) {
    const matches = endpoint.matches(target.path, method.toUpperCase());
    if (matches === false) continue;
    if (matches === undefined || endpoint.partial !== undefined) return undefined;
    return { endpoint, file, when, servesPages: endpoints.some(isForPages) };
  }
  return undefined;
}

/** Static files, or a route for every path, as what hands out the page of an app has. */
function isForPages({ label }: Endpoint): boolean {
  return /^mount |[*]/.test(label) || /^\w+ \/$/.test(label);
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
    readFile: (path) => (path === file ? text : (host.read(path) ?? null)),
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
