import { ARTIFACT } from '../harness/serverlessPackager';
import type { Random } from './nginx-random';
import { scriptOf } from './serverless-script';

/** A made-up service: its configuration first, `serverless.yml` or `serverless.js`, and the files that it includes. */
export type MadeService = ReadonlyMap<string, string>;

/** A scalar as it is written in YAML, or a collection in its lines or braces. */
export type Yaml =
  | string
  | { readonly map: readonly (readonly [key: string, value: Yaml])[]; readonly flow: boolean; readonly anchor?: string }
  | { readonly list: readonly Yaml[]; readonly flow: boolean };

interface Making {
  readonly random: Random;
  /** `custom:`, in order: what variables and aliases lead to. */
  readonly custom: [string, Yaml][];
  readonly params: Record<'default' | 'dev' | 'prod', [string, Yaml][]>;
  /** `main:` of cors.yml. */
  readonly included: [string, Yaml][];
  readonly anchors: string[];
  names: number;
}

const ORIGINS = [
  'https://app.example.com',
  'https://admin.example.com',
  'http://localhost:3000',
  'https://*.example.com',
  '*',
];
const METHODS = ['get', 'post', 'put', 'delete', 'patch', 'head', 'GET', 'Put', 'any'];
const PATHS = ['a', '/a', 'a/', '/notes/{id}', 'notes/{id}', 'files/{proxy+}', '/', 'b/c'];
const HEADERS = ['Content-Type', 'X-Trace', 'Authorization', 'X-Api-Key'];

/**
 * @param unknownKeys how likely a `cors` block is to have a key that the framework does not know
 * @param scripts how likely the configuration is to be a module
 */
export function makeService(random: Random, unknownKeys = 0.02, scripts = 0.2): MadeService {
  const making: Making = {
    random,
    custom: [['host', 'custom.example.com']],
    params: { default: [], dev: [], prod: [] },
    included: [['unused', '1']],
    anchors: [],
    names: 0,
  };
  const functions: [string, Yaml][] = Array.from({ length: 1 + random.below(3) }, (_, i) => [
    `fn${i}`,
    block([['handler', `src/h.f${i}`], ...made(making, i, unknownKeys)]),
  ]);
  unique(making, functions);
  const hasHttpApi = functions.some(([, fn]) => print(fn, 0).includes('httpApi'));
  const provider: [string, Yaml][] = [
    ['name', 'aws'],
    ['runtime', 'nodejs20.x'],
    ...(random.chance(0.3) ? [['stage', random.pick(['dev', 'prod', "${opt:stage, 'qa'}"])] as [string, Yaml]] : []),
    ...(hasHttpApi && random.chance(0.8)
      ? [['httpApi', block([['cors', gatewayCors(making, unknownKeys)]])] as [string, Yaml]]
      : []),
  ];
  const params = Object.entries(making.params).filter(([, entries]) => entries.length > 0);
  const asFile = random.chance(0.2) && making.anchors.length === 0;
  const files = asFile ? functionFiles(random, functions) : undefined;
  const whole: [string, Yaml][] = [
    ['service', 'made'],
    ['custom', block(making.custom)],
    ...(params.length === 0 ? [] : [['params', block(params.map(([k, v]) => [k, block(v)]))] as [string, Yaml]]),
    ['provider', block(provider)],
    ['package', block([['artifact', ARTIFACT]])],
    ['functions', files?.value ?? block(functions)],
  ];
  const asScript = random.chance(scripts);
  return new Map([
    asScript
      ? ['serverless.js', scriptOf(whole, making.custom)]
      : ['serverless.yml', `${random.chance(0.2) ? '---\n# made\n' : ''}${lines(whole, 0)}`],
    ['cors.yml', lines([['main', block(making.included)]], 0)],
    ...(files?.texts ?? []),
  ]);
}

/** The functions in a file of their own, or in several that are listed. */
function functionFiles(
  random: Random,
  functions: readonly [string, Yaml][],
): { readonly value: Yaml; readonly texts: readonly (readonly [file: string, text: string])[] } {
  if (random.chance(0.4)) {
    return { value: '${file(./functions.yml)}', texts: [['functions.yml', lines(functions, 0)]] };
  }
  const texts = functions.map((fn, i) => [`functions/${i}.yml`, lines([fn], 0)] as const);
  return { value: { list: texts.map(([name]) => `\${file(${name})}`), flow: false }, texts };
}

function made(making: Making, index: number, unknownKeys: number): [string, Yaml][] {
  const { random } = making;
  const events = Array.from({ length: random.below(4) }, () => event(making, unknownKeys));
  const url: [string, Yaml][] = random.chance(0.2)
    ? [['url', random.chance(0.3) ? 'true' : block([['cors', gatewayCors(making, unknownKeys, true)]])]]
    : [];
  if (events.length === 0) return url;
  return [['events', { list: events, flow: false }], ...(index === 0 ? url : [])];
}

