import type { Endpoint, SharedCache, Site } from '../../cors/endpoint';
import type { Request, Response } from '../../cors/http';
import type { Place } from '../../cors/place';
import type { OriginPolicy } from '../../cors/policy';
import { sampleOrigins } from '../../cors/sample';
import type { PlatformOptions } from '../../lint/types';
import { cacheable, cacheOf } from './cache';
import type { Configuration } from './config/configuration';
import { describeLevel, inherited, type Level, setting, unreadableAbove } from './config/level';
import { headPlace } from './config/node';
import { contentOf } from './evaluate/content';
import type { Engine } from './evaluate/engine';
import { listensOf } from './evaluate/listen';
import { locate, matcherOf } from './evaluate/locate';
import { type Played, play, respond } from './evaluate/play';
import { relevanceOf } from './evaluate/relevance';
import { rewrite } from './evaluate/rewrite';
import { type Decide, type Run, startRun } from './evaluate/run';
import { createEngine } from './evaluate/serve';
import { listeningOn, matchName } from './evaluate/server-choice';
import { captureServerName } from './evaluate/server-name';
import { outerPaths, routeSampler, upstreamOf } from './routes';
import { samplePaths } from './sample';

/** An endpoint with the level that it is made of. */
export interface NginxEndpoint extends Endpoint {
  readonly level: Level;
  readonly server: Level;
  /** The responses with what led to them, one for each way the unknown may turn out. */
  trace(request: Request): readonly Played[];
}

/** The endpoints of the servers that stand in the file, those of their snippets included. */
export function endpointsOf(file: string, configuration: Configuration, options: PlatformOptions): NginxEndpoint[] {
  const { fragment, servers } = configuration;
  const make = (level: Level, server: Level, path: string): NginxEndpoint =>
    makeEndpoint({ level, server, path, file, configuration, options, behind: undefined });
  if (fragment !== undefined) {
    return concernsResponses(fragment) ? [make(fragment, fragment, '/')] : [];
  }
  const endpoints: NginxEndpoint[] = [];
  for (const server of servers) {
    if (server.node !== undefined && server.node.file !== file) {
      continue;
    }
    if (server.program.some(({ kind }) => kind === 'return')) {
      endpoints.push(make(server, server, '/'));
      continue;
    }
    for (const level of allLocations(server)) {
      const path = pathOf(level, server, configuration);
      if (path !== undefined) {
        const plain = make(level, server, path);
        const routes = routesOf({ level, server, path, file, configuration, options, behind: undefined });
        endpoints.push(...(routes.length > 0 ? routes : [plain]));
      }
    }
    if (server.node !== undefined && locate(probe(configuration, server, '/'), '/').level === server) {
      endpoints.push(make(server, server, '/'));
    }
  }
  return endpoints;
}

/** Bare directives are of interest when they set or answer something; `user nginx;` is not. */
function concernsResponses({ own, program }: Level): boolean {
  return program.length > 0 || own.has('add_header') || own.has('more_set_headers');
}

function allLocations(server: Level): Level[] {
  const found: Level[] = [];
  const stack = [...server.locations].reverse();
  for (let level = stack.pop(); level !== undefined; level = stack.pop()) {
    found.push(level);
    stack.push(...[...level.locations].reverse());
  }
  return found;
}

/** A path that leads to the location; undefined for named, internal and shadowed ones. */
function pathOf(level: Level, server: Level, configuration: Configuration): string | undefined {
  const matcher = level.node && matcherOf(level.node);
  if (matcher === undefined || matcher.kind === 'named' || inherited(level, 'internal').length > 0) {
    return undefined;
  }
  const below =
    matcher.kind === 'pattern' ? pathsMatching(matcher, level.parent) : pathsBelow(matcher.path, matcher.kind);
  // A folder is the odd case where `try_files` looks for folders and has something to fall back on.
  const candidates = fallsBack(level)
    ? [...below].sort((a, b) => Number(a.endsWith('/')) - Number(b.endsWith('/')))
    : below;
  return candidates.find((path) => {
    const found = locate(probe(configuration, server, path), path);
    return found.level === level && !found.addSlash;
  });
}

function fallsBack({ own }: Level): boolean {
  const words =
    own
      .get('try_files')
      ?.at(-1)
      ?.args.map(({ value }) => value) ?? [];
  return words.includes('$uri/') && !words.at(-1)?.startsWith('=');
}

/** Samples of the pattern; in a nested location they start with the path of the location around it. */
function pathsMatching(
  { source, ignoreCase }: { source: string; ignoreCase: boolean },
  outer: Level | undefined,
): string[] {
  const samples = samplePaths(source, ignoreCase);
  const around = outer?.node && matcherOf(outer.node);
  const prefix = around?.kind === 'prefix' ? around.path.replace(/\/$/, '') : '';
  return prefix === '' ? samples : [...samples.map((path) => prefix + path), ...samples];
}

