import { expect, test } from 'vitest';
import { resolveAlias } from './aliases';

const PATHS = JSON.stringify({
  compilerOptions: {
    baseUrl: './src',
    paths: { '@/*': ['*'], '@config': ['config/index'], '@config/*': ['config/*', 'old/*'], '*/x': ['wild/*'] },
  },
});

test.each([
  ['a star', { 'tsconfig.json': PATHS, 'src/cors.ts': '' }, '@/cors', 'src/cors.ts'],
  ['an exact name', { 'tsconfig.json': PATHS, 'src/config/index.js': '' }, '@config', 'src/config/index.js'],
  [
    'the longest pattern',
    { 'tsconfig.json': PATHS, 'src/config/a.ts': '', 'src/@config/a.ts': '' },
    '@config/a',
    'src/config/a.ts',
  ],
  ['the second target', { 'tsconfig.json': PATHS, 'src/old/a.ts': '' }, '@config/a', 'src/old/a.ts'],
  ['a star before the end', { 'tsconfig.json': PATHS, 'src/wild/y.ts': '' }, 'y/x', 'src/wild/y.ts'],
  ['below baseUrl', { 'tsconfig.json': PATHS, 'src/lib/cors.ts': '' }, 'lib/cors', 'src/lib/cors.ts'],
  ['a folder and its index', { 'tsconfig.json': PATHS, 'src/lib/index.ts': '' }, '@/lib', 'src/lib/index.ts'],
  ['no file', { 'tsconfig.json': PATHS }, '@/cors', null],
  ['a package beside a folder of its name', { 'tsconfig.json': PATHS, 'src/cors/index.ts': '' }, 'cors', null],
  ['a scoped package', { 'tsconfig.json': PATHS, 'src/@koa/cors.ts': '' }, '@koa/cors', null],
  ['no paths', { 'tsconfig.json': '{}', 'src/cors.ts': '' }, '@/cors', null],
  [
    'comments and commas',
    { 'tsconfig.json': `{ // x\n "compilerOptions": { "paths": { "~/*": ["./src/*",], }, }, }`, 'src/a.ts': '' },
    '~/a',
    'src/a.ts',
  ],
  ['broken', { 'tsconfig.json': '{ "compilerOptions": [', 'src/a.ts': '' }, '~/a', null],
  ['jsconfig', { 'jsconfig.json': PATHS, 'src/a.js': '' }, '@/a', 'src/a.js'],
  ['extended', { 'tsconfig.json': '{"extends":"./base"}', 'base.json': PATHS, 'src/a.ts': '' }, '@/a', 'src/a.ts'],
  ['extended in a circle', { 'tsconfig.json': '{"extends":"./tsconfig.json"}' }, '@/a', null],
  ['a package that is extended', { 'tsconfig.json': '{"extends":"@tsconfig/node20"}' }, '@/a', null],
] as const)('%s', (_what, files, specifier, expected) => {
  const all: Readonly<Record<string, string>> = files;
  const host = { readFile: (path: string) => all[path] ?? null };
  expect(resolveAlias(host, 'src/server/app.ts', specifier)).toBe(expected);
});

test('the nearest configuration counts', () => {
  const files: Readonly<Record<string, string>> = {
    'tsconfig.json': '{"compilerOptions":{"paths":{"@/*":["./far/*"]}}}',
    'api/tsconfig.json': '{"compilerOptions":{"paths":{"@/*":["./near/*"]}}}',
    'api/near/a.ts': '',
    'far/a.ts': '',
  };
  const host = { readFile: (path: string) => files[path] ?? null };
  expect(resolveAlias(host, 'api/src/app.ts', '@/a')).toBe('api/near/a.ts');
  expect(resolveAlias(host, 'web/app.ts', '@/a')).toBe('far/a.ts');
});
