import type { Endpoint, HeaderSetting } from '../../cors/endpoint';
import { createModuleCache, createReader, type ModuleHost, type Reader, type SourceModule } from '../../javascript';
import type { Analysis, Comment, Host } from '../../lint/types';
import { findApps } from './app/apps';
import { dependsOnGateway } from './app/gateway';
import { expressVersion } from './app/version';
import { type ExpressEndpoint, endpointsOf } from './endpoints/endpoints';
import { listenersIn } from './endpoints/listeners';
import { partialEndpoints } from './endpoints/partialEndpoints';
import type { Application } from './endpoints/run';
import { createMemo } from './flow/functionRun';
import { settingsIn } from './settings';
import { type Siblings, siblingsIn } from './siblings';

/** A file as this platform sees it. Everything beyond the tree is worked out when it is first asked for. */
export interface ExpressAnalysis extends Analysis {
  readonly module: SourceModule;
  readonly reader: Reader;
  readonly application: Application;
  /** The endpoints that belong to an app, with their way through it. */
  readonly routes: readonly ExpressEndpoint[];
  /** What there is of other frameworks. */
  readonly siblings: Siblings;
}

/** Parsed files outlive an analysis: the next keystroke needs the same neighbours. */
const cache = createModuleCache(40);

/** Reads a file and, through its imports, what it needs of others. Needs the parsers loaded. Never throws. */
export function analyse(file: string, text: string, host: Host): ExpressAnalysis {
  const dependencies = new Set<string>();
  const reader = createReader(moduleHost(file, text, host, dependencies), cache);
  const module = reader.module(file);
  // The reader's host gives this file's text whatever it is.
  if (module === null) throw new Error(`${file} has no text`);
  const application: Application = {
    reader,
    apps: findApps(reader),
    memo: createMemo(),
    get version() {
      version ??= { is: expressVersion(file, recording(host, dependencies)) };
      return version.is;
    },
    get isForGateway() {
      forGateway ??= dependsOnGateway(file, recording(host, dependencies));
      return forGateway;
    },
  };
  let forGateway: boolean | null = null;
  let version: { readonly is: Application['version'] } | null = null;
  let siblings: Siblings | null = null;
  const siblingsOf = () => {
    siblings ??= siblingsIn(reader, module, recording(host, dependencies));
    return siblings;
  };
  let routes: readonly ExpressEndpoint[] | null = null;
  let endpoints: readonly Endpoint[] | null = null;
  let settings: readonly HeaderSetting[] | null = null;
  let comments: readonly Comment[] | null = null;
  const routesOf = () => {
    routes ??= endpointsOf(application, module);
    return routes;
  };
  return {
    file,
    text,
    module,
    reader,
    application,
    dependencies,
    errors: module.errors.map(({ message, range }) => ({ message, ...range })),
    get routes() {
      return routesOf();
    },
    get siblings() {
      return siblingsOf();
    },
    get endpoints() {
      endpoints ??= [
        ...routesOf(),
        ...siblingsOf().endpoints,
        ...partialEndpoints(application, module, siblingsOf().sources),
      ];
      return endpoints;
    },
    get listeners() {
      return listenersIn(application, module, (other) =>
        other === module ? siblingsOf() : siblingsIn(reader, other, recording(host, dependencies)),
      );
    },
    get settings() {
      settings ??= settingsIn(reader, module);
      return settings;
    },
    get comments() {
      comments ??= text.includes('cors-lint')
        ? module.comments.map((comment) => ({ text: comment.text, ...comment.range }))
        : [];
      return comments;
    },
  };
}

function moduleHost(file: string, text: string, host: Host, dependencies: Set<string>): ModuleHost {
  return {
    readFile(path) {
      if (path === file) return text;
      dependencies.add(path);
      return host.read(path) ?? null;
    },
    join: (from, relative) => host.resolve(from, relative),
  };
}

function recording(host: Host, dependencies: Set<string>): Host {
  return {
    ...host,
    read(file) {
      dependencies.add(file);
      return host.read(file);
    },
    resolve: (from, relative) => host.resolve(from, relative),
  };
}
