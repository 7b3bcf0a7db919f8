import { entryOf, type YamlEntry, type YamlNode, type YamlScalar, type YamlValue } from '../../../yaml/tree';
import type { CorsBlock } from './blocks';
import type { HttpApi } from './httpApi';
import type { CorsSetting, RestCors, RestEvent } from './rest';
import type { Service } from './service';
import type { FunctionUrl } from './url';

/** A value in a service's CORS with which packaging stops. */
export type Refusal =
  /** `cors` of an HTTP API that is made elsewhere (`EXTERNAL_HTTP_API_CORS_CONFIG` in the framework's `http-api.js`). */
  | { readonly kind: 'external'; readonly entry: YamlEntry; readonly node: YamlNode }
  /** `cors` that is neither true nor false nor a map, so that it counts as `true` where packaging goes on. */
  | { readonly kind: 'whole'; readonly entry: YamlEntry; readonly node: YamlScalar; readonly dialect: Dialect }
  /** A map where the framework calls a method of a text or a list. */
  | { readonly kind: 'map'; readonly key: string; readonly node: YamlNode }
  /** Something else than the framework's schema asks for. */
  | { readonly kind: 'method' | 'flag' | 'age'; readonly key: string; readonly node: YamlScalar };

type Dialect = CorsBlock['dialect'];

/** What the framework does with a value that its schema does not take. */
export type SchemaMode =
  /** The file asks for an error. */
  | 'stops'
  /** Neither asked for nor called off: osls 4 stops, the versions 3 and 4 of Serverless warn. */
  | 'differs'
  /** The file, or the version that it asks for, makes it a warning at most. */
  | 'warns';

/** `configValidationMode`, or what the version that the file asks for does without it. */
export function schemaMode({ root, resolver }: Service): SchemaMode {
  const entry = entryOf(root, 'configValidationMode');
  const mode = resolver.certain(entry?.value);
  if (entry !== undefined) return mode?.kind === 'scalar' && mode.value === 'error' ? 'stops' : 'warns';
  const version = resolver.certain(entryOf(root, 'frameworkVersion')?.value);
  const isOld = version?.kind === 'scalar' && /^[\^~=v]?[1-3](?:\.[\dx*]+)*$/.test(String(version.value).trim());
  return isOld ? 'warns' : 'differs';
}

/**
 * `cors` beside an `id` that is certainly there under `provider.httpApi`, which stops every version, whether or not an
 * event uses the API.
 */
export function externalCors(
  { resolver }: Service,
  { external, cors, unread }: HttpApi,
): Extract<Refusal, { kind: 'external' }> | undefined {
  if (unread !== undefined || (cors.kind !== 'default' && cors.kind !== 'map')) return undefined;
  if (external === undefined || resolver.certain(external.value) === undefined) return undefined;
  return { kind: 'external', entry: cors.entry, node: cors.entry.key };
}

/**
 * What is written for `cors` itself and is neither true nor false nor a map. The schema takes the texts and numbers
 * that it can turn into one of these.
 */
export function wholeRefusals(
  { resolver }: Service,
  rest: readonly RestEvent[],
  httpApi: HttpApi | undefined,
  urls: readonly FunctionUrl[],
): Extract<Refusal, { kind: 'whole' }>[] {
  const of = (dialect: Dialect, cors: RestCors): Extract<Refusal, { kind: 'whole' }>[] => {
    const node = cors.kind === 'default' ? resolver.certain(cors.entry.value) : undefined;
    if (cors.kind !== 'default' || node?.kind !== 'scalar' || typeof node.value === 'boolean') return [];
    if (node.value === 1 || node.value === 'true') return [];
    return [{ kind: 'whole', entry: cors.entry, node, dialect }];
  };
  return [
    ...rest.flatMap(({ cors }) => of('rest', cors)),
    ...(httpApi === undefined ? [] : of('http-api', httpApi.cors)),
    ...urls.flatMap(({ cors }) => of('url', cors)),
  ];
}

/** `allowedMethods` in the framework's `api-gateway/index.js`. */
const METHODS: ReadonlySet<string> = new Set(['GET', 'POST', 'PUT', 'PATCH', 'OPTIONS', 'HEAD', 'DELETE', 'ANY']);

/**
 * What one block holds that stops packaging: after `corsSchema` of the framework's `api-gateway/index.js`, those of
 * `provider.js`, and the methods of texts and lists that `validate.js` and `cors.js` call (serverless 3.40, osls 4.3).
 */
export function blockRefusals(
  { resolver }: Service,
  { dialect, cors }: CorsBlock,
): Exclude<Refusal, { kind: 'whole' }>[] {
  const nodeOf = (key: string): YamlValue | undefined => {
    const setting: CorsSetting | undefined = cors.settings.get(key);
    return setting?.value.kind === 'node' ? setting.value.node : undefined;
  };
  const found: Exclude<Refusal, { kind: 'whole' }>[] = [];
  if (dialect === 'rest') {
    for (const key of ['origin', 'methods']) {
      const node = nodeOf(key);
      if (node?.kind === 'map' && node.tag === undefined && !isFunction(node)) found.push({ kind: 'map', key, node });
    }
    const methods = nodeOf('methods');
    const items = methods?.kind === 'list' ? methods.items : methods === undefined ? [] : [methods];
    for (const item of items) {
      const node = resolver.certain(item);
      if (isText(node) && !METHODS.has(String(node.value))) found.push({ kind: 'method', key: 'methods', node });
    }
  }
  const flag = nodeOf('allowCredentials');
  if (isText(flag) && flag.value !== 'true' && flag.value !== 'false' && flag.value !== '') {
    found.push({ kind: 'flag', key: 'allowCredentials', node: flag });
  }
  const age = nodeOf('maxAge');
  if (age?.kind === 'scalar' && age.tag === undefined && isRefusedAge(age, dialect === 'rest' ? 1 : 0)) {
    found.push({ kind: 'age', key: 'maxAge', node: age });
  }
  return found;
}

function isText(node: YamlValue | undefined): node is YamlScalar {
  return node?.kind === 'scalar' && node.tag === undefined && typeof node.value === 'string';
}

function isFunction(node: YamlValue): boolean {
  return node.kind === 'map' && node.entries.some(({ key }) => /^(?:Ref|Fn::\w+)$/.test(String(key.value)));
}

/** The schema turns texts into numbers, and true into 1. */
function isRefusedAge({ value }: YamlScalar, least: number): boolean {
  if (value === null || typeof value === 'boolean' || value === '') return false;
  return !Number.isInteger(Number(value)) || Number(value) < least;
}
