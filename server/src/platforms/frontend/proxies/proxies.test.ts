import { beforeAll, describe, expect, test } from 'vitest';
import { prepare } from '../../../javascript';
import type { Address } from '../../../lint/types';
import { analyse } from '../analysis';
import { frontend } from '../platform';
import { handsOver, mayProxy } from './recognise';

beforeAll(() => prepare());

/** What a configuration asks for, `host:port` each. */
function asked(file: string, text: string, more: Readonly<Record<string, string>> = {}): string[] {
  const files: Readonly<Record<string, string>> = { '/web/package.json': '{}', ...more, [file]: text };
  const asked: Address[] = [];
  const analysis = analyse(
    file,
    text,
    {
      read: (path) => files[path],
      resolve: (from, relative) => new URL(relative, `file://${from}`).pathname,
      glob: () => [],
      version: () => 1,
    },
    { upstream: (address) => void asked.push(address) },
  );
  expect(analysis.calls).toEqual([]);
  expect(analysis.outgoing ?? []).toEqual([]);
  expect(frontend.claims(file, undefined)).toBe(true);
  expect(frontend.claims(file, text)).toBe(true);
  expect(asked.length === 0 || frontend.passesOn?.(text)).toBe(true);
  return asked.map(({ host, port }) => `${host}:${port}`);
}

const VITE = (proxy: string): string =>
  `import { defineConfig, loadEnv } from 'vite';\nexport default defineConfig({ server: { proxy: ${proxy} } });`;
const API = { '/web/.env': 'VITE_API=http://localhost:3001\nBACK=http://localhost:3009\n' };

describe('Vite', () => {
  test.each([
    ['a string', "{ '/api': 'http://localhost:3001' }", ['localhost:3001']],
    ['a string without a port', "{ '/api': 'https://api.example' }", ['api.example:443']],
    [
      'options',
      "{ '/api': { target: 'http://127.0.0.1:3001/', changeOrigin: true, rewrite: (p) => p.replace(/^\\/api/, ''), ws: true } }",
      ['127.0.0.1:3001'],
    ],
    ['a pattern', "{ '^/v\\\\d+/.*': { target: 'http://localhost:3001' } }", ['localhost:3001']],
    ['a WebSocket', "{ '/socket.io': { target: 'ws://localhost:3001', ws: true } }", ['localhost:3001']],
    ['two of one server', "{ '/a': 'http://localhost:3001', '/b': 'http://localhost:3001' }", ['localhost:3001']],
    [
      'two servers',
      "{ '/a': 'http://localhost:3001', '/b': 'http://localhost:3002' }",
      ['localhost:3001', 'localhost:3002'],
    ],
    ['a computed key', "{ [base]: { target: 'http://localhost:3001' } }", ['localhost:3001']],
    ['a condition', "isDev ? { '/api': 'http://localhost:3001' } : undefined", ['localhost:3001']],
    ['a spread', "{ ...{ '/api': 'http://localhost:3001' } }", ['localhost:3001']],
    ['a URL', "{ '/api': { target: new URL('http://localhost:3001') } }", ['localhost:3001']],
    ['a target that is not known', "{ '/api': { target: api() } }", []],
    ['a router only', "{ '/api': { router: () => 'http://localhost:3001' } }", []],
    ['a relative target', "{ '/api': '/v1' }", []],
    ['a variable that nothing loads', "{ '/api': process.env.VITE_API }", []],
  ])('%s', (_, proxy, expected) => {
    expect(asked('/web/vite.config.ts', VITE(proxy).replace(', loadEnv', ''), API)).toEqual(expected);
  });

  test.each([
    ['a public variable', 'loadEnv(mode, process.cwd())', 'VITE_API', ['localhost:3001']],
    ['another one, which is not loaded', 'loadEnv(mode, process.cwd())', 'BACK', []],
    ['any variable', "loadEnv(mode, process.cwd(), '')", 'BACK', ['localhost:3009']],
    ['one that is not there', "loadEnv(mode, process.cwd(), '')", 'NONE', []],
  ])('%s', (_, load, name, expected) => {
    const text = `import { defineConfig, loadEnv } from 'vite';
export default defineConfig(({ mode }) => {
  const env = ${load};
  return { server: { proxy: { '/api': { target: env.${name} } } } };
});`;
    expect(asked('/web/vite.config.mts', text, API)).toEqual(expected);
  });

  test('a constant of another file', () => {
    const text = "import { API } from './api';\nexport default { server: { proxy: { '/api': API } } }; // http://";
    expect(
      asked('/web/vite.config.js', text, { '/web/api.ts': "export const API = 'http://localhost:3001';" }),
    ).toEqual(['localhost:3001']);
  });
});

describe('webpack', () => {
  test.each([
    ['webpack.config.js', "module.exports = { devServer: { proxy: { '/api': 'http://localhost:3001' } } };"],
    ['webpack.dev.js', "module.exports = { devServer: { proxy: { '/api': { target: 'http://localhost:3001' } } } };"],
    [
      'webpack.config.ts',
      "export default { devServer: { proxy: [{ context: ['/api'], target: 'http://localhost:3001' }] } };",
    ],
    ['vue.config.js', "module.exports = { devServer: { proxy: { '/api': { target: process.env.VITE_API } } } };"],
    ['craco.config.js', "module.exports = { devServer: () => ({ proxy: [{ target: 'http://localhost:3001' }] }) };"],
  ])('%s', (name, text) => {
    expect(asked(`/web/${name}`, text, API)).toEqual(['localhost:3001']);
  });
});