function event(making: Making, unknownKeys: number): Yaml {
  const { random } = making;
  if (random.chance(0.25)) {
    const method = random.pick(METHODS);
    const path = `/${random.pick(PATHS).replace(/^\/|\/$/g, '')}`;
    const short = random.chance(0.5) ? (random.chance(0.1) ? "'*'" : `${method} ${path}`) : undefined;
    if (short !== undefined) return block([['httpApi', short]]);
    const guard: [string, Yaml][] = random.chance(0.2) ? [['authorizer', block([['type', 'aws_iam']])]] : [];
    return block([['httpApi', block([['path', quoted(random, path)], ['method', `'${method}'`], ...guard])]]);
  }
  const path = random.pick(PATHS);
  const method = random.chance(0.06) ? 'options' : random.pick(METHODS);
  if (random.chance(0.12)) return block([['http', `${method} /${path.replace(/^\//, '')}`]]);
  const guard: [string, Yaml][] = random.chance(0.12)
    ? [
        random.pick<[string, Yaml]>([
          ['private', 'true'],
          ['authorizer', 'aws_iam'],
          ['authorizer', 'arn:aws:lambda:us-east-1:123456789012:function:auth'],
          ['authorizer', block([['type', 'AWS_IAM']])],
          ['authorizer', 'fn0'],
        ]),
      ]
    : [];
  const integration = random.chance(0.25) ? integrated(random) : [];
  const cors: [string, Yaml][] = random.chance(0.75) ? [['cors', restCors(making, unknownKeys)]] : [];
  const entries: [string, Yaml][] = [
    ['path', quoted(random, path)],
    ['method', method],
    ...integration,
    ...guard,
    ...cors,
  ];
  const flow = random.chance(0.25) && !entries.some(([, value]) => typeof value !== 'string' && !value.flow);
  return block([['http', { map: entries, flow }]]);
}

/** An integration with what it needs: an address, and for HTTP the responses that it is mapped to. */
function integrated(random: Random): [string, Yaml][] {
  const kind = random.pick(['lambda', 'lambda-proxy', 'AWS', 'aws_proxy', 'mock', 'http', 'HTTP', 'http-proxy']);
  const isHttp = /^http/i.test(kind);
  const isMapped = !/proxy/.test(kind);
  const request: [string, Yaml][] = isHttp ? [['request', block([['uri', 'https://backend.example.com/x']])]] : [];
  const wantsResponse = kind === 'http' || kind === 'HTTP' || (isMapped && random.chance(0.4));
  return [
    ['integration', kind],
    ...request,
    ...(wantsResponse ? [['response', responses(random, kind === 'mock')] as [string, Yaml]] : []),
  ];
}

/** `response:` of an event, whose headers and statuses the gateway sends. A mock has no statuses but these. */
function responses(random: Random, needsStatuses: boolean): Yaml {
  const header = (value: string): Yaml =>
    block([[random.pick(['X-A', 'X-B', 'Access-Control-Allow-Origin']), `"'${value}'"`]]);
  const status = (): Yaml => {
    const entries: [string, Yaml][] = [
      ...(random.chance(0.6) ? [['pattern', random.pick(["''", "'404'", '.*no.*'])] as [string, Yaml]] : []),
      ...(random.chance(0.6) ? [['headers', header('own')] as [string, Yaml]] : []),
    ];
    return entries.length === 0 ? '{}' : block(entries);
  };
  const codes = ['200', '201', '404', '500'].filter(() => random.chance(0.4));
  const hasStatuses = needsStatuses || random.chance(0.5);
  const entries: [string, Yaml][] = [
    ...(random.chance(0.6) ? [['headers', header('all')] as [string, Yaml]] : []),
    ...(hasStatuses
      ? [['statusCodes', block((codes.length > 0 ? codes : ['200']).map((code) => [code, status()]))] as [string, Yaml]]
      : []),
  ];
  return entries.length === 0 ? '{}' : block(entries);
}

