import { rmSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import type { Crash } from '../lint/find';
import { platforms, rules } from '../lint/registry';
import type { Finding, Platform } from '../lint/types';
import { nodeDisk } from './nodeDisk';
import { openWorkspace } from './openWorkspace';
import { relativePath } from './paths';
import { openScratch, type Scratch } from './testing/scratch';
import type { AuditResult, WorkspaceOptions } from './types';

let scratch: Scratch;
afterEach(() => scratch?.remove());

function open(files: Readonly<Record<string, string | Buffer>>, options: Partial<WorkspaceOptions> = {}) {
  scratch = openScratch(files);
  return openWorkspace({ disk: nodeDisk, root: scratch.root, platforms, rules, ...options });
}

const ids = (findings: readonly Finding[]): string[] => findings.map(({ rule }) => rule.id);
const summary = ({ findings }: AuditResult): Record<string, string[]> =>
  Object.fromEntries([...findings].map(([file, list]) => [relativePath(scratch.root, file), ids(list)]));

const MISSPELT = 'server {\n  add_header Access-Control-Allow-Orgin * always;\n}\n';
const CLEAN = 'server {\n  add_header Access-Control-Allow-Origin https://a.example always;\n}\n';
const TWICE = 'add_header Access-Control-Allow-Origin * always;\n'.repeat(2);

/** The platform, counting how often it analyses each file. */
function counting(): { readonly platforms: readonly Platform[]; readonly counts: Map<string, number> } {
  const counts = new Map<string, number>();
  return {
    counts,
    platforms: platforms.map((platform) => ({
      ...platform,
      analyse(file, text, host, options) {
        const name = relativePath(scratch.root, file);
        counts.set(name, (counts.get(name) ?? 0) + 1);
        return platform.analyse(file, text, host, options);
      },
    })),
  };
}

describe('linting a file', () => {
  test('takes the open text and goes back to the disk when it is closed', async () => {
    const workspace = open({ 'a.conf': CLEAN });
    const file = scratch.at('a.conf');
    expect(ids((await workspace.lint(file)).findings)).not.toContain('misspelt-header');
    workspace.setOverlay(file, MISSPELT, 7);
    const result = await workspace.lint(file);
    expect(ids(result.findings)).toContain('misspelt-header');
    expect(result).toMatchObject({ file, text: MISSPELT, overlayVersion: 7, platforms: ['nginx'] });
    workspace.setOverlay(file, undefined);
    expect(await workspace.lint(file)).toMatchObject({ text: CLEAN, overlayVersion: undefined });
  });

  test('computes nothing twice', async () => {
    const counted = counting();
    const workspace = open({ 'a.conf': CLEAN, 'b.conf': MISSPELT }, counted);
    await workspace.lint(scratch.at('a.conf'));
    await workspace.lint(scratch.at('a.conf'));
    await workspace.audit();
    await workspace.audit();
    expect(Object.fromEntries(counted.counts)).toEqual({ 'a.conf': 1, 'b.conf': 1 });
    scratch.put('b.conf', CLEAN);
    workspace.changed(scratch.at('b.conf'));
    await workspace.audit();
    expect(Object.fromEntries(counted.counts)).toEqual({ 'a.conf': 1, 'b.conf': 2 });
  });

  test('again when something that it includes changes', async () => {
    const workspace = open({ 'nginx.conf': 'http {\nserver {\ninclude cors.inc;\n}\n}\n', 'cors.inc': '' });
    const file = scratch.at('nginx.conf');
    expect((await workspace.lint(file)).findings).toEqual([]);
    workspace.setOverlay(scratch.at('cors.inc'), TWICE, 1);
    await workspace.lint(file);
    expect(ids((await workspace.lint(scratch.at('cors.inc'))).findings)).toContain('duplicate-header');
  });

  test('shows in a snippet what its includer brings to light, told of in the background', async () => {
    const stale: string[] = [];
    const workspace = open(
      { 'nginx.conf': `http { server { include snippets/twice.conf; } }`, 'snippets/twice.conf': TWICE },
      { onStale: (files) => stale.push(...files) },
    );
    const file = scratch.at('snippets/twice.conf');
    const whole = await workspace.lintWhole(file);
    expect(ids(whole.findings)).toContain('duplicate-header');
    expect(ids(whole.findings).filter((id) => id === 'duplicate-header')).toHaveLength(1);
    expect(ids((await workspace.audit()).findings.get(file) ?? [])).toEqual(ids(whole.findings));
    expect(ids((await workspace.lint(file)).findings)).toEqual(ids(whole.findings));
  });

  test('leaves ignored files alone, and says why', async () => {
    const workspace = open({
      '.corslintrc.json': '{"ignore": ["legacy"]}',
      'legacy/a.conf': MISSPELT,
      'dist/a.conf': MISSPELT,
    });
    expect(await workspace.lint(scratch.at('legacy/a.conf'))).toMatchObject({
      findings: [],
      skipped: 'ignored by the configuration',
    });
    expect((await workspace.lint(scratch.at('dist/a.conf'))).skipped).toBe('build output');
    expect((await workspace.lint('/elsewhere/a.conf')).skipped).toBe('outside the workspace');
    expect((await workspace.lint(scratch.at('gone.conf'))).skipped).toBe('no longer there');
  });

  test('of a configuration file shows the mistakes in it', async () => {
    const workspace = open({ '.corslintrc.json': '{"rules": {"null-orgin": "off"}}' });
    const { problems, text } = await workspace.lint(scratch.at('.corslintrc.json'));
    expect(problems.map(({ range }) => text?.slice(range?.start, range?.end))).toEqual(['"null-orgin"']);
    workspace.setOverlay(scratch.at('.corslintrc.json'), '{}', 1);
    expect((await workspace.lint(scratch.at('.corslintrc.json'))).problems).toEqual([]);
  });

  test('goes by the settings, whichever way they change', async () => {
    const workspace = open({ 'a.conf': MISSPELT });
    const severity = async (): Promise<string | undefined> =>
      (await workspace.lint(scratch.at('a.conf'))).findings.find(({ rule }) => rule.id === 'misspelt-header')?.severity;
    expect(await severity()).toBe('error');
    workspace.configure({ rules: { 'misspelt-header': 'hint' } });
    expect(await severity()).toBe('hint');
    scratch.put('.corslintrc.json', '{"rules": {"misspelt-header": "info"}}');
    workspace.changed(scratch.at('.corslintrc.json'));
    expect(await severity()).toBe('info');
    workspace.setOverlay(scratch.at('.corslintrc.json'), '{"rules": {"misspelt-header": "off"}}', 1);
    expect(await severity()).toBe(undefined);
  });

  test('works fixes out again for whoever asks later', async () => {
    const workspace = open({ 'a.conf': MISSPELT, 'b.conf': CLEAN });
    const { findings } = await workspace.lint(scratch.at('a.conf'));
    await workspace.lint(scratch.at('b.conf'));
    const [fix] = findings.find(({ rule }) => rule.id === 'misspelt-header')?.fixes() ?? [];
    expect(fix?.preferred).toBe(true);
    expect(fix?.edits.map(({ file, text }) => [file, text])).toEqual([
      [scratch.at('a.conf'), 'Access-Control-Allow-Origin'],
    ]);
    const { texts } = await workspace.fixAll(scratch.at('a.conf'));
    expect(texts.get(scratch.at('a.conf'))).toContain('Access-Control-Allow-Origin *');
  });
});

describe('an audit', () => {
  test('finds what there is, file by file, in order, and counts', async () => {
    const workspace = open({
      'b.conf': MISSPELT,
      'a.conf': MISSPELT,
      'readme.md': '',
      'binary.conf': Buffer.from([1, 0]),
      'huge.conf': 'a'.repeat(1024 * 1024 + 1),
      'node_modules/x/c.conf': MISSPELT,
    });
    const order: string[] = [];
    const result = await workspace.audit({ onFile: ({ file }) => order.push(relativePath(scratch.root, file)) });
    expect(Object.keys(summary(result))).toEqual(['a.conf', 'b.conf']);
    expect(order).toEqual(['a.conf', 'b.conf']);
    expect(result.files).toEqual({
      seen: 5,
      analysed: 2,
      skipped: [
        { file: scratch.at('binary.conf'), reason: 'binary' },
        { file: scratch.at('huge.conf'), reason: 'larger than 1 MiB' },
        { file: scratch.at('node_modules'), reason: 'dependencies' },
      ],
    });
    expect(result.cancelled).toBe(false);
  });

  test('of a part sees the part in its context, and reports on nothing else', async () => {
    const workspace = open({
      'nginx.conf': `http { server { include snippets/twice.conf; add_header Access-Control-Allow-Orgin x; } }`,
      'snippets/twice.conf': TWICE,
    });
    const whole = summary(await workspace.audit());
    expect(Object.keys(whole)).toEqual(['nginx.conf', 'snippets/twice.conf']);
    const fresh = openWorkspace({ disk: nodeDisk, root: scratch.root, platforms, rules });
    const part = summary(await fresh.audit({ paths: [scratch.at('snippets')] }));
    expect(part).toEqual({ 'snippets/twice.conf': whole['snippets/twice.conf'] });
  });

  test('looks at a file that is named even if it is ignored', async () => {
    const workspace = open({ 'dist/a.conf': MISSPELT });
    expect(summary(await workspace.audit())).toEqual({});
    expect(Object.keys(summary(await workspace.audit({ paths: [scratch.at('dist/a.conf')] })))).toEqual([
      'dist/a.conf',
    ]);
  });

  test('reports each mistake in the configuration once', async () => {
    const workspace = open({
      '.corslintrc.json': '{"oops": 1}',
      'x/a.conf': '',
      'y/.corslintrc.json': '{"x": 1}',
      'y/b.conf': '',
    });
    const { problems } = await workspace.audit();
    expect(problems.map(({ message }) => message.slice(0, 8))).toEqual(['"oops" i', '"x" is n']);
  });

  test('stops when told to, with what it has', async () => {
    const workspace = open({ 'a.conf': MISSPELT, 'b.conf': MISSPELT });
    const stop = new AbortController();
    const result = await workspace.audit({ onFile: () => stop.abort(), signal: stop.signal });
    expect(Object.keys(summary(result))).toEqual(['a.conf']);
    expect(result.cancelled).toBe(true);
  });

  test('tells how far it is', async () => {
    const workspace = open({ 'a.conf': '', 'sub/b.conf': '' });
    const told: string[] = [];
    await workspace.audit({ onProgress: ({ phase, done, total }) => told.push(`${phase} ${done}/${total}`) });
    expect(told).toEqual(
      ['walk 2/undefined', 'walk 2/undefined', 'analyse 0/2', 'analyse 1/2', 'analyse 2/2'].slice(-told.length),
    );
    expect(told.at(-1)).toBe('analyse 2/2');
  });

  test('survives a platform that crashes on one file, and says so once', async () => {
    const crashes: Crash[] = [];
    const brittle = platforms.map(
      (platform): Platform => ({
        ...platform,
        analyse(file, text, host, options) {
          if (file.endsWith('bad.conf')) throw new Error('boom');
          return platform.analyse(file, text, host, options);
        },
      }),
    );
    const workspace = open(
      { 'a.conf': MISSPELT, 'bad.conf': MISSPELT },
      { platforms: brittle, onCrash: (crash) => crashes.push(crash) },
    );
    expect(Object.keys(summary(await workspace.audit()))).toEqual(['a.conf']);
    scratch.put('bad.conf', CLEAN);
    await workspace.audit();
    expect(crashes.map(({ file, error }) => [relativePath(scratch.root, file), String(error)])).toEqual([
      ['bad.conf', 'Error: boom'],
    ]);
  });

  test('survives a file that disappears between the walk and the reading', async () => {
    const workspace = open({ 'a.conf': MISSPELT, 'b.conf': MISSPELT });
    const result = await workspace.audit({ onFile: () => rmSync(scratch.at('b.conf'), { force: true }) });
    expect(Object.keys(summary(result))).toEqual(['a.conf']);
    expect(result.files.skipped).toEqual([{ file: scratch.at('b.conf'), reason: 'no longer there' }]);
  });
});
