import { afterEach, describe, expect, test } from 'vitest';
import { platforms, rules } from '../lint/registry';
import type { Finding } from '../lint/types';
import { nodeDisk } from './nodeDisk';
import { openWorkspace } from './openWorkspace';
import { relativePath } from './paths';
import { openScratch, type Scratch } from './testing/scratch';
import type { Workspace } from './types';

let scratch: Scratch;
afterEach(() => scratch?.remove());

const SNIPPET = 'snippets/cors.conf';
const REFLECTS =
  'add_header Access-Control-Allow-Origin $http_origin always;\nadd_header Access-Control-Allow-Credentials true always;\n';
const NO_ALWAYS = 'add_header Access-Control-Allow-Origin https://app.example.com;\n';
const MAIN = 'events {}\nhttp {\n  include sites/*.conf;\n}\n';
const site = (name: string, inside = ''): string =>
  `server {\n  server_name ${name};\n  location /api/ {\n    ${inside}include snippets/cors.conf;\n    proxy_pass http://127.0.0.1:1;\n  }\n}\n`;
const GATE = 'if ($http_origin !~ "^(https://app\\.example\\.com)?$") { return 403; }\n    ';
const VARY = 'add_header Vary Origin always;\n    ';

function open(files: Readonly<Record<string, string>>): Workspace {
  scratch = openScratch(files);
  return openWorkspace({ disk: nodeDisk, root: scratch.root, platforms, rules, onStale: () => undefined });
}

const show = (file: string): string => relativePath(scratch.root, file);
const ids = (findings: readonly Finding[]): string[] => findings.map(({ rule }) => rule.id);
const named = (findings: readonly Finding[], id: string): Finding => {
  const [found, ...others] = findings.filter(({ rule }) => rule.id === id);
  if (found === undefined || others.length > 0) throw new Error(`${ids(findings)} has no single ${id}`);
  return found;
};
const includes = ({ related }: Finding): string[] =>
  related.filter(({ message }) => message === 'Included here').map(({ place }) => show(place.file));

async function bothWays(workspace: Workspace, file: string): Promise<readonly Finding[]> {
  const linted = (await workspace.lintWhole(scratch.at(file))).findings;
  const audited = (await workspace.audit()).findings.get(scratch.at(file)) ?? [];
  const plain = (findings: readonly Finding[]): unknown =>
    findings.map(({ rule, severity, message, place, related }) => ({ id: rule.id, severity, message, place, related }));
  expect(plain(linted)).toEqual(plain(audited));
  return linted;
}