describe('Create React App', () => {
  const packages = (content: object): string => JSON.stringify({ proxy: 'http://localhost:3001', ...content });
  test.each([
    ['its package', packages({ dependencies: { 'react-scripts': '5.0.1' } }), ['localhost:3001']],
    ['its package, for development', packages({ devDependencies: { 'react-scripts': '5.0.1' } }), ['localhost:3001']],
    ['the package of another tool', packages({ dependencies: { vite: '7' } }), []],
  ])('%s', (_, text, expected) => {
    expect(asked('/web/package.json', text)).toEqual(expected);
  });

  const NAMED = "const { createProxyMiddleware } = require('http-proxy-middleware');\n";
  test.each([
    [
      'with a path',
      `${NAMED}module.exports = (app) => app.use(createProxyMiddleware('/api', { target: 'http://localhost:3001' }));`,
    ],
    [
      'under a path',
      `${NAMED}module.exports = function (app) { app.use('/api', createProxyMiddleware({ target: 'http://localhost:3001' })); };`,
    ],
    [
      'by an address alone',
      `${NAMED}module.exports = (app) => app.use(createProxyMiddleware('http://localhost:3001/api'));`,
    ],
    [
      'of the first version',
      "const proxy = require('http-proxy-middleware');\nmodule.exports = (app) => app.use(proxy('/api', { target: 'http://localhost:3001' }));",
    ],
    [
      'by a variable',
      `${NAMED}module.exports = (app) => app.use('/api', createProxyMiddleware({ target: process.env.VITE_API }));`,
    ],
  ])('setupProxy.js %s', (_, text) => {
    expect(asked('/web/src/setupProxy.js', text, API)).toEqual(['localhost:3001']);
  });
});

describe('Next', () => {
  test.each([
    [
      'a list',
      "async rewrites() { return [{ source: '/api/:path*', destination: 'http://localhost:3001/:path*' }]; }",
      ['localhost:3001'],
    ],
    [
      'lists by their turn',
      "rewrites: async () => ({ fallback: [{ source: '/a', destination: 'http://localhost:3001/a' }] })",
      ['localhost:3001'],
    ],
    [
      'a variable',
      'async rewrites() { return [{ source: "/a", destination: `${process.env.BACK}/:path*` }]; }',
      ['localhost:3009'],
    ],
    ['a page of its own', "async rewrites() { return [{ source: '/a', destination: '/b' }]; }", []],
  ])('%s', (_, rewrites, expected) => {
    expect(asked('/web/next.config.mjs', `export default { ${rewrites} };`, API)).toEqual(expected);
    expect(asked('/web/next.config.js', `module.exports = { ${rewrites} };`, API)).toEqual(expected);
  });
});

describe('Angular', () => {
  test.each([
    ['proxy.conf.json', '{ "/api": { "target": "http://localhost:3001", "secure": false } }'],
    ['proxy.config.json', '[{ "context": ["/api"], "target": "http://localhost:3001" }]'],
    ['src/proxy.conf.json', '{\n  // of the API\n  "/api/**": { "target": "http://localhost:3001" }\n}'],
    [
      'proxy.conf.js',
      "const PROXY = [{ context: ['/api'], target: 'http://localhost:3001' }];\nmodule.exports = PROXY;",
    ],
    ['proxy.conf.mjs', "export default { '/api': { target: 'http://localhost:3001' } };"],
  ])('%s', (name, text) => {
    expect(asked(`/web/${name}`, text)).toEqual(['localhost:3001']);
  });
});

test.each([
  ['a name of another kind', '/web/src/proxy.ts', VITE("{ '/api': 'http://localhost:3001' }")],
  ['a configuration without proxies', '/web/vite.config.ts', 'export default { server: { port: 5173 } };'],
  ['a package without one', '/web/package.json', '{ "dependencies": { "react-scripts": "5", "http-proxy": "1" } }'],
  ['a server that starts itself', '/web/webpack.dev.js', 'const proxy = {}; server.listen(3000);'],
  ['what a test has', '/web/test/vite.config.ts', VITE("{ '/api': 'http://localhost:3001' }")],
])('is not read: %s', (_, file, text) => {
  expect(mayProxy(file, text)).toBe(false);
});

test('a text without an address hands nothing over', () => {
  expect(handsOver('const proxy = new Proxy({}, {});')).toBe(false);
});

test.each(['{', '{"proxy": "http://', 'module.exports = { devServer: { proxy: [', 'rewrites http:// proxy'])(
  'a broken text asks for nothing: %s',
  (text) => {
    for (const name of ['package.json', 'vite.config.ts', 'next.config.js', 'proxy.conf.json', 'setupProxy.js'])
      if (mayProxy(`/web/${name}`, text)) expect(asked(`/web/${name}`, text)).toEqual([]);
  },
);
