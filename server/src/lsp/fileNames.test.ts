import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFileNames } from './fileNames';

describe('file names', () => {
  it('gives the client back the spelling of a URI that it used', () => {
    const names = createFileNames();
    const spelling = 'file:///a%20b/c%2Bd.conf';
    expect(names.toFile(spelling)).toBe(path.normalize('/a b/c+d.conf'));
    expect(names.toUri(path.normalize('/a b/c+d.conf'))).toBe(spelling);
    names.forget(spelling);
    expect(names.toUri(path.normalize('/a b/c+d.conf'))).toBe('file:///a%20b/c+d.conf');
  });

  it.each([
    ['nginx', 'nginx.conf'],
    ['yaml', 'serverless.yml'],
    ['typescript', 'untitled.ts'],
    ['plaintext', 'untitled.txt'],
  ])('names an untitled %s document %s', (language, name) => {
    expect(path.basename(createFileNames().toFile('untitled:Untitled-1', language))).toBe(name);
  });

  it('keeps two untitled documents apart', () => {
    const names = createFileNames();
    expect(names.toFile('untitled:Untitled-1', 'nginx')).not.toBe(names.toFile('untitled:Untitled-2', 'nginx'));
  });

  it.each([
    'vscode-vfs://github/owner/repo/src/app.js',
    'vscode-vfs://github/../../etc/app.js',
    'vscode-vfs://github/%2e%2e/%2fapp.js',
    'vscode-vfs:/bad%ZZname/app.js',
    'file://other-machine/share/app.js?x#y',
    'mem:app.js',
    'odd',
  ])('keeps %s in a folder that is not there', (uri) => {
    const file = createFileNames().toFile(uri);
    expect(path.isAbsolute(file)).toBe(true);
    expect(file.split(path.sep).filter((part) => part === '..')).toEqual([]);
    expect(file.split(path.sep)[1]).toMatch(/^cors-lint-[0-9a-f]{16}$/);
  });

  it('keeps the documents of one virtual workspace together', () => {
    const names = createFileNames();
    const one = names.toFile('vscode-vfs://github/owner/repo/app.js');
    const other = names.toFile('vscode-vfs://github/owner/repo/lib/cors.js');
    expect(path.relative(path.dirname(one), other)).toBe(path.join('lib', 'cors.js'));
  });

  it.each([
    ['vscode-vfs://github/owner/repo', 'a b/ü.js', 'vscode-vfs://github/owner/repo/a%20b/%C3%BC.js'],
    ['memfs:/', 'nginx.conf', 'memfs:/nginx.conf'],
    ['memfs:/shop/', 'conf.d/api.conf', 'memfs:/shop/conf.d/api.conf'],
  ])('names what lies below %s', (folder, way, uri) => {
    const names = createFileNames();
    const file = path.join(names.toFile(folder), way);
    expect(names.toUri(file)).toBe(uri);
    expect(names.toFile(uri)).toBe(file);
  });
});
