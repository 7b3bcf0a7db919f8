import { beforeAll, describe, expect, test } from 'vitest';
import type { Request, Response } from '../../server/src/cors/http';
import { resolveResponse } from '../../server/src/cors/resolve';
import { nginx } from '../../server/src/platforms/nginx/platform';
import facts from './facts/nginx.json';
import { memoryHost } from './nginx-host';

/**
 * What real nginx answered to hand-picked requests (`facts/nginx.json`), against what we predict: where we are certain,
 * the status and the headers have to be the same, in order. The version is 1.22.1 where none is named.
 *
 * In the configurations `@UP` is an upstream that answers 200, or N for a path with `/s/N`, and `@DEAD` one that does
 * not listen. The root has the files a.txt, a.json, index.html and dir/.
 */

interface Fact {
  readonly id: string;
  readonly config: string;
  readonly method: string;
  readonly path: string;
  readonly origin?: string;
  readonly more?: Readonly<Record<string, string | number>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly status: number;
  readonly headers: readonly string[];
  readonly version?: string;
}

/** Observations of what only the content decides: ranges, conditional requests, limits, caches, compression. */
const BEYOND = /^(?:misc-13|try-02#4|chg-01|err-08|err-10|cac-|var-0|exp-01|ssl-01|xac-01)/;

beforeAll(() => nginx.prepare?.());

describe('observations of nginx', () => {
  const cases: readonly Fact[] = facts;
  test.each(cases.filter(({ id }) => !BEYOND.test(id)).map((fact) => [fact.id, fact] as const))('%s', (_id, fact) => {
    const observed = fact.headers.filter((line) => !OURS_NOT.test(line));
    const tries = endingsOf(fact).map((ending) => predict(fact, ending));
    const same = tries.find((responses) => responses.some((response) => agrees(response, fact, observed)));
    const [first] = same ?? tries[0] ?? [];
    expect(same === undefined ? show(first, fact) : 'agreed', fact.config).toBe('agreed');
    // Being sure and wrong is what must not happen; being unsure is allowed, and listed here where it is.
    if (tries[0]?.length !== 1) {
      expect(UNSURE.test(fact.id), `unsure of ${fact.id}`).toBe(true);
    }
  });
});

/** Where the configuration alone does not decide. */
const UNSURE = /^(?:try-01|pre-06|pre-07|pre-05|misc-04|err-12|idiom-04|err-11|int-01|int-03|if-04)/;

/** What content, upstream and protocol bring. */
const OURS_NOT =
  /^(?:Content-|Location|Server|Date|Connection|WWW-Authenticate|Expires|Cache-Control|Last-Modified|ETag|Accept-Ranges|Allow|X-Up|X-Cache|Trailer|T)/i;

/** How what stands behind the configuration ended, the likeliest first: whether a file was there is not in the data. */
function endingsOf({ config, path, status }: Fact): Request['ending'][] {
  const upstream = /\/s\/(\d+)/.exec(path)?.[1];
  if (upstream !== undefined) {
    return [upstream === '200' ? 'success' : Number(upstream)];
  }
  if (config.includes('@DEAD')) {
    return [502];
  }
  return status === 200 ? ['success', 201, 404] : ['success', status, 404];
}

function predict(fact: Fact, ending: Request['ending']): readonly Response[] {
  const text = fact.config.replaceAll('@UP', 'http://127.0.0.1:9').replaceAll('@DEAD', 'http://127.0.0.1:9');
  const files = { '/etc/nginx/site.conf': text };
  for (const [name, content] of Object.entries(fact.files ?? {})) {
    Object.assign(files, { [`/etc/nginx/${name}`]: content });
  }
  const host = memoryHost(files);
  const analysis = nginx.analyse('/etc/nginx/site.conf', text, host, {
    nginxVersion: fact.version ?? '1.22.1',
  });
  const more = new Map(Object.entries(fact.more ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]));
  const wanted = more.get('host') ?? 'localhost';
  const named = analysis.endpoints.filter(({ server }) =>
    server.own.get('server_name')?.some((node) => node.args.some((word) => word.value === wanted)),
  );
  const endpoint = named[0] ?? analysis.endpoints[0];
  if (endpoint === undefined) {
    throw new Error(`no endpoint in ${fact.config}`);
  }
  more.delete('host');
  return endpoint.respond({
    method: fact.method,
    scheme: 'http',
    host: wanted,
    path: fact.path,
    origin: fact.origin,
    headers: more,
    ending,
  });
}

function requestOf(fact: Fact): Request {
  const headers = new Map(Object.entries(fact.more ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]));
  return { method: fact.method, scheme: 'http', path: fact.path, origin: fact.origin, headers, ending: 'success' };
}

function agrees(response: Response, fact: Fact, observed: readonly string[]): boolean {
  if (response.status !== undefined && response.status !== fact.status) {
    return false;
  }
  const [resolved] = resolveResponse(response, requestOf(fact));
  const lines = (resolved?.headers ?? []).filter(({ name }) => !OURS_NOT.test(name));
  if (lines.some(({ text }) => text === undefined)) {
    return true;
  }
  const predicted = lines.map(({ name, text }) => `${name}: ${text}`);
  if (response.open === undefined) {
    return JSON.stringify(predicted) === JSON.stringify(observed);
  }
  let at = 0;
  for (const line of observed) {
    if (line === predicted[at]) at += 1;
  }
  return at === predicted.length;
}

function show(response: Response | undefined, fact: Fact): unknown {
  const resolved = response && resolveResponse(response, requestOf(fact))[0];
  return {
    request: `${fact.method} ${fact.path} ${fact.origin}`,
    observed: [fact.status, ...fact.headers],
    predicted: [
      response?.status,
      response?.when,
      response?.open,
      ...(resolved?.headers ?? []).map(({ name, text }) => `${name}: ${text}`),
    ],
  };
}