function pathsBelow(path: string, kind: 'exact' | 'prefix'): string[] {
  if (kind === 'exact') {
    return [path];
  }
  return path.endsWith('/') ? [path, `${path}x`] : [path, `${path}/`, `${path}/x`, `${path}x`];
}

function probe(configuration: Configuration, server: Level, path: string, unsure: () => void = () => {}): Run {
  return startRun(configuration, server, requestFor(path, 'GET', undefined), () => {
    unsure();
    return false;
  });
}

function requestFor(path: string, method: string, origin: string | undefined): Request {
  return { method, scheme: 'https', path, origin, headers: new Map(), ending: 'success' };
}

interface Parts {
  readonly level: Level;
  readonly server: Level;
  readonly path: string;
  readonly file: string;
  readonly configuration: Configuration;
  readonly options: PlatformOptions;
  /** The endpoint of an application that answers for the path. */
  readonly behind: Endpoint | undefined;
}

/** An endpoint for each route of the application that the location passes requests on to, as far as it is known. */
function routesOf(parts: Parts): NginxEndpoint[] {
  const { level, options, configuration, server } = parts;
  if (options.upstream === undefined || partialReason(level, server, configuration) !== undefined) {
    return [];
  }
  const engine = createEngine(configuration, options);
  const found: NginxEndpoint[] = [];
  const sampler = routeSampler();
  for (const behind of upstreamOf(probe(configuration, server, parts.path), level, options)?.endpoints ?? []) {
    if (sampler.isEnough()) {
      break;
    }
    if (!sampler.wants(behind)) {
      continue;
    }
    const method = behind.methods?.[0] ?? 'GET';
    const path = outerPaths(level, behind.path).find((outer) => {
      const isHere = locate(probe(configuration, server, outer), outer).level === level;
      return isHere && reaches(parts, engine, outer, method, behind) === true;
    });
    if (path !== undefined) {
      sampler.take(behind);
      found.push(makeEndpoint({ ...parts, path, behind }));
    }
  }
  return found;
}

/** Whether a request for the path ends at an endpoint of an application; undefined when it may. */
function reaches(parts: Parts, engine: Engine, path: string, method: string, behind: Endpoint): boolean | undefined {
  const played = play(engine, (decide) => begin(parts, requestFor(path, method, SOME_ORIGIN), decide));
  return played.some(({ run }) => run.behind === behind);
}

/** Under which path a request gets to the endpoint behind, where it is the same however it gets there. */
function pathBehind(parts: Parts, engine: Engine, path: string, method: string): string | undefined {
  const played = play(engine, (decide) => begin(parts, requestFor(path, method, SOME_ORIGIN), decide));
  const paths = new Set(played.flatMap(({ run }) => (run.behind === parts.behind ? [run.behindPath] : [])));
  const [only] = paths;
  return paths.size === 1 ? only : undefined;
}

function makeEndpoint(parts: Parts): NginxEndpoint {
  const { level, server, path, file, configuration, options, behind } = parts;
  const partial = partialReason(level, server, configuration);
  let policies: readonly OriginPolicy[] | undefined;
  const responses = new Map<string, readonly Response[]>();
  const engine = createEngine(configuration, options);
  const methods = methodsOf(level, server, configuration) ?? behind?.methods;
  const isRead = behind !== undefined && methods?.includes('GET') !== false;
  const ask = (): readonly Response[] => {
    const named = behind?.policies.flatMap(({ entries }) => entries.flatMap(sampleOrigins)) ?? [];
    const [origin = SOME_ORIGIN] = named;
    return respond(engine, (decide) => begin(parts, cacheable(path, origin), decide));
  };
  let cache: SharedCache | undefined | 'unasked' = isRead ? 'unasked' : undefined;
  return {
    platform: 'nginx',
    label: labelOf(level, server, configuration) + (behind === undefined ? '' : ` (${behind.label})`),
    place: placeOfLevel(level, file),
    path,
    level,
    server,
    methods,
    requestHeaders: [
      ...new Set([...(needsPassword(level) ? ['Authorization'] : []), ...(behind?.requestHeaders ?? [])]),
    ],
    ...(partial === undefined ? {} : { partial }),
    ...(behind === undefined
      ? {}
      : { behind, pathBehind: (asked: string, method: string) => pathBehind(parts, engine, asked, method) }),
    matches: (asked, method, site) => {
      const found = matches(parts, asked, method, site);
      return behind === undefined || found === false ? found : found && reaches(parts, engine, asked, method, behind);
    },
    get cache() {
      if (cache === 'unasked') {
        cache = cacheOf(level, ask);
      }
      return cache;
    },
    get policies() {
      policies ??= findPolicies(parts, engine);
      return policies;
    },
    trace: (request) => play(engine, (decide) => begin(parts, request, decide)),
    respond(request) {
      // What an application looks at is not in the configuration.
      if (options.upstream !== undefined) {
        return respond(engine, (decide) => begin(parts, request, decide));
      }
      const key = relevanceOf(configuration).key(request);
      const known = responses.get(key);
      if (known !== undefined) {
        return known;
      }
      const made = respond(engine, (decide) => begin(parts, request, decide));
      responses.set(key, made);
      return made;
    },
  };
}

