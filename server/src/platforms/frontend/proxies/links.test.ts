import { afterEach, expect, test } from 'vitest';
import { platforms, rules } from '../../../lint/registry';
import { nodeDisk } from '../../../workspace/nodeDisk';
import { openWorkspace } from '../../../workspace/openWorkspace';
import { openScratch, type Scratch } from '../../../workspace/testing/scratch';

let scratch: Scratch;
afterEach(() => scratch?.remove());

/** It lets nobody in, so that every call of another origin would be a finding. */
const API = `const app = require('express')();
app.use(require('cors')({ origin: 'https://elsewhere.example' }));
app.patch('/items/:id', (req, res) => res.json({}));
app.listen(3001);
`;
const PAGE = "fetch('/api/items/1', { method: 'PATCH', credentials: 'include', headers: { 'X-Id': '1' } });";
const VITE =
  "export default { server: { proxy: { '/api': { target: 'http://localhost:3001', changeOrigin: true } } } };";

const CONFIGURATIONS = [
  ['web/vite.config.ts', VITE],
  [
    'web/webpack.dev.js',
    "module.exports = { devServer: { proxy: [{ context: ['/api'], target: 'http://localhost:3001' }] } };",
  ],
  [
    'web/src/setupProxy.js',
    "const { createProxyMiddleware } = require('http-proxy-middleware');\nmodule.exports = (app) => app.use('/api', createProxyMiddleware({ target: 'http://localhost:3001' }));",
  ],
  [
    'web/next.config.mjs',
    "export default { rewrites: async () => [{ source: '/api/:p*', destination: 'http://localhost:3001/:p*' }] };",
  ],
  ['web/proxy.conf.json', '{ "/api": { "target": "http://localhost:3001" } }'],
] as const;

const REACT = '{ "dependencies": { "react-dom": "19" } }';

/** The workspace's links, `from → address → to`, and its findings in files of the front end. */
async function audited(files: Readonly<Record<string, string>>): Promise<{ links: string[]; findings: string[] }> {
  scratch = openScratch({ 'web/package.json': REACT, 'web/src/page.jsx': PAGE, 'api/server.js': API, ...files });
  const workspace = openWorkspace({ disk: nodeDisk, root: scratch.root, platforms, rules });
  const { findings } = await workspace.audit();
  const shown = (file: string): string => file.slice(scratch.root.length + 1);
  return {
    links: workspace.links().map(({ from, address, to }) => `${shown(from)} → ${address.port} → ${shown(to.file)}`),
    findings: [...findings]
      .flatMap(([file, all]) => all.map(({ rule }) => `${shown(file)} ${rule.id}`))
      .filter((each) => each.startsWith('web/')),
  };
}

test.each(CONFIGURATIONS)(
  '%s links the front end to the server, and what goes through it is of one origin',
  async (file, text) => {
    expect(await audited({ [file]: text })).toEqual({ links: [`${file} → 3001 → api/server.js`], findings: [] });
  },
);

test('the package of Create React App does so too', async () => {
  const text = '{ "dependencies": { "react-scripts": "5.0.1" }, "proxy": "http://localhost:3001" }';
  expect(await audited({ 'web/package.json': text })).toEqual({
    links: ['web/package.json → 3001 → api/server.js'],
    findings: [],
  });
});

test('a port that nothing listens on is no link', async () => {
  expect((await audited({ 'web/vite.config.ts': VITE.replace('3001', '3002') })).links).toEqual([]);
});

test('a call past the proxy is still judged', async () => {
  const { findings } = await audited({
    'web/vite.config.ts': VITE,
    'web/src/page.jsx': PAGE.replace('/api/', 'http://localhost:3001/'),
  });
  expect(findings).toEqual(['web/src/page.jsx frontend-call-refused']);
});

test('a link is there once the configuration is edited', async () => {
  const before = VITE.replace('3001', '3002');
  scratch = openScratch({ 'web/package.json': REACT, 'web/vite.config.ts': before, 'api/server.js': API });
  const workspace = openWorkspace({ disk: nodeDisk, root: scratch.root, platforms, rules });
  const file = scratch.at('web/vite.config.ts');
  await workspace.audit();
  expect(workspace.links()).toEqual([]);
  workspace.setOverlay(file, VITE, 2);
  await workspace.lintWhole(file);
  expect(workspace.links()).toMatchObject([{ from: file, address: { port: 3001 } }]);
});
