import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { openBrowser } from '../../server/src/cors/browser';
import type { ResolvedResponse } from '../../server/src/cors/resolve';
import { lint } from '../../server/src/lint/engine';
import { rules } from '../../server/src/lint/registry';
import { DEFAULT_SETTINGS } from '../../server/src/lint/settings';
import type { TemplateAnalysis, TemplateEndpoint } from '../../server/src/platforms/cloudformation/analysis';
import { cloudformation } from '../../server/src/platforms/cloudformation/platform';
import { memoryHost } from '../harness/memoryHost';

/**
 * What we predict of SAM templates against what AWS's own translator made of them: the OPTIONS method of each path of a
 * REST API, the CORS configurations of HTTP APIs and of function URLs. `sam-record.py` made the facts.
 */

interface Options {
  readonly type: string | null;
  readonly status: string | null;
  readonly guarded: boolean;
  readonly headers: Readonly<Record<string, string | { readonly Ref: 'Origin' }>>;
}
type Configuration = Readonly<Record<string, readonly string[] | number | boolean>>;
interface Case {
  readonly yaml: string;
  readonly refused?: string;
  readonly rest?: Readonly<Record<string, Readonly<Record<string, Options | null>>>>;
  readonly http?: Readonly<Record<string, Configuration | null>>;
  readonly urls?: Readonly<Record<string, Configuration | null>>;
}

const { cases, source } = JSON.parse(readFileSync(join(import.meta.dirname, 'facts/sam.json'), 'utf8')) as {
  readonly source: string;
  readonly cases: readonly Case[];
};

beforeAll(() => cloudformation.prepare?.());

function analyse(text: string): TemplateAnalysis {
  return cloudformation.analyse('template.yaml', text, memoryHost(new Map([['template.yaml', text]])), {});
}

let compared = 0;
let unknown = 0;

describe(`SAM templates, ${source}`, () => {
  const accepted = cases.filter(({ refused }) => refused === undefined);

  test.each(accepted.map((one, i) => [i, one] as const))('template %i', (_, one) => {
    const { endpoints } = analyse(one.yaml);
    for (const [api, paths] of Object.entries(one.rest ?? {})) {
      for (const [path, options] of Object.entries(paths)) {
        // One of `/x` and `/x/` has the method: AWS takes both for one.
        const twin = paths[path.endsWith('/') ? path.slice(0, -1) : `${path}/`];
        const isEither = twin !== undefined && [options, twin].some((one) => one?.type === 'aws_proxy');
        if (isEither) unknown += 1;
        else compareRest(endpoints, api, path, options ?? twin ?? null);
      }
    }
    for (const [api, configuration] of Object.entries(one.http ?? {})) {
      compareConfiguration(ofHttpApi(endpoints, api), configuration ?? undefined, 'allowOrigins', 204);
    }
    for (const [url, configuration] of Object.entries(one.urls ?? {})) {
      const found = endpoints.filter(({ label }) => label === `the URL of ${url.replace(/Url$/, '')}`);
      compareConfiguration(found, configuration ?? undefined, 'AllowOrigins', 200);
    }
  });

  test('little is left unknown', () => {
    console.info(`${accepted.length} templates, ${compared} comparisons, ${unknown} unknown`);
    expect(compared).toBeGreaterThan(200);
    expect(unknown / (compared + unknown)).toBeLessThan(0.05);
  });

  test('keys that the translator refuses have findings', () => {
    const refused = cases.flatMap((one) => {
      const [, key] = /Invalid key '(\w+)'/.exec(one.refused ?? '') ?? [];
      return key === undefined ? [] : [{ ...one, key }];
    });
    expect(refused.length).toBeGreaterThan(3);
    for (const { yaml, key } of refused) expect(found(yaml)).toContainEqual(['cloudformation-cors-key', key]);
  });
});

/** The rules that speak, with the text that they point at. */
function found(text: string): (readonly [id: string, text: string])[] {
  const { findings } = lint({
    platform: cloudformation,
    file: 'template.yaml',
    text,
    host: memoryHost(new Map([['template.yaml', text]])),
    settings: DEFAULT_SETTINGS,
    rules,
    onCrash: ({ error }: { readonly error: unknown }) => {
      throw error;
    },
  });
  return findings.map(({ rule, place }) => [rule.id, text.slice(place.start, place.end)]);
}

/** What every template gives its parameter `Origin`. */
const DEFAULT_ORIGIN = 'https://default.example';

const ORIGINS = [
  'https://a.example',
  'https://b.example',
  'https://c.example',
  'http://localhost:3000',
  'https://evil.example',
];

