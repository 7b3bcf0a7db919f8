import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { platforms, rules } from '../../server/src/lint/registry';
import type { EndpointsResult, ExplainResult, ReportResult, TryParams, TryResult } from '../../server/src/lsp/protocol';
import { type TestClient, type TestFolder, testFolder } from './client';
import { startInProcess } from './inProcess';
import { PROFILES, type Profile } from './profiles';

const APP = `const express = require('express');
const cors = require('cors');
const app = express();
app.use(cors({ origin: 'https://app.example.com', methods: ['GET', 'POST'] }));
app.get('/orders', (req, res) => res.json([]));
app.delete('/orders/:id', (req, res) => res.json({}));
app.listen(3000);
`;

const SITE = `server {
  listen 80 default_server;
  return 444;
}
server {
  listen 80;
  server_name api.example.com;
  location /files/ {
    add_header Access-Control-Allow-Origin https://app.example.com;
    root /srv;
  }
}
`;

let folder: TestFolder;
let client: TestClient;

afterEach(() => {
  client.connection.dispose();
  folder.dispose();
});

async function start(profile: Profile): Promise<void> {
  folder = testFolder({ 'app.js': APP, 'nginx/conf.d/site.conf': SITE });
  client = await startInProcess({ profile, folders: [folder], platforms, rules });
}

const ask = <Result>(method: string, params: object): Promise<Result> => client.connection.sendRequest(method, params);
const profiles = Object.keys(PROFILES) as Profile[];

describe.each(profiles)('corsLint/endpoints for a client like %s', (profile) => {
  it('lists the endpoints of the workspace with their policy, in the text that is open', async () => {
    await start(profile);
    const { endpoints, cancelled } = await ask<EndpointsResult>('corsLint/endpoints', {});
    expect(cancelled).toBe(false);
    const meant = endpoints.filter(({ policy }) => policy.isForOthers);
    expect(meant.map(({ platform, label, path, summary }) => [platform, label, path, summary])).toEqual([
      ['express', 'GET /orders', '/orders', 'https://app.example.com · no credentials · GET · preflight 204'],
      [
        'express',
        'DELETE /orders/:id',
        '/orders/1',
        'https://app.example.com · no credentials · none; not DELETE · preflight fails',
      ],
      [
        'nginx',
        'location /files/ of api.example.com',
        '/files/',
        'https://app.example.com · no credentials · GET, HEAD · preflight fails',
      ],
    ]);
    const [orders] = endpoints;
    expect(orders?.location).toEqual({
      uri: folder.uriOf('app.js'),
      range: { start: { line: 4, character: 8 }, end: { line: 4, character: 17 } },
    });
    expect(orders?.policy.origins[0]?.at).toEqual([
      { uri: folder.uriOf('app.js'), range: { start: { line: 3, character: 23 }, end: { line: 3, character: 48 } } },
    ]);
    await client.open(folder.uriOf('app.js'), APP.replace("'https://app.example.com'", "'*'"), 'javascript');
    const changed = await ask<EndpointsResult>('corsLint/endpoints', { uri: folder.uriOf('app.js') });
    expect(changed.endpoints.map(({ rows }) => rows[0]?.words)).toEqual(['any origin (*)', 'any origin (*)']);
  });
});

describe('corsLint/try', () => {
  beforeEach(() => start('pull'));
  const attempt = (params: TryParams) => ask<TryResult>('corsLint/try', params);

  it('plays a call to an address, with the place of every header', async () => {
    const result = await attempt({ url: 'http://api.example.com/files/a.txt', origin: 'https://app.example.com' });
    expect(result).toMatchObject({
      endpoint: { label: 'location /files/ of api.example.com' },
      verdict: 'allowed',
      step: 'cors-check/same-origin',
      preflight: null,
      actual: {
        headers: expect.arrayContaining([
          expect.objectContaining({
            name: 'Access-Control-Allow-Origin',
            value: 'https://app.example.com',
            layer: 'location /files/',
            location: expect.objectContaining({ uri: folder.uriOf('nginx/conf.d/site.conf') }),
          }),
        ]),
      },
    });
  });

  it('plays a call to an endpoint of a list, and fills in what is left out', async () => {
    const { endpoints } = await ask<EndpointsResult>('corsLint/endpoints', {});
    const endpoint = endpoints.find(({ label }) => label.startsWith('DELETE'));
    const result = await attempt({ endpoint: endpoint?.id ?? '', uri: endpoint?.location.uri ?? '' });
    expect(result).toMatchObject({
      call: { origin: 'https://app.example.com', method: 'DELETE', url: '/orders/1', credentials: false, status: null },
      endpoint: { id: endpoint?.id },
      verdict: 'blocked',
      step: 'preflight/method',
      stepUrl: 'https://fetch.spec.whatwg.org/#cors-preflight-fetch-0',
    });
    expect(result.preflight?.request).toEqual({
      method: 'OPTIONS',
      headers: [
        { name: 'Origin', value: 'https://app.example.com' },
        { name: 'Access-Control-Request-Method', value: 'DELETE' },
      ],
    });
    expect(result.preflight?.curl).toBe(
      "curl -i -X OPTIONS -H 'Origin: https://app.example.com' -H 'Access-Control-Request-Method: DELETE' https://HOST/orders/1",
    );
  });

  it('plays an answer that ends in an error', async () => {
    const url = 'http://api.example.com/files/a.txt';
    expect(await attempt({ url, status: 404 })).toMatchObject({
      verdict: 'blocked',
      step: 'cors-check/no-allow-origin',
      actual: { status: 404 },
    });
  });

  it.each<[TryParams, string]>([
    [{ url: 'orders' }, '"orders" is no address'],
    [{ url: '/orders', origin: 'https://app.example.com/' }, 'Write https://app.example.com.'],
    [{ url: '/orders', method: 'GET IT' }, '"GET IT" is not a method.'],
    [{ url: '/orders', headers: ['a b: c'] }, '"a b: c" is no header'],
    [{ url: '/orders', status: 99 }, '99 is not a status code.'],
    [{ endpoint: 'gone' }, 'The file has changed'],
  ])('says what is wrong with %j', async (params, words) => {
    await expect(attempt(params)).rejects.toThrow(words);
  });
});

