import { cpSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { platforms, rules } from '../../lint/registry';
import { nodeDisk } from '../nodeDisk';
import { openWorkspace } from '../openWorkspace';
import { openScratch, type Scratch } from '../testing/scratch';
import type { AuditResult, Workspace } from '../types';
import type { Limits } from './fetchedDisk';
import { openFetched } from './openFetched';
import type { Source } from './source';

const examples = resolve(import.meta.dirname, '../../../../examples');

let scratch: Scratch | undefined;
afterEach(() => scratch?.remove());

/** Reads the disk for somebody who cannot, and notes what was asked for. */
function sourceOf(
  root: string,
): Source & { readonly listed: string[]; readonly read: Source['read']; asked: string[] } {
  const listed: string[] = [];
  const asked: string[] = [];
  return {
    listed,
    asked,
    async list(folders) {
      listed.push(...folders.map((folder) => relative(root, folder)));
      return folders.map((folder) => {
        try {
          return readdirSync(folder, { withFileTypes: true }).map((entry) => ({
            name: entry.name,
            kind: statSync(join(folder, entry.name)).isDirectory() ? 'folder' : 'file',
            isLink: entry.isSymbolicLink(),
          }));
        } catch {
          return undefined;
        }
      });
    },
    async read(files) {
      asked.push(...files.map((file) => relative(root, file)));
      return files.map((file) => {
        try {
          return { text: readFileSync(file, 'utf8') };
        } catch {
          return { reason: 'no longer there' };
        }
      });
    },
  };
}

function onDisk(root: string): Workspace {
  return openWorkspace({ root, disk: nodeDisk, platforms, rules });
}

async function handedOver(
  root: string,
  options: { limits?: Limits; onStale?: (files: readonly string[]) => void } = {},
) {
  const source = sourceOf(root);
  const limits: string[] = [];
  const workspace = await openFetched({
    root,
    source,
    open: async (disk) => openWorkspace({ root, disk, platforms, rules }),
    onLimit: (message) => limits.push(message),
    ...options,
  });
  return { workspace, source, limits };
}

function told({ findings, files }: AuditResult): unknown {
  const each = [...findings].flatMap(([file, list]) =>
    list.map(({ rule, place, message, severity }) => ({ file, rule: rule.id, place, message, severity })),
  );
  return { each, ...files };
}

describe('a workspace of files that somebody else has', () => {
  test.each(['.', ...readdirSync(examples)].filter((name) => statSync(join(examples, name)).isDirectory()))(
    'is audited like one on the disk: examples/%s',
    async (name) => {
      const root = resolve(examples, name);
      const expected = await onDisk(root).audit();
      const seen: string[] = [];
      const found = await (await handedOver(root)).workspace.audit({ onFile: ({ file }) => seen.push(file) });
      expect(told(found)).toEqual(told(expected));
      expect(found.files.analysed).toBeGreaterThan(0);
      expect(seen.sort()).toEqual([...found.sources].sort());
    },
  );

  test('gives each file the findings that it has on the disk, fetching only what it needs', async () => {
    scratch = openScratch({
      'src/app.js':
        "const express = require('express');\nconst options = require('./options');\nconst cors = require('cors');\nconst app = express();\napp.use(cors(options));\napp.get('/a', (req, res) => res.json({}));\n",
      'src/options.js':
        "const { origin } = require('./deep/origin');\nmodule.exports = { origin, credentials: true };\n",
      'src/deep/origin.js': 'exports.origin = true;\n',
      'src/other.js': 'console.log(1);\n',
      'node_modules/left/index.js': 'module.exports = 1;\n',
    });
    const { workspace, source } = await handedOver(scratch.root);
    const disk = onDisk(scratch.root);
    // The fault is written in the last of them, and known by the analysis of the first.
    for (const file of [scratch.at('src/app.js'), scratch.at('src/deep/origin.js')]) {
      const findings = (await workspace.lint(file)).findings.map(({ rule, place }) => [rule.id, place]);
      expect(findings).toEqual((await disk.lint(file)).findings.map(({ rule, place }) => [rule.id, place]));
      expect(findings).toHaveLength(file.endsWith('origin.js') ? 1 : 0);
    }
    expect(source.asked).toContain('src/deep/origin.js');
    expect(source.asked).not.toContain('src/other.js');
    expect(source.listed.filter((folder) => folder.startsWith('node_modules'))).toEqual([]);
    expect(new Set(source.asked).size).toBe(source.asked.length);
  });

  test('follows what changes, comes and goes', async () => {
    scratch = openScratch({
      'nginx.conf': 'http { server { listen 80; include conf.d/*.conf; } }\n',
      'conf.d/a.conf': 'add_header Access-Control-Allow-Origin $http_origin always;\n',
    });
    const { root, at, put } = scratch;
    const { workspace } = await handedOver(root);
    const rulesOf = async () => {
      const { findings } = await workspace.audit();
      const both = [...findings.values()].flat().map(({ rule }) => rule.id);
      const expected = [...(await onDisk(root).audit()).findings.values()].flat().map(({ rule }) => rule.id);
      expect(both).toEqual(expected);
      return both;
    };
    expect(await rulesOf()).toContain('reflected-origin');
    put('conf.d/a.conf', 'add_header X-Other 1;\n');
    workspace.changed(at('conf.d/a.conf'));
    expect(await rulesOf()).toEqual([]);
    put('conf.d/b/deep.conf', '# nothing\n');
    put('conf.d/b.conf', 'add_header Access-Control-Allow-Origin $http_origin always;\n');
    workspace.changed(at('conf.d/b'));
    workspace.changed(at('conf.d/b.conf'));
    expect(await rulesOf()).toContain('reflected-origin');
    put('.corslintrc.json', '{"rules": {"reflected-origin": "off"}}');
    workspace.changed(at('.corslintrc.json'));
    expect(await rulesOf()).not.toContain('reflected-origin');
    rmSync(at('.corslintrc.json'));
    workspace.changed(at('.corslintrc.json'));
    rmSync(at('conf.d'), { recursive: true });
    workspace.changed(at('conf.d'));
    expect(await rulesOf()).toEqual([]);
  });

  test('has the text that is open, and the one on the disk again once it is closed', async () => {
    scratch = openScratch({ 'nginx.conf': 'events {}\n' });
    const { workspace } = await handedOver(scratch.root);
    const file = scratch.at('nginx.conf');
    await workspace.lint(file);
    workspace.setOverlay(file, 'events { }\n', 2);
    expect((await workspace.lint(file)).text).toBe('events { }\n');
    scratch.put('nginx.conf', 'events {  }\n');
    workspace.setOverlay(file, undefined);
    expect((await workspace.lint(file)).text).toBe('events {  }\n');
  });

  test('tells when a file that was not open puts something into one that is', async () => {
    scratch = openScratch();
    cpSync(join(examples, 'shop'), scratch.root, { recursive: true });
    const stale: string[] = [];
    const { workspace } = await handedOver(scratch.root, { onStale: (files) => stale.push(...files) });
    const expected = await onDisk(scratch.root).audit();
    for (const [file, findings] of expected.findings) {
      await workspace.lint(file);
      await workspace.lintWhole(file);
      const { findings: whole } = await workspace.lint(file);
      expect(whole.map(({ rule, place }) => [rule.id, place])).toEqual(
        findings.map(({ rule, place }) => [rule.id, place]),
      );
    }
    expect(stale.every((file) => expected.findings.has(file))).toBe(true);
  });

  test('takes .gitignore and ignored folders as on the disk', async () => {
    const bad = 'server { listen 80; add_header Access-Control-Allow-Origin $http_origin always; }\n';
    scratch = openScratch({
      '.gitignore': 'generated/\n*.local.conf\n',
      '.corslintrc.json': '{"ignore": ["!vendor", "old/"]}',
      'a.conf': bad,
      'a.local.conf': bad,
      'generated/b.conf': bad,
      'old/c.conf': bad,
      'vendor/deep/d.conf': bad,
      'node_modules/x/e.conf': bad,
    });
    scratch.link('linked.conf', 'a.conf');
    const found = await (await handedOver(scratch.root)).workspace.audit();
    expect([...found.findings.keys()].map((file) => relative(scratch?.root ?? '', file))).toEqual([
      'a.conf',
      join('vendor/deep/d.conf'),
    ]);
    scratch.put('.git/HEAD', '');
    expect(told(found)).toMatchObject({ each: (told(await onDisk(scratch.root).audit()) as { each: unknown }).each });
  });

  test('of a workspace that is too large, takes what it can and says so', async () => {
    const bad = 'server { listen 80; add_header Access-Control-Allow-Origin $http_origin always; }\n';
    scratch = openScratch(Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`${i}.conf`, bad])));
    const few = await handedOver(scratch.root, { limits: { files: 1000, texts: 10, characters: 1e6 } });
    const { files } = await few.workspace.audit();
    expect(files.analysed).toBe(10);
    expect(files.skipped.map(({ reason }) => reason)).toEqual(
      Array(20).fill('not read, because the workspace is too large'),
    );
    expect(few.limits).toEqual(['Of 30 files, 10 are read.']);
    expect(few.source.asked).toHaveLength(10);
  });

  test('an audit that is called off while files are fetched ends at once', async () => {
    const controller = new AbortController();
    const never = new Promise<never>(() => undefined);
    const workspace = await openFetched({
      root: '/nowhere',
      source: { list: async () => [[{ name: 'a.conf', kind: 'file', isLink: false }]], read: () => never },
      open: async (disk) => openWorkspace({ root: '/nowhere', disk, platforms, rules }),
      onLimit: () => undefined,
    });
    setTimeout(() => controller.abort(), 50);
    const { cancelled } = await workspace.audit({ signal: controller.signal });
    expect(cancelled).toBe(true);
  });
});