describe('a snippet', () => {
  test('whose includer is not known shows what holds wherever it is included', async () => {
    const workspace = open({ [SNIPPET]: REFLECTS, 'snippets/other.conf': NO_ALWAYS });
    expect(ids(await bothWays(workspace, SNIPPET))).toContain('reflected-origin');
    expect(ids(await bothWays(workspace, 'snippets/other.conf'))).toEqual([]);
  });

  test('shows what its includers bring to light, once, and where it is included', async () => {
    const workspace = open({
      'nginx.conf': MAIN,
      'sites/a.conf': site('a'),
      'sites/b.conf': site('b'),
      [SNIPPET]: NO_ALWAYS,
    });
    const finding = named(await bothWays(workspace, SNIPPET), 'missing-origin-on-error');
    expect(includes(finding)).toEqual(['sites/a.conf', 'sites/b.conf']);
    expect(finding.message).not.toContain('includes it');
  });

  test('does not show what its only includer contradicts', async () => {
    const workspace = open({ 'nginx.conf': MAIN, 'sites/a.conf': site('a', VARY + GATE), [SNIPPET]: REFLECTS });
    expect(ids(await bothWays(workspace, SNIPPET))).toEqual([]);
  });

  test('names the includer where the fault is, when others have none', async () => {
    const workspace = open({
      'nginx.conf': MAIN,
      'sites/a.conf': site('a', VARY),
      'sites/b.conf': site('b', VARY + GATE),
      [SNIPPET]: REFLECTS,
    });
    const finding = named(await bothWays(workspace, SNIPPET), 'reflected-origin');
    expect(finding.message).toMatch(/ This is so where sites\/a\.conf includes it\.$/);
    expect(includes(finding)).toEqual(['sites/a.conf']);
  });

  test('keeps what is wrong with its own text whoever includes it', async () => {
    const broken = 'add_header Access-Control-Allow-Orgin * always;\nadd_header Vary "Origin;\n';
    const workspace = open({ 'nginx.conf': MAIN, 'sites/a.conf': site('a'), [SNIPPET]: broken });
    expect(ids(await bothWays(workspace, SNIPPET))).toEqual(['misspelt-header', 'nginx-syntax']);
  });

  test('in a snippet is seen in the file that includes the outer one', async () => {
    const workspace = open({
      'nginx.conf': MAIN,
      'sites/a.conf': 'server {\n  include snippets/api.conf;\n}\n',
      'snippets/api.conf': 'location /api/ {\n  include snippets/cors.conf;\n  proxy_pass http://127.0.0.1:1;\n}\n',
      [SNIPPET]: NO_ALWAYS,
    });
    const finding = named(await bothWays(workspace, SNIPPET), 'missing-origin-on-error');
    expect(includes(finding)).toEqual(['snippets/api.conf']);
  });

  test('included twice at one level adds its headers twice', async () => {
    const workspace = open({
      'nginx.conf': MAIN,
      'sites/a.conf': site('a', 'include snippets/cors.conf;\n    '),
      [SNIPPET]: 'add_header Access-Control-Allow-Origin * always;\n',
    });
    expect(ids(await bothWays(workspace, SNIPPET))).toEqual(['duplicate-header']);
  });

  test('follows what is typed into it and into its includer', async () => {
    const workspace = open({ 'nginx.conf': MAIN, 'sites/a.conf': site('a'), [SNIPPET]: NO_ALWAYS });
    const file = scratch.at(SNIPPET);
    const now = async (): Promise<string[]> => ids((await workspace.lint(file)).findings);
    await workspace.lintWhole(file);
    workspace.setOverlay(file, NO_ALWAYS.replace(';', ' always;'), 1);
    expect(await now()).toEqual([]);
    workspace.setOverlay(file, `\n\n${NO_ALWAYS}`, 2);
    const { findings } = await workspace.lint(file);
    expect(named(findings, 'missing-origin-on-error').place.start).toBe(2);
    workspace.setOverlay(scratch.at('sites/a.conf'), 'server {\n  return 404;\n}\n', 1);
    expect(await now()).toEqual([]);
    workspace.setOverlay(scratch.at('sites/a.conf'), site('a'), 2);
    await workspace.lint(scratch.at('sites/a.conf'));
    expect(await now()).toEqual(['missing-origin-on-error']);
  });

  test('is mended where it stands, by a fix that harms none of its includers', async () => {
    const workspace = open({
      'nginx.conf': MAIN,
      'sites/a.conf': site('a'),
      'sites/b.conf': site('b'),
      [SNIPPET]: NO_ALWAYS,
    });
    const file = scratch.at(SNIPPET);
    const finding = named(await bothWays(workspace, SNIPPET), 'missing-origin-on-error');
    const [fix] = finding.fixes();
    expect(fix?.edits.map((edit) => [edit.file, edit.text])).toEqual([[file, ' always']]);
    const { texts } = await workspace.fixAll(file);
    expect([...texts]).toEqual([[file, NO_ALWAYS.replace(';', ' always;')]]);
  });

  test('opened through a link is the file that the link leads to', async () => {
    const workspace = open({
      'nginx.conf': 'events {}\nhttp {\n  include sites-enabled/*;\n}\n',
      'sites-available/a': site('a'),
      [SNIPPET]: NO_ALWAYS,
    });
    scratch.link('sites-enabled/a', '../sites-available/a');
    const link = scratch.at('sites-enabled/a');
    const finding = named((await workspace.lintWhole(scratch.at(SNIPPET))).findings, 'missing-origin-on-error');
    expect(includes(finding)).toEqual(['sites-available/a']);
    const mended = site('a', 'add_header X-A 1;\n    ').replace('include snippets/cors.conf', NO_ALWAYS.slice(0, -2));
    workspace.setOverlay(link, mended, 3);
    const result = await workspace.lint(link);
    expect(result).toMatchObject({ file: link, text: mended, overlayVersion: 3 });
    const own = named(result.findings, 'missing-origin-on-error');
    expect(own.place.file).toBe(link);
    expect(own.fixes()[0]?.edits.map((edit) => edit.file)).toEqual([link]);
    expect([...(await workspace.fixAll(link)).texts.keys()]).toEqual([link]);
    expect((await workspace.lint(scratch.at(SNIPPET))).findings).toEqual([]);
    expect([...(await workspace.audit({ paths: [link] })).findings.keys()]).toEqual([scratch.at('sites-available/a')]);
  });
});

test('typing in one site looks at none of the others that share its main file', async () => {
  const sites = Object.fromEntries(['a', 'b', 'c'].map((name) => [`sites/${name}.conf`, site(name)]));
  scratch = openScratch({ 'nginx.conf': MAIN, ...sites, [SNIPPET]: NO_ALWAYS });
  const analysed: string[] = [];
  const counting = platforms.map((platform) => ({
    ...platform,
    analyse: (...given: Parameters<typeof platform.analyse>) => {
      analysed.push(show(given[0]));
      return platform.analyse(...given);
    },
  }));
  const workspace = openWorkspace({ disk: nodeDisk, root: scratch.root, platforms: counting, rules });
  await workspace.audit();
  analysed.length = 0;
  workspace.setOverlay(scratch.at('sites/a.conf'), site('a', VARY), 1);
  await workspace.lint(scratch.at('sites/a.conf'));
  expect(new Set(analysed)).toEqual(new Set(['sites/a.conf']));
  workspace.setOverlay(scratch.at('sites/a.conf'), `map $uri $x { default 1; }\n${site('a', VARY)}`, 2);
  await workspace.lint(scratch.at('sites/a.conf'));
  expect(new Set(analysed)).toEqual(new Set(['sites/a.conf']));
});

test('files that include each other end the search, not the program', async () => {
  const workspace = open({
    'nginx.conf': 'events {}\nhttp {\n  include nginx.conf;\n  include a.conf;\n}\n',
    'a.conf': `server {\n  include a.conf;\n  include b.conf;\n}\n`,
    'b.conf': `location / {\n}\ninclude b.conf;\ninclude c.conf;\n`,
    'c.conf': `include b.conf;\ninclude *.conf;\n${NO_ALWAYS}`,
  });
  const { files, cancelled } = await workspace.audit();
  expect([files.analysed, cancelled]).toEqual([4, false]);
});

test('snippets that include snippets that include snippets are read to a bound', async () => {
  const files: Record<string, string> = { 's0.conf': NO_ALWAYS };
  for (let i = 1; i < 12; i++) files[`s${i}.conf`] = `include s${i - 1}.conf;\n`.repeat(8);
  const workspace = open({ ...files, 'site.conf': 'server {\n  include s11.conf;\n}\n' });
  const started = performance.now();
  await workspace.audit();
  expect(performance.now() - started).toBeLessThan(20_000);
}, 60_000);