describe('corsLint/explain', () => {
  const explain = (message: string) => ask<ExplainResult>('corsLint/explain', { message });
  const chrome = (url: string, detail: string) =>
    `Access to fetch at '${url}' from origin 'https://app.example.com' has been blocked by CORS policy: ${detail}`;

  it('finds the endpoint, the line to blame, the finding and its fix', async () => {
    await start('pull');
    const { explained } = await explain(
      chrome(
        'http://localhost:3000/orders/7',
        'Method DELETE is not allowed by Access-Control-Allow-Methods in preflight response.',
      ),
    );
    expect(explained).toHaveLength(1);
    const [{ message, endpoints, advice, rule } = { message: {}, endpoints: [], advice: [], rule: '' }] = explained;
    expect(message).toMatchObject({ browser: 'chrome', reason: 'method', names: 'DELETE', isPreflight: true });
    expect(rule).toBe('method-not-allowed');
    expect(advice).toEqual([]);
    expect(endpoints).toHaveLength(1);
    expect(endpoints[0]).toMatchObject({
      endpoint: { label: 'DELETE /orders/:id' },
      sureness: 'likely',
      agreement: 'agrees',
      says: 'DELETE is not in Access-Control-Allow-Methods: GET, POST.',
      blame: { uri: folder.uriOf('app.js'), range: { start: { line: 3 } } },
    });
    expect(endpoints[0]?.findings[0]).toMatchObject({ rule: 'method-not-allowed', file: 'app.js' });
    expect(endpoints[0]?.findings[0]?.fixes).not.toEqual([]);
  });

  it('finds the circumstance: headers that are missing from errors', async () => {
    await start('pull');
    const { explained } = await explain(
      chrome(
        'http://api.example.com/files/a.txt',
        "No 'Access-Control-Allow-Origin' header is present on the requested resource.",
      ),
    );
    expect(explained[0]?.endpoints[0]).toMatchObject({
      endpoint: { label: 'location /files/ of api.example.com' },
      sureness: 'certain',
      agreement: 'agrees',
      says: 'When the request ends with 500: the response has no Access-Control-Allow-Origin.',
    });
  });

  it('says when the deployed server answers differently from the code', async () => {
    await start('pull');
    const { explained } = await explain(
      `Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at http://localhost:3000/orders. (Reason: Multiple CORS header ‘Access-Control-Allow-Origin’ not allowed).`,
    );
    expect(explained[0]?.endpoints[0]).toMatchObject({ agreement: 'differs', blame: null });
    expect(explained[0]?.endpoints[0]?.says).toContain('The deployed server answers differently from this code');
  });

  it('says what to look for when the server is not in the workspace, and what is no matter of CORS', async () => {
    await start('push');
    const { explained } = await explain(
      chrome(
        'https://other.example/x',
        "No 'Access-Control-Allow-Origin' header is present on the requested resource.",
      ),
    );
    expect(explained[0]?.endpoints).toEqual([]);
    expect(explained[0]?.advice[0]).toContain('Nothing in this workspace answers other.example/x.');
    expect(explained[0]?.advice[1]).toContain('Access-Control-Allow-Origin: https://app.example.com');
    const failed = await explain(
      'Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at http://localhost:3000/orders. (Reason: CORS request did not succeed). Status code: (null).',
    );
    expect(failed.explained[0]?.meaning).toContain('There was no answer to look at');
    expect((await explain('nothing of the kind')).explained).toEqual([]);
  });
});

describe('corsLint/report', () => {
  it('has counts, endpoints, findings with their proof, and layers', async () => {
    await start('pull');
    const report = await ask<ReportResult>('corsLint/report', {});
    expect(report).toMatchObject({
      cancelled: false,
      version: '0.0.0',
      counts: { endpoints: 5, files: { seen: 2, analysed: 2, withFindings: 2 } },
    });
    expect(report.counts.severities.error + report.counts.severities.warning).toBeGreaterThan(0);
    expect(report.findings.map(({ rule }) => rule)).toContain('method-not-allowed');
    const proved = report.findings.find(({ rule }) => rule === 'method-not-allowed');
    expect(proved).toMatchObject({
      file: 'app.js',
      fixes: null,
      tried: { verdict: 'blocked', step: 'preflight/method' },
    });
    const chain = report.chains.find(
      ({ endpoint }) => endpoint.includes('/orders GET') || endpoint.includes('GET /orders'),
    );
    expect(chain?.layers.map(({ kind, label }) => [kind, label])).toEqual([
      ['front-end', 'https://app.example.com'],
      ['application', 'GET /orders'],
    ]);
    expect(chain?.layers[1]?.sets.map(({ name }) => name)).toEqual(['Access-Control-Allow-Origin', 'Vary']);
  });
});
