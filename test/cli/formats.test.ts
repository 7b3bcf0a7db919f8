import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { openScratch, type Scratch } from '../../server/src/workspace/testing/scratch';
import { checkReport } from './contracts';
import { buildCli, type Outcome, runCli } from './runCli';

vi.setConfig({ testTimeout: 120_000 });
beforeAll(buildCli);

let scratch: Scratch;
afterEach(() => scratch?.remove());

const HOSTILE = '<img src=x onerror=alert(1)>';

const CONF = `server {
  server_name api.example.com;
  location "/${HOSTILE}/" {
    add_header Access-Control-Allow-Origin * always;
    add_header Access-Control-Allow-Credentials true always;
  }
  location /b/ {
    add_header "Access-Control-Allow-Orgin" "[x](https://evil.example)" always;
  }
}
`;

const PROXY =
  'server {\n  listen 80;\n  location / {\n    add_header Access-Control-Max-Age 60;\n    proxy_pass http://localhost:3000;\n  }\n}\n';
const APP = `const express = require('express');
const app = express();
app.get('/items', (req, res) => res.set('Access-Control-Allow-Origin', '*').json([]));
app.listen(3000);
`;

function audit(files: Readonly<Record<string, string>>, ...args: string[]): Promise<Outcome> {
  scratch = openScratch(files);
  return runCli(args, { cwd: scratch.root });
}