/** Takes out events that a service cannot have twice. */
function unique(making: Making, functions: [string, Yaml][]): void {
  const seen = new Set<string>();
  for (const [index, [name, fn]] of functions.entries()) {
    if (typeof fn === 'string' || !('map' in fn)) continue;
    const map = fn.map.map(([key, value]): readonly [string, Yaml] => {
      if (key !== 'events' || typeof value === 'string' || !('list' in value)) return [key, value];
      const list = value.list.filter((item) => {
        const text = print(item, 0);
        const path = /path: ['"]?([^\s,'"]*)/.exec(text)?.[1] ?? / (\/\S*)/.exec(text)?.[1] ?? '*';
        const method = /method: '?(\w+)/.exec(text)?.[1] ?? /: (\w+) \//.exec(text)?.[1] ?? 'any';
        const id = `${/httpApi/.test(text)} ${method.toLowerCase()} ${path.replace(/^\/|\/$/g, '')}`;
        if (seen.has(id)) return false;
        seen.add(id);
        return true;
      });
      return [key, { list, flow: list.length === 0 }];
    });
    functions[index] = [name, { map, flow: false }];
  }
  making.names += 1;
}

// ------------------------------------------------------------------------------------------------------------ cors

function restCors(making: Making, unknownKeys: number): Yaml {
  const { random } = making;
  if (random.chance(0.3)) return random.pick(['true', 'true', 'false', '{}', "'true'", 'null']);
  if (making.anchors.length > 0 && random.chance(0.3)) return `*${random.pick(making.anchors)}`;
  const maybe = (chance: number, entry: () => [string, Yaml]): [string, Yaml][] =>
    random.chance(chance) ? [entry()] : [];
  const entries: [string, Yaml][] = [
    ...(random.chance(0.4)
      ? [['origins', origins(making)] as [string, Yaml]]
      : maybe(0.85, () => ['origin', origin(making)])),
    ...maybe(0.3, () => ['headers', names(making, HEADERS)]),
    ...maybe(0.25, () => ['methods', names(making, ['GET', 'PUT', 'OPTIONS', 'PATCH', 'ANY'])]),
    ...maybe(0.4, () => ['allowCredentials', said(making, random.pick(['true', 'false', "'true'"]))]),
    ...maybe(0.2, () => ['maxAge', said(making, random.pick(['600', '1', "'86400'"]))]),
    ...maybe(0.1, () => ['cacheControl', said(making, "'max-age=60, public'")]),
    ...maybe(unknownKeys, () =>
      random.pick<[string, Yaml]>([
        ['allowedOrigins', origins(making)],
        ['credentials', 'true'],
        ['allowedMethods', { list: ['GET', 'PUT'], flow: true }],
        ['exposedHeaders', { list: ['X-Total'], flow: true }],
      ]),
    ),
  ];
  return blockOf(making, entries);
}

function gatewayCors(making: Making, unknownKeys: number, isUrl = false): Yaml {
  const { random } = making;
  if (random.chance(0.3)) return random.pick(['true', 'true', 'false']);
  const maybe = (chance: number, entry: () => [string, Yaml]): [string, Yaml][] =>
    random.chance(chance) ? [entry()] : [];
  const entries: [string, Yaml][] = [
    ...maybe(0.8, () => ['allowedOrigins', origins(making)]),
    ...maybe(0.4, () => ['allowedHeaders', names(making, HEADERS)]),
    ...maybe(0.4, () => ['allowedMethods', names(making, ['GET', 'PUT', 'POST', 'PATCH'])]),
    ...maybe(0.4, () => ['allowCredentials', said(making, random.pick(['true', 'false']))]),
    ...maybe(0.3, () => ['exposedResponseHeaders', names(making, ['X-Total', 'X-Next'])]),
    ...maybe(0.3, () => ['maxAge', said(making, random.pick(['0', '600', '6000']))]),
    ...maybe(unknownKeys, () =>
      random.pick<[string, Yaml]>([
        ['origin', 'https://app.example.com'],
        ['allowedCredentials', 'true'],
        isUrl ? ['methods', { list: ['GET'], flow: true }] : ['headers', { list: ['X-Trace'], flow: true }],
      ]),
    ),
  ];
  return entries.length === 0 ? 'true' : { map: entries, flow: false };
}

/** In lines, in braces, behind a variable, or behind an anchor that others may use or merge. */
function blockOf(making: Making, entries: [string, Yaml][]): Yaml {
  const { random } = making;
  const flat = entries.every(([, value]) => typeof value === 'string' || value.flow);
  const map: Yaml = { map: entries, flow: flat && random.chance(0.3) };
  if (entries.length === 0) return '{}';
  if (random.chance(0.12)) {
    const name = `cors${making.names++}`;
    making.custom.push([name, { ...map, anchor: name }]);
    making.anchors.push(name);
    return `*${name}`;
  }
  if (making.anchors.length > 0 && random.chance(0.15)) {
    const base = random.pick(making.anchors);
    const merge = random.chance(0.3) ? `[*${base}]` : `*${base}`;
    return { map: [['<<', merge], ...entries], flow: false };
  }
  if (random.chance(0.15)) {
    const name = `block${making.names++}`;
    if (random.chance(0.4)) {
      making.included.push([name, map]);
      return `\${file(./cors.yml):main.${name}}`;
    }
    making.custom.push([name, map]);
    return `\${self:custom.${name}}`;
  }
  return map;
}

function origin(making: Making): Yaml {
  const { random } = making;
  if (random.chance(0.08)) return said(making, "'https://app.example.com, https://admin.example.com'");
  if (random.chance(0.06)) return { list: [said(making, quoted(random, random.pick(ORIGINS)))], flow: true };
  if (random.chance(0.08)) return 'https://${self:custom.host}';
  return said(making, quoted(random, random.pick(ORIGINS)));
}

function origins(making: Making): Yaml {
  const { random } = making;
  const list = Array.from({ length: 1 + random.below(3) }, () => said(making, quoted(random, random.pick(ORIGINS))));
  if (random.chance(0.1)) {
    const name = `list${making.names++}`;
    making.custom.push([name, { list, flow: false }]);
    return `\${self:custom.${name}}`;
  }
  return random.chance(0.1) ? (list[0] ?? "'*'") : { list, flow: random.chance(0.5) };
}

function names(making: Making, from: readonly string[]): Yaml {
  const { random } = making;
  const list = [...new Set(Array.from({ length: 1 + random.below(3) }, () => random.pick(from)))];
  return { list: list.map((name) => said(making, name)), flow: random.chance(0.6) };
}

/** A value as it stands, or behind one of the framework's variables that comes to it. */
function said(making: Making, written: string): string {
  const { random, params } = making;
  if (random.chance(0.75)) return written;
  const name = `v${making.names++}`;
  const plain = /^[\w'":/.*-]+$/.test(written);
  switch (random.below(plain ? 7 : 2)) {
    case 0:
      making.custom.push([name, written]);
      return `\${self:custom.${name}}`;
    case 1:
      params.default.push([name, written]);
      return `\${param:${name}}`;
    case 2:
      making.custom.push([
        name,
        block([
          ['dev', written],
          ['prod', written],
          ['qa', written],
        ]),
      ]);
      return `\${self:custom.${name}.\${sls:stage}}`;
    case 3:
      params.default.push([
        name,
        /:\/\//.test(written) && random.chance(0.5) ? "'https://default.example.com'" : written,
      ]);
      params.dev.push([name, written]);
      params.prod.push([name, written]);
      return `\${param:${name}}`;
    case 4:
      return /^[a-z\d]/i.test(written) && !/^(?:\d+|true|false)$/.test(written)
        ? `\${env:NOT_SET_${name}, '${written}'}`
        : written;
    case 5:
      making.custom.push([name, written]);
      return `\${opt:${name}, self:custom.none, self:custom.${name}}`;
    default:
      return written === 'true' || written === 'false' ? `\${strToBool('${written}')}` : written;
  }
}

// ------------------------------------------------------------------------------------------------------------ text

function quoted(random: Random, text: string): string {
  if (/^[a-z][\w:/.-]*$/i.test(text) && random.chance(0.5)) return text;
  return random.chance(0.5) ? `'${text}'` : `"${text}"`;
}

function block(map: readonly (readonly [string, Yaml])[]): Yaml {
  return { map, flow: false };
}

function lines(entries: readonly (readonly [string, Yaml])[], indent: number): string {
  return entries.map(([key, value]) => `${' '.repeat(indent)}${key}:${print(value, indent)}\n`).join('');
}

/** What stands behind a key or a dash at this indentation, its space or line break first. */
function print(value: Yaml, indent: number): string {
  if (typeof value === 'string') return ` ${value}`;
  if ('map' in value) {
    const anchor = value.anchor === undefined ? '' : ` &${value.anchor}`;
    if (value.flow) return `${anchor} ${flow(value)}`;
    return `${anchor}\n${lines(value.map, indent + 2).trimEnd()}`;
  }
  if (value.flow) return ` ${flow(value)}`;
  return value.list.map((item) => `\n${' '.repeat(indent + 2)}-${behindDash(item, indent + 2)}`).join('');
}

function behindDash(item: Yaml, indent: number): string {
  if (typeof item === 'string' || !('map' in item) || item.flow) return print(item, indent);
  return ` ${lines(item.map, indent + 2).trim()}`;
}

/** Variables have braces and commas of their own, so they are quoted inside brackets. */
function flow(value: Yaml): string {
  if (typeof value === 'string') return value.includes('${') ? `"${value}"` : value;
  if ('list' in value) return `[${value.list.map(flow).join(', ')}]`;
  return `{ ${value.map.map(([key, inner]) => `${key}: ${flow(inner)}`).join(', ')} }`;
}
