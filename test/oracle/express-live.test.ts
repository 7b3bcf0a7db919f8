import { readFileSync } from 'node:fs';
import { request as send } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningExpress, startExpress } from '../harness/express';

/** A sample of the recorded programs on the installed Express: what was observed is still what happens. */
interface Case {
  readonly id: string;
  readonly path?: string;
  readonly code: string;
  readonly express4: Readonly<Record<string, Readonly<Record<string, unknown>> | string>>;
  readonly express5: Readonly<Record<string, Readonly<Record<string, unknown>> | string>> | 'same';
}
const facts: { readonly cases: readonly Case[] } = JSON.parse(
  readFileSync(new URL('facts/express.json', import.meta.url), 'utf8'),
);
const SAMPLE = [
  'origin-array-match',
  'origin-true-cred',
  'origin-regex-unanchored-suffix',
  'origin-fn-string',
  'env-split-spaces',
  'ah-empty-array',
  'ma-nan',
  'oss-404',
  'delegate-cb-ok',
  'cors-after-routes',
  'router-level-use',
  'two-cors-strict-after-star',
  'cors+manual-append',
  'options-res.end-return',
  'vary-only-when-allowed',
  'headers-in-route-only',
];

describe.each([4, 5] as const)('Express %s today', (version) => {
  const cases = facts.cases.filter(({ id }) => SAMPLE.includes(id));
  let running: RunningExpress;
  beforeAll(async () => {
    const apps = cases.map(({ code }, i) => `{ const app = express(); ${code}; root.use('/case${i}', app); }`);
    running = await startExpress({
      version,
      name: 'app.js',
      text: `const express = require('express');\nconst cors = require('cors');\nconst root = express();\n${apps.join('\n')}\nroot.listen(3000);\n`,
    });
  });
  afterAll(() => running.stop());

  it.each(cases.map((one, i) => [one.id, one, i] as const))('%s', async (_, one, i) => {
    const recorded = version === 5 && one.express5 !== 'same' ? one.express5 : one.express4;
    for (const name of ['simple', 'simpleEvil', 'preflight'] as const) {
      const wanted = recorded[name];
      if (typeof wanted !== 'object') continue;
      const origin = name === 'simpleEvil' ? 'https://evil.com' : 'https://app.example.com';
      const path = `/case${i}${one.path ?? '/'}`;
      const got = await ask(running.port, path, name === 'preflight' ? 'OPTIONS' : 'GET', origin);
      const { HANG: _hang, ...expected } = wanted;
      expect(got, name).toMatchObject(expected);
      expect(
        Object.keys(got)
          .filter((key) => key.startsWith('access-control-'))
          .sort(),
        name,
      ).toEqual(
        Object.keys(expected)
          .filter((key) => key.startsWith('access-control-'))
          .sort(),
      );
    }
  });
});

function ask(port: number, path: string, method: string, origin: string): Promise<Record<string, unknown>> {
  const asked =
    method === 'OPTIONS'
      ? { 'access-control-request-method': 'PUT', 'access-control-request-headers': 'content-type,x-foo' }
      : {};
  return new Promise((resolve, reject) => {
    const going = send({ host: '127.0.0.1', port, path, method, headers: { origin, ...asked } }, (response) => {
      response.resume();
      response.on('end', () => {
        const headers: Record<string, unknown> = { status: response.statusCode };
        for (const [name, values] of Object.entries(response.headersDistinct)) {
          if (name === 'vary') headers[name] = values?.join(', ');
          else if (name.startsWith('access-control-')) headers[name] = values?.length === 1 ? values[0] : values;
        }
        resolve(headers);
      });
    });
    going.on('error', reject);
    going.end();
  });
}
