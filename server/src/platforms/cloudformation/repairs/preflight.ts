import { type Sent, sentHeaders } from '../../../aws/edits/sent';
import type { Edit, Repair } from '../../../cors/repair';
import { addEntry } from '../../../yaml/edits/entry';
import { flowList } from '../../../yaml/edits/list';
import { mapOf } from '../../../yaml/edits/maps';
import { replaceRaw } from '../../../yaml/edits/scalar';
import { indentStep, isJson } from '../../../yaml/edits/text';
import { deref, entryOf, type YamlEntry, type YamlMap } from '../../../yaml/tree';
import type { TemplateAnalysis, TemplateEndpoint } from '../analysis';

/** What takes each guard of a SAM API off the OPTIONS methods. */
const SWITCHES: Readonly<Record<string, string>> = {
  DefaultAuthorizer: 'AddDefaultAuthorizerToCorsPreflight',
  ApiKeyRequired: 'AddApiKeyRequiredToCorsPreflight',
};

/** The key that takes this guard off; undefined for a guard that has none. */
export function switchOf(guard: YamlEntry): string | undefined {
  return SWITCHES[String(guard.key.value)];
}

/** Takes the guard off the OPTIONS methods that SAM makes, beside where the guard stands. */
export function switchOff({ yaml }: TemplateAnalysis, guard: YamlEntry): readonly Edit[] | undefined {
  const key = switchOf(guard);
  const map = mapOf(yaml.roots[0], guard);
  if (map === undefined || key === undefined) return undefined;
  const there = entryOf(map, key);
  if (there === undefined) return one(addEntry(map, key, { kind: 'inline', text: 'false' }));
  const value = deref(there.value);
  return value?.kind === 'scalar' && value.tag === undefined ? one(replaceRaw(value, 'false')) : undefined;
}

/** `Cors` or `CorsConfiguration` for a SAM API that has none: what the event's handler sends decides the origin. */
export function answerPreflight(
  { template }: TemplateAnalysis,
  endpoint: TemplateEndpoint,
  wanted: Extract<Repair, { kind: 'answer-preflight' }>,
): readonly Edit[] | undefined {
  if (template === undefined || (endpoint.kind !== 'rest' && endpoint.kind !== 'http-api')) return undefined;
  const isRest = endpoint.kind === 'rest';
  const has = isRest ? endpoint.api.cors !== undefined : endpoint.cors !== undefined;
  const sent = sentHeaders(endpoint);
  // A route for any method is handed its preflights, whatever the API is set to.
  if (has || sent === undefined || endpoint.event.method === 'ANY') return undefined;
  const type = isRest ? 'AWS::Serverless::Api' : 'AWS::Serverless::HttpApi';
  const apis = template.resources.filter((resource) => resource.type === type);
  const key = isRest ? 'Cors' : 'CorsConfiguration';
  const lines = isRest ? restLines(sent, wanted.headers) : httpLines(sent, wanted);
  const own = apis.find(({ id }) => id === endpoint.event.api);
  if (own !== undefined) return own.properties && under(own.properties, key, lines);
  // `Globals` are for every API of the kind.
  if (apis.length > 0) return undefined;
  return inGlobals(template.root, isRest ? 'Api' : 'HttpApi', key, lines);
}

function restLines({ origin, credentials }: Sent, headers: readonly string[]): string[] {
  return [
    `AllowOrigin: "'${origin}'"`,
    ...(headers.length === 0 ? [] : [`AllowHeaders: "'${headers.join(',')}'"`]),
    ...(credentials && origin !== '*' ? ['AllowCredentials: true'] : []),
  ];
}

function httpLines(
  { origin, credentials }: Sent,
  { methods, headers }: { readonly methods: readonly string[]; readonly headers: readonly string[] },
): string[] {
  return [
    `AllowOrigins: ${flowList([origin], 'plain')}`,
    ...(methods.length === 0 ? [] : [`AllowMethods: ${flowList(methods, 'plain')}`]),
    ...(headers.length === 0 ? [] : [`AllowHeaders: ${flowList(headers, 'plain')}`]),
    ...(credentials && origin !== '*' ? ['AllowCredentials: true'] : []),
  ];
}

function inGlobals(root: YamlMap, kind: string, key: string, lines: readonly string[]): readonly Edit[] | undefined {
  const step = ' '.repeat(indentStep(root.source));
  const block = [`${key}:`, ...lines.map((line) => `${step}${line}`)];
  const globals = entryOf(root, 'Globals');
  if (globals === undefined) {
    return one(written(root, 'Globals', [`${kind}:`, ...block.map((line) => `${step}${line}`)]));
  }
  const sections = deref(globals.value);
  if (sections?.kind !== 'map' || sections !== globals.value) return undefined;
  const there = entryOf(sections, kind);
  if (there === undefined) return one(written(sections, kind, block));
  const settings = deref(there.value);
  return settings?.kind === 'map' && settings === there.value ? under(settings, key, lines) : undefined;
}

function under(map: YamlMap, key: string, lines: readonly string[]): readonly Edit[] | undefined {
  return one(written(map, key, lines));
}

/** Blocks are written as lines; a map in braces, and JSON, stay as they are. */
function written(map: YamlMap, key: string, lines: readonly string[]): Edit | undefined {
  return map.flow || isJson(map) ? undefined : addEntry(map, key, { kind: 'block', lines });
}

function one(made: Edit | undefined): readonly Edit[] | undefined {
  return made === undefined ? undefined : [made];
}