describe('html', () => {
  test('is one file that loads nothing, with what stands in the workspace as text', async () => {
    const { code, out, error } = await audit({ 'a & b/x<b>.conf': CONF }, '--format', 'html');
    expect({ code, error }).toEqual({ code: 1, error: '' });
    expect(out).toMatch(/^<!DOCTYPE html>\n/);
    expect(out).toMatch(/<\/html>\n$/);
    expect(out).toContain("content=\"default-src 'none';");
    expect(out).not.toMatch(/<(?:script|link|img|iframe|b)\b/);
    expect(out).not.toMatch(/\s(?:src|href)=["'][^#]/);
    expect(out).toContain('a &amp; b/x&lt;b&gt;.conf');
    expect(out).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(out).not.toContain(scratch.root);
  });

  test('has the endpoints, of the paths that were named only', async () => {
    const files = { 'a/one.conf': CONF, 'b/two.js': APP };
    const { out } = await audit(files, '--format', 'html', 'b');
    expect(out).toContain('GET /items');
    expect(out).not.toContain('a/one.conf');
  });
});

describe('markdown', () => {
  test('has counts, endpoints and findings, and no markup out of the workspace', async () => {
    const { code, out } = await audit({ 'x<b>.conf': CONF }, '--format', 'markdown');
    expect(code).toBe(1);
    expect(out).toMatch(/^# CORS report\n/);
    expect(out).toContain('## Endpoints\n');
    expect(out).toContain('### x&lt;b&gt;\\.conf\n');
    const outside = out.replace(/```[\s\S]*?```/g, '').replace(/`[^`\n]*`/g, '');
    expect(outside).not.toContain('<img');
    expect(outside).not.toContain('[x](');
  });
});

interface Sarif {
  readonly version: string;
  readonly $schema: string;
  readonly runs: readonly {
    readonly tool: {
      readonly driver: {
        readonly name: string;
        readonly rules: readonly {
          readonly id: string;
          readonly shortDescription: { readonly text: string };
          readonly fullDescription: { readonly text: string };
          readonly help: { readonly text: string };
        }[];
      };
    };
    readonly results: readonly SarifResult[];
  }[];
}

interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly {
    readonly physicalLocation: {
      readonly artifactLocation: { readonly uri: string };
      readonly region: Readonly<Record<'startLine' | 'startColumn' | 'endLine' | 'endColumn', number>>;
    };
  }[];
}

describe('sarif', () => {
  /** https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning */
  test('has all that code scanning requires', async () => {
    const { code, out } = await audit({ 'a b/ü<#>.conf': CONF }, '--format', 'sarif');
    expect(code).toBe(1);
    const log: Sarif = JSON.parse(out);
    expect(log.version).toBe('2.1.0');
    expect(log.$schema).toMatch(/sarif-schema-2\.1\.0\.json$/);
    expect(log.runs).toHaveLength(1);
    for (const { tool, results } of log.runs) {
      expect(tool.driver.name).toBe('CORS Lint');
      for (const rule of tool.driver.rules) {
        expect(rule.shortDescription.text).not.toBe('');
        expect(rule.fullDescription.text).not.toBe('');
        expect(rule.help.text).not.toBe('');
      }
      expect(results.length).toBeGreaterThan(1);
      for (const result of results) {
        expect(tool.driver.rules[result.ruleIndex]?.id).toBe(result.ruleId);
        expect(['error', 'warning', 'note']).toContain(result.level);
        expect(result.message.text).not.toBe('');
        expect(result.message.text).not.toContain('](');
        expect(result.locations).toHaveLength(1);
        for (const { physicalLocation } of result.locations) {
          const { artifactLocation, region } = physicalLocation;
          expect(artifactLocation.uri).toBe('a%20b/%C3%BC%3C%23%3E.conf');
          expect(region.startLine).toBeGreaterThan(0);
          expect(region.startColumn).toBeGreaterThan(0);
          const isForward =
            region.endLine > region.startLine ||
            (region.endLine === region.startLine && region.endColumn > region.startColumn);
          expect(isForward).toBe(true);
        }
      }
    }
  });

  test('names files from the top of the repository, wherever it is run', async () => {
    scratch = openScratch({ '.git/HEAD': 'ref: refs/heads/main\n', 'deploy/a.conf': CONF });
    const { out } = await runCli(['--format', 'sarif'], { cwd: join(scratch.root, 'deploy') });
    const log: Sarif = JSON.parse(out);
    const uris = log.runs.flatMap(({ results }) =>
      results.flatMap(({ locations }) => locations.map((each) => each.physicalLocation.artifactLocation.uri)),
    );
    expect(new Set(uris)).toEqual(new Set(['deploy/a.conf']));
  });

  test('of nothing found is a log without results', async () => {
    const { code, out } = await audit({ 'readme.md': '' }, '--format', 'sarif');
    const log: Sarif = JSON.parse(out);
    expect(code).toBe(0);
    expect(log.runs.map(({ results }) => results)).toEqual([[]]);
  });
});

describe('json with --endpoints', () => {
  test('has what answers, its policy, and who passes requests on to whom', async () => {
    const { out } = await audit({ 'proxy.conf': PROXY, 'api/app.js': APP }, '--format', 'json', '--endpoints');
    const { endpoints = [], links } = checkReport(out);
    const items = endpoints.find(({ platform }) => platform === 'express');
    expect(items).toMatchObject({ label: 'GET /items', path: '/items', file: 'api/app.js', methods: ['GET'] });
    expect(items?.range.start.line).toBe(3);
    expect(items?.policy[0]).toMatchObject({ key: 'origins', words: expect.stringContaining('any origin') });
    expect(endpoints.map(({ file }) => file)).toContain('proxy.conf');
    expect(links).toEqual([
      {
        from: 'proxy.conf',
        address: 'localhost:3000',
        to: { file: 'api/app.js', range: { start: expect.objectContaining({ line: 4 }), end: expect.anything() } },
        sureness: 'certain',
        when: null,
      },
    ]);
  });

  test('says when a link depends on the environment', async () => {
    const app = APP.replace('listen(3000)', 'listen(process.env.PORT || 3000)');
    const { out } = await audit({ 'proxy.conf': PROXY, 'api/app.js': app }, '--format', 'json', '--endpoints');
    expect(checkReport(out).links).toMatchObject([{ sureness: 'likely', when: 'PORT is unset' }]);
  });

  test('has neither without it', async () => {
    const { out } = await audit({ 'proxy.conf': PROXY, 'api/app.js': APP }, '--format', 'json');
    expect(Object.keys(checkReport(out))).toEqual(['version', 'findings', 'files']);
  });
});