/** Starts a request at the endpoint's server. */
function begin({ configuration, server }: Parts, request: Request, decide: Decide): Run {
  const run = startRun(configuration, server, request, decide);
  captureServerName(run);
  return run;
}

function labelOf(level: Level, server: Level, { fragment }: Configuration): string {
  if (level === fragment) {
    return 'these lines';
  }
  const label = describeLevel(level);
  const name = level === server ? '' : describeLevel(server).slice('server'.length);
  return name === '' ? label : `${label} of${name}`;
}

function placeOfLevel({ node }: Level, file: string): Place {
  return node === undefined ? { file, start: 0, end: 0 } : headPlace(node);
}

function partialReason(level: Level, server: Level, configuration: Configuration): string | undefined {
  if (configuration.fragment !== undefined) {
    return 'what includes these lines is not known';
  }
  return server.node === undefined ? 'the server that includes this file is not known' : unreadableAbove(level);
}

function needsPassword(level: Level): boolean {
  const realm = setting(level, 'auth_basic');
  return realm !== undefined && realm !== 'off' && inherited(level, 'auth_basic_user_file').length > 0;
}

/** What `limit_except` spares, and for plain files what nginx serves them to. */
function methodsOf(level: Level, server: Level, configuration: Configuration): readonly string[] | undefined {
  const spared = level.limitExcept?.node?.args.map((word) => word.value.toUpperCase());
  if (spared !== undefined) {
    return spared.filter((method) => method !== 'OPTIONS');
  }
  if (level.program.some(({ kind }) => kind !== 'set') || configuration.fragment !== undefined) {
    return undefined;
  }
  const fallback = level.own.get('try_files')?.at(-1)?.args.at(-1)?.value;
  const run = probe(configuration, server, '/');
  run.level = level;
  const content = contentOf(run);
  const filesOnly =
    content.kind === 'files' && content.dav.length === 0 && (fallback === undefined || fallback.startsWith('='));
  return filesOnly ? ['GET', 'HEAD'] : undefined;
}

function matches(
  { level, server, configuration }: Parts,
  path: string,
  method: string,
  site?: Site,
): boolean | undefined {
  if (configuration.fragment !== undefined) {
    return undefined;
  }
  const answers = site === undefined ? true : answersFor(server, configuration, site);
  if (answers === false) {
    return false;
  }
  let unsure = false;
  const run = startRun(configuration, server, requestFor(path, method, undefined), () => {
    unsure = true;
    return false;
  });
  rewrite(server, run);
  if (run.uri === undefined) {
    return undefined;
  }
  const reached = locate(run, run.uri).level === level;
  return unsure || run.undecided !== undefined || answers === undefined ? undefined : reached;
}

/**
 * Whether the server answers for the site. The port tells servers apart where it is the port of some; a container may
 * publish another one. A host that no name covers goes to the default server of its port, which another file may have.
 */
function answersFor(server: Level, { servers }: Configuration, { scheme, host }: Site): boolean | undefined {
  const asked = Number(/:(\d+)$/.exec(host)?.[1] ?? (scheme === 'https' ? 443 : 80));
  const ports = listeningOn(servers, { port: asked }).length > 0 ? [asked] : servers.flatMap(portsOf);
  const named = new Set(ports.map((port) => serverNamed(listeningOn(servers, { port }), host)));
  const [only] = named;
  return named.size === 1 && only !== undefined ? only === server : undefined;
}

function serverNamed(servers: readonly Level[], host: string): Level | undefined {
  const named = matchName(servers, host);
  return named === 'unknown' ? undefined : named?.server;
}

function portsOf(server: Level): readonly number[] {
  return listensOf(server).map(({ port }) => port);
}

/** An origin that nobody has: what depends on the origin shows itself whichever origin asks. */
const SOME_ORIGIN = 'https://origin.invalid';

/** The checks on the origin that a GET and a preflight meet on their way. */
function findPolicies(parts: Parts, engine: Engine): readonly OriginPolicy[] {
  const found = new Map<string, OriginPolicy>();
  for (const method of ['GET', 'OPTIONS']) {
    const request = requestFor(parts.path, method, SOME_ORIGIN);
    const played = play(engine, (decide) => begin(parts, request, decide));
    for (const { run } of played) {
      for (const [key, policy] of run.policies) {
        found.set(key, policy);
      }
    }
  }
  return [...found.values()];
}
