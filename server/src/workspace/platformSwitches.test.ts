import { afterEach, expect, test } from 'vitest';
import { PLATFORM_IDS } from '../config/platforms';
import { platforms, rules } from '../lint/registry';
import { nodeDisk } from './nodeDisk';
import { openWorkspace } from './openWorkspace';
import { relativePath } from './paths';
import { openScratch, type Scratch } from './testing/scratch';
import type { Workspace } from './types';

let scratch: Scratch;
afterEach(() => scratch?.remove());

const SITE = 'server {\n  add_header Access-Control-Allow-Orgin * always;\n}\n';
const APP = `const app = require('express')();
app.get('/', (req, res) => res.set('Access-Control-Allow-Orgin', '*').json([]));
app.listen(3000);
`;
const FILES = { 'a.conf': SITE, 'b.js': APP, 'api/c.conf': SITE, 'api/d.js': APP };

function open(files: Readonly<Record<string, string>>, editor: unknown = {}): Workspace {
  scratch = openScratch({ ...FILES, ...files });
  return openWorkspace({ disk: nodeDisk, root: scratch.root, platforms, rules, editor });
}

async function faulty(workspace: Workspace): Promise<string[]> {
  const { findings } = await workspace.audit();
  return [...findings.keys()].map((file) => relativePath(scratch.root, file)).sort();
}

test('the list of platforms is that of the registry', () => {
  expect([...PLATFORM_IDS].sort()).toEqual(platforms.map(({ id }) => id).sort());
});

test('a platform that is off leaves its files alone, by the nearest configuration', async () => {
  const workspace = open({ '.corslintrc.json': '{"platforms": {"nginx": false}}', 'api/.corslintrc.json': '{}' });
  expect(await faulty(workspace)).toEqual(['api/c.conf', 'api/d.js', 'b.js']);
  expect(await workspace.lint(scratch.at('a.conf'))).toMatchObject({ platforms: [], findings: [] });
  expect(await workspace.endpoints(scratch.at('a.conf'))).toEqual([]);
  expect(workspace.platformsFor(scratch.at('a.conf'))).toEqual([]);
});

test('a file wins over the editor, platform by platform', async () => {
  const editor = { platforms: { nginx: false, express: false } };
  expect(await faulty(open({ 'api/.corslintrc.json': '{"platforms": {"express": true}}' }, editor))).toEqual([
    'api/d.js',
  ]);
});

test('what is switched on again is read again', async () => {
  const workspace = open({}, { platforms: { nginx: false, express: true } });
  expect(await faulty(workspace)).toEqual(['api/d.js', 'b.js']);
  workspace.configure({ platforms: { nginx: true, express: false } });
  expect(await faulty(workspace)).toEqual(['a.conf', 'api/c.conf']);
  scratch.put('.corslintrc.json', '{"platforms": {"express": true}}');
  workspace.changed(scratch.at('.corslintrc.json'));
  expect(await faulty(workspace)).toEqual(['a.conf', 'api/c.conf', 'api/d.js', 'b.js']);
});

test('calls of pages are not told of where pages are not read', async () => {
  const page = {
    package: '{ "dependencies": { "react-dom": "19.0.0" } }',
    call: "export const items = () => fetch('http://localhost:3456/items', { headers: { 'X-Trace': '1' } });\n",
  };
  const app = `const app = require('express')();
app.use(require('cors')({ origin: 'http://localhost:5173', allowedHeaders: ['Content-Type'] }));
app.get('/items', (req, res) => res.json([]));
app.listen(3456);
`;
  const told = async (editor: unknown): Promise<string[]> => {
    const workspace = open(
      { 'web/package.json': page.package, 'web/src/items.js': page.call, 'service/app.js': app },
      editor,
    );
    const { findings } = await workspace.audit();
    scratch.remove();
    return [...findings.values()].flat().map(({ message }) => message);
  };
  const off = await told({ platforms: { frontend: false } });
  const on = await told({});
  expect(on.length).toBeGreaterThan(off.length);
  expect(on.filter((message) => message.includes('X-Trace'))).not.toEqual([]);
  expect(off.filter((message) => message.includes('X-Trace'))).toEqual([]);
});