/** The response to a preflight with every parameter left at its default. */
function preflight(endpoint: TemplateEndpoint, origin: string): ResolvedResponse {
  const headers = new Map([
    ['access-control-request-method', 'PUT'],
    ['access-control-request-headers', 'content-type'],
  ]);
  const request = { method: 'OPTIONS', scheme: 'https', path: endpoint.path, origin, headers } as const;
  const responses = openBrowser(endpoint).send({ ...request, ending: 'success' });
  const usual = responses.filter(({ when }) => when.every((words) => !words.includes('is set')));
  expect(usual).toHaveLength(1);
  const [response] = usual;
  if (response === undefined) throw new Error('no response');
  return response;
}

function headersOf(response: ResolvedResponse): Record<string, string | undefined> {
  return Object.fromEntries(
    response.headers.filter(({ name }) => /^Access-Control-/.test(name)).map(({ name, text }) => [name, text]),
  );
}

function compareRest(endpoints: readonly TemplateEndpoint[], api: string, path: string, options: Options | null): void {
  const found = endpoints.filter(
    (one) =>
      (one.kind === 'rest' && (one.api.resource?.id ?? 'ServerlessRestApi') === api && one.event.path === path) ||
      (one.kind === 'method' && one.resource.id === api && one.label.includes(` ${path} (`)),
  );
  // Without CORS a definition is no endpoint, and a path that serves OPTIONS alone has none.
  if (found.length === 0) {
    if (options?.type === 'mock') unknown += 1;
    return;
  }
  for (const endpoint of found) {
    const response = preflight(endpoint, 'https://a.example');
    compared += 1;
    if (options === null) {
      expect(response.source.answeredBy.kind).not.toBe('preflight');
    } else if (options.guarded) {
      expect(response.source.answeredBy.kind).toBe('authentication');
    } else if (options.type === 'mock') {
      expect(response.source.answeredBy.kind).toBe('preflight');
      expect(response.status).toBe(Number(options.status));
      for (const [name, text] of Object.entries(headersOf(response))) {
        const value = options.headers[name] ?? '';
        if (text === undefined) unknown += 1;
        else expect(text, name).toBe(typeof value === 'string' ? value.replace(/^'(.*)'$/, '$1') : DEFAULT_ORIGIN);
      }
      expect(Object.keys(headersOf(response)).sort()).toEqual(Object.keys(options.headers).sort());
    } else {
      expect(response.source.answeredBy.kind).not.toBe('preflight');
    }
  }
}

function ofHttpApi(endpoints: readonly TemplateEndpoint[], api: string): TemplateEndpoint[] {
  return endpoints.filter(
    (one) =>
      (one.kind === 'http-api' && (one.event.api ?? 'ServerlessHttpApi') === api) ||
      (one.kind === 'http-api-resource' && one.resource.id === api),
  );
}

function compareConfiguration(
  endpoints: readonly TemplateEndpoint[],
  configuration: Configuration | undefined,
  originsKey: 'allowOrigins' | 'AllowOrigins',
  status: number,
): void {
  if (endpoints.length === 0 && configuration !== undefined) unknown += 1;
  const isSmall = originsKey === 'allowOrigins';
  const of = (key: string) => configuration?.[isSmall ? key.charAt(0).toLowerCase() + key.slice(1) : key];
  const listed = configuration?.[originsKey] as readonly string[] | undefined;
  for (const endpoint of endpoints) {
    for (const origin of ORIGINS) {
      const response = preflight(endpoint, origin);
      // A route for any method takes its preflights itself.
      if (response.source.answeredBy.kind === 'handler') continue;
      compared += 1;
      if (configuration === undefined) {
        expect(response.source.answeredBy.kind).not.toBe('preflight');
        continue;
      }
      expect(response.status).toBe(status);
      const sent = listed?.includes('*') ? '*' : listed?.includes(origin) ? origin : undefined;
      // Nothing is sent to an origin that is not in the list; without a list nobody is let in.
      const others = sent !== undefined || listed === undefined;
      const joined = (key: string) => (of(key) as readonly string[] | undefined)?.join(',');
      const pairs = [
        ['Access-Control-Allow-Origin', sent],
        ['Access-Control-Allow-Credentials', of('AllowCredentials') === true ? 'true' : undefined],
        ['Access-Control-Allow-Methods', joined('AllowMethods')],
        ['Access-Control-Allow-Headers', joined('AllowHeaders')],
        ['Access-Control-Max-Age', of('MaxAge') === undefined ? undefined : String(of('MaxAge'))],
      ].filter(([, value]) => value !== undefined && others);
      expect(headersOf(response)).toEqual(Object.fromEntries(pairs));
    }
  }
}
