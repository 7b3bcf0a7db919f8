import { gatewayResponseSettings } from '../../aws/cors/gatewayResponses';
import { behaviourEndpoints } from '../../aws/endpoints/behaviours';
import { bucketEndpoints } from '../../aws/endpoints/bucket';
import {
  httpApiEndpoints as httpApiResourceEndpoints,
  urlEndpoints as urlResourceEndpoints,
} from '../../aws/endpoints/httpApiResources';
import { methodEndpoints } from '../../aws/endpoints/methods';
import type { ResourceEndpoint } from '../../aws/endpoints/resource';
import { createHandlerReader } from '../../aws/lambda/handler';
import type { Analysis, Comment, Host, SyntaxFault } from '../../lint/types';
import { yamlComments } from '../../yaml/comments';
import type { YamlLibrary } from '../../yaml/library';
import { parseYaml, type YamlFile } from '../../yaml/parse';
import type { YamlNode } from '../../yaml/tree';
import { isScriptConfiguration } from './claims';
import type { ServerlessEndpoint } from './endpoints/endpoint';
import { httpApiEndpoints } from './endpoints/httpApi';
import { restEndpoints } from './endpoints/rest';
import { urlEndpoints } from './endpoints/url';
import { type GatewayResponses, gatewayResponses } from './gateway/gatewayResponses';
import { readScript } from './script/configuration';
import { type HttpApi, readHttpApi } from './service/httpApi';
import { type ServiceResources, serviceResources } from './service/resources';
import { type RestEvent, restEvents } from './service/rest';
import { readService, type Service } from './service/service';
import { type FunctionUrl, functionUrls } from './service/url';
import type { Resolution } from './yaml/resolution';
import { Resolver } from './yaml/resolver';

/** A Serverless configuration with all that was made of it. */
export interface ServerlessAnalysis extends Analysis {
  /** Those of the functions, and those of what stands under `resources`. */
  readonly endpoints: readonly (ServerlessEndpoint | ResourceEndpoint)[];
  readonly yaml: YamlFile;
  /** Undefined when the file is no map, or so broken that nothing of it is left. */
  readonly service: Service | undefined;
  readonly rest: readonly RestEvent[];
  readonly httpApi: HttpApi | undefined;
  readonly urls: readonly FunctionUrl[];
  readonly resources: ServiceResources | undefined;
  readonly gatewayResponses: GatewayResponses | undefined;
  /** The other YAML files that were read, by path. */
  readonly files: ReadonlyMap<string, YamlFile>;
}

/** Reads a configuration and what it names. Never throws, whatever the text. */
export function analyse(yaml: YamlLibrary, file: string, text: string, host: Host): ServerlessAnalysis {
  const dependencies = new Set<string>();
  const files = new Map<string, YamlFile>();
  const read = (path: string) => {
    const target = host.resolve(file, path);
    dependencies.add(target);
    const known = files.get(target);
    if (known !== undefined) return known.roots[0];
    const content = host.read(target);
    if (content === undefined) return undefined;
    const parsedOther = parsedFile(yaml, target, content);
    files.set(target, parsedOther);
    return parsedOther.roots[0];
  };
  const source = isScriptConfiguration(file)
    ? scriptSource(file, text, host, dependencies)
    : yamlSource(yaml, parsedFile(yaml, file, text));
  const [root] = source.parsed.roots;
  const service = readService(root, new Resolver(root, read, source.given), source.partial);
  return {
    ...(service === undefined ? NOTHING : readEndpoints(service, file, host, dependencies)),
    file,
    text,
    yaml: source.parsed,
    dependencies,
    files,
    errors: source.errors,
    get comments() {
      return source.comments();
    },
  };
}

/** What a configuration is read from, whatever its language. */
interface Source {
  readonly parsed: YamlFile;
  readonly given: ReadonlyMap<YamlNode, Resolution> | undefined;
  /** Set when functions may be missing: why, in words. */
  readonly partial: string | undefined;
  readonly errors: readonly SyntaxFault[];
  comments(): readonly Comment[];
}

function yamlSource(yaml: YamlLibrary, parsed: YamlFile): Source {
  const { text, problems } = parsed;
  let comments: readonly Comment[] | undefined;
  return {
    parsed,
    given: undefined,
    partial: undefined,
    errors: problems,
    comments() {
      comments ??= yamlComments(yaml, text).map(({ start, end }) => ({ start, end, text: text.slice(start + 1, end) }));
      return comments;
    },
  };
}

function scriptSource(file: string, text: string, host: Host, dependencies: Set<string>): Source {
  const script = readScript(file, (path) => {
    if (path === file) return text;
    dependencies.add(path);
    return host.read(path);
  });
  return {
    parsed: { file, text, roots: script.root === undefined ? [] : [script.root], problems: [] },
    given: script.given,
    partial: script.partial,
    errors: script.errors,
    comments: () => script.comments,
  };
}

type Reading = Pick<
  ServerlessAnalysis,
  'service' | 'endpoints' | 'settings' | 'rest' | 'httpApi' | 'urls' | 'resources' | 'gatewayResponses'
>;

const NOTHING: Reading = {
  service: undefined,
  endpoints: [],
  settings: [],
  rest: [],
  httpApi: undefined,
  urls: [],
  resources: undefined,
  gatewayResponses: undefined,
};

function readEndpoints(service: Service, file: string, host: Host, dependencies: Set<string>): Reading {
  const handlers = createHandlerReader(host, file, (path) => dependencies.add(path));
  const rest = restEvents(service);
  const httpApi = readHttpApi(service);
  const urls = functionUrls(service);
  const resources = serviceResources(service);
  const { overrides } = resources;
  const responses = gatewayResponses(service, resources);
  return {
    service,
    rest,
    httpApi,
    urls,
    resources,
    gatewayResponses: responses,
    endpoints: [
      ...restEndpoints(service, rest, responses, overrides, handlers),
      ...httpApiEndpoints(service, httpApi, overrides, handlers),
      ...urlEndpoints(service, urls, overrides, handlers),
      ...bucketEndpoints(resources),
      ...httpApiResourceEndpoints(resources),
      ...urlResourceEndpoints(resources),
      ...methodEndpoints(resources),
      ...behaviourEndpoints(resources),
    ],
    settings: gatewayResponseSettings(responses.resources),
  };
}

/** The last few texts as they were parsed: an included file is parsed once, not at every keystroke in its includer. */
const parsedTexts = new Map<string, YamlFile>();
const MOST_PARSED = 32;

function parsedFile(yaml: YamlLibrary, file: string, text: string): YamlFile {
  const known = parsedTexts.get(file);
  parsedTexts.delete(file);
  const parsed = known?.text === text ? known : parseYaml(yaml, file, text);
  parsedTexts.set(file, parsed);
  if (parsedTexts.size > MOST_PARSED) {
    for (const oldest of parsedTexts.keys()) {
      parsedTexts.delete(oldest);
      break;
    }
  }
  return parsed;
}
