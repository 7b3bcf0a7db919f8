import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Request } from '../../server/src/cors/http';
import { type ResolvedResponse, resolveResponse } from '../../server/src/cors/resolve';
import { express } from '../../server/src/platforms/express/platform';
import { CORS_HEADERS } from '../harness/corsHeaders';
import { memoryHost } from '../harness/memoryHost';

/**
 * What was observed of 248 programs on Express 4.22 and 5.3 with cors 2.8.6, against what is predicted for them. Where
 * a prediction is certain (one response, nothing open, every value known) it must be the observed one.
 */
interface Observed {
  readonly status?: number;
  readonly HANG?: boolean;
  readonly [header: string]: unknown;
}
type Observations = Readonly<Record<string, Observed | string>>;
interface Case {
  readonly id: string;
  readonly path?: string;
  readonly code: string;
  readonly express4: Observations;
  readonly express5: Observations | 'same';
}

const facts: { readonly cases: readonly Case[] } = JSON.parse(
  readFileSync(new URL('facts/express.json', import.meta.url), 'utf8'),
);

const ALLOWED = 'https://app.example.com';
const ASKED = { 'access-control-request-method': 'PUT', 'access-control-request-headers': 'content-type,x-foo' };
const REQUESTS: Readonly<Record<string, Pick<Request, 'method' | 'origin'> & { readonly headers?: object }>> = {
  simple: { method: 'GET', origin: ALLOWED },
  simpleEvil: { method: 'GET', origin: 'https://evil.com' },
  simpleLookalike: { method: 'GET', origin: 'https://evilexample.com' },
  noOrigin: { method: 'GET', origin: undefined },
  preflight: { method: 'OPTIONS', origin: ALLOWED, headers: ASKED },
  preflightEvil: { method: 'OPTIONS', origin: 'https://evil.com', headers: ASKED },
};
beforeAll(() => express.prepare?.());

function programOf(code: string): string {
  return `const express = require('express');\nconst cors = require('cors');\nconst helmet = require('helmet');\nconst app = express();\n${code}\napp.listen(3000);\n`;
}

/** The response in the form of an observation; undefined when it is not certain. */
function predict(text: string, version: 4 | 5, path: string, name: string): Record<string, unknown> | undefined {
  const asked = REQUESTS[name];
  if (asked === undefined) return undefined;
  const manifest = JSON.stringify({ dependencies: { express: `^${version}.0.0` } });
  const host = memoryHost(
    new Map([
      ['app.js', text],
      ['package.json', manifest],
    ]),
  );
  const { endpoints } = express.analyse('app.js', text, host, {});
  const endpoint =
    endpoints.find((one) => one.matches(path, asked.method) === true && one.path === path) ?? endpoints[0];
  if (endpoint === undefined) return undefined;
  const headers = new Map(Object.entries(asked.headers ?? {}));
  const request: Request = {
    method: asked.method,
    scheme: 'https',
    path,
    origin: asked.origin,
    headers,
    ending: 'success',
  };
  const [response, ...others] = endpoint.respond(request).flatMap((one) => resolveResponse(one, request));
  return response === undefined || others.length > 0 ? undefined : flatten(response);
}

function flatten(response: ResolvedResponse): Record<string, unknown> | undefined {
  if (response.open !== undefined || response.status === undefined) return undefined;
  const flat: Record<string, unknown> = { status: response.status };
  for (const name of CORS_HEADERS) {
    const lines = response.headers.filter((header) => header.name.toLowerCase() === name).map((header) => header.text);
    if (lines.includes(undefined)) return undefined;
    if (lines.length > 0)
      flat[name] = name === 'vary' || lines.length === 1 ? lines.map((line) => line?.trim()).join(', ') : lines;
  }
  return flat;
}

function wanted(observed: Observed): Record<string, unknown> {
  const known = CORS_HEADERS.filter((name) => observed[name] !== undefined).map((name) => [name, observed[name]]);
  return { status: observed.status, ...Object.fromEntries(known) };
}

const tally = { certain: 0, unknown: 0 };

describe.each([4, 5] as const)('observed on Express %s', (version) => {
  it.each(facts.cases.map((one) => [one.id, one] as const))('%s', (_, one) => {
    const observations = version === 5 && one.express5 !== 'same' ? one.express5 : one.express4;
    const text = programOf(one.code);
    for (const [name, observed] of Object.entries(observations)) {
      if (typeof observed === 'string') continue;
      const predicted = predict(text, version, one.path ?? '/', name);
      if (predicted === undefined) tally.unknown += 1;
      else tally.certain += 1;
      if (process.env['SHOW_UNKNOWN'] && predicted === undefined) console.log('unknown', one.id, name);
      if (predicted === undefined) continue;
      expect(observed.HANG, `${name} hangs`).toBeUndefined();
      expect(predicted, name).toEqual(wanted(observed));
    }
  });
});

it('is certain of nearly all of them', () => {
  expect(tally.certain / (tally.certain + tally.unknown)).toBeGreaterThan(0.9);
});
