import { mkdirSync, rmSync, utimesSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { openHost } from './host';
import { nodeDisk } from './nodeDisk';
import { openScratch, type Scratch } from './testing/scratch';

let scratches: Scratch[] = [];
const make = (files: Readonly<Record<string, string | Buffer>> = {}): Scratch => {
  const scratch = openScratch(files);
  scratches.push(scratch);
  return scratch;
};
afterEach(() => {
  for (const scratch of scratches) scratch.remove();
  scratches = [];
});

describe('reading', () => {
  test('gives the text without its byte order mark, line ends as they are', () => {
    const { root, at } = make({ 'a.js': '\uFEFFone\r\ntwo\n' });
    expect(openHost(root, nodeDisk).read(at('a.js'))).toBe('one\r\ntwo\n');
  });

  test.each<[name: string, content: Buffer | string, reason: string]>([
    ['big.js', Buffer.alloc(1024 * 1024 + 1, 'a'), 'larger than 1 MiB'],
    ['binary.js', Buffer.from([65, 0, 66]), 'binary'],
    ['utf16.js', Buffer.from('\uFEFFab', 'utf16le'), 'binary'],
  ])('refuses %s', (name, content, reason) => {
    const { root, at } = make({ [name]: content });
    const host = openHost(root, nodeDisk);
    expect(host.content(at(name))).toEqual({ kind: 'none', reason });
    expect(host.read(at(name))).toBe(undefined);
  });

  test('takes exactly 1 MiB, and an empty file', () => {
    const { root, at } = make({ 'full.js': Buffer.alloc(1024 * 1024, 'a'), 'empty.js': '' });
    expect(openHost(root, nodeDisk).read(at('full.js'))).toHaveLength(1024 * 1024);
    expect(openHost(root, nodeDisk).read(at('empty.js'))).toBe('');
  });

  test('has no text for a folder or for nothing', () => {
    const { root, at } = make({ 'a/b.js': '' });
    const host = openHost(root, nodeDisk);
    expect(host.content(at('a'))).toEqual({ kind: 'none', reason: 'not a file' });
    expect(host.content(at('nowhere/c.js'))).toEqual({ kind: 'none', reason: 'no longer there' });
    expect(host.version(at('nowhere/c.js'))).toBe(undefined);
  });

  test('sees a change on the disk, remembered or not', () => {
    const { root, at, put } = make({ 'a.js': 'one' });
    const host = openHost(root, nodeDisk);
    expect(host.read(at('a.js'))).toBe('one');
    const before = host.version(at('a.js'));
    put('a.js', 'two');
    utimesSync(at('a.js'), 1, 1);
    expect(host.version(at('a.js'))).not.toBe(before);
    expect(host.read(at('a.js'))).toBe('two');
    rmSync(at('a.js'));
    expect(host.read(at('a.js'))).toBe(undefined);
  });
});

describe('an open text', () => {
  test('wins over the disk until it is closed, and each edit is a version', () => {
    const { root, at } = make({ 'a.js': 'disk' });
    const host = openHost(root, nodeDisk);
    const versions = [host.version(at('a.js'))];
    for (const text of ['one', 'two', 'one']) {
      host.setOverlay(at('a.js'), { text, version: versions.length });
      expect(host.read(at('a.js'))).toBe(text);
      versions.push(host.version(at('a.js')));
    }
    host.setOverlay(at('a.js'), undefined);
    expect(host.read(at('a.js'))).toBe('disk');
    expect(host.version(at('a.js'))).toBe(versions[0]);
    expect(new Set(versions).size).toBe(4);
  });

  test('may be of a file that is not on the disk, and globs find it', () => {
    const { root, at } = make({ 'conf.d/a.conf': '', 'nginx.conf': '' });
    const host = openHost(root, nodeDisk);
    host.setOverlay(at('conf.d/new.conf'), { text: 'x', version: 1 });
    expect(host.read(at('conf.d/new.conf'))).toBe('x');
    expect(host.glob(at('nginx.conf'), 'conf.d/*.conf')).toEqual([at('conf.d/a.conf'), at('conf.d/new.conf')]);
  });

  test('is no larger than a file may be', () => {
    const { root, at } = make();
    const host = openHost(root, nodeDisk);
    host.setOverlay(at('a.js'), { text: 'a'.repeat(1024 * 1024 + 1), version: 1 });
    expect(host.read(at('a.js'))).toBe(undefined);
  });
});

describe('the root is a wall', () => {
  test('for names', () => {
    const outside = make({ 'secret.js': 'secret' });
    const { root, at } = make({ 'a.js': '' });
    const host = openHost(root, nodeDisk);
    expect(host.read(outside.at('secret.js'))).toBe(undefined);
    expect(host.read(`${root}/../${outside.root.split('/').at(-1)}/secret.js`)).toBe(undefined);
    expect(host.read(host.resolve(at('a.js'), `../${outside.root.split('/').at(-1)}/secret.js`))).toBe(undefined);
    expect(host.read(`${root}-other/secret.js`)).toBe(undefined);
    expect(host.glob(at('a.js'), `${outside.root}/*.js`)).toEqual([]);
    expect(host.glob(at('a.js'), '../*/secret.js')).toEqual([]);
    expect(host.version(outside.at('secret.js'))).toBe(undefined);
    expect(host.content(outside.at('secret.js'))).toEqual({ kind: 'none', reason: 'outside the workspace' });
  });

  test('for links to files and folders', () => {
    const outside = make({ 'secret.js': 'secret' });
    const { root, at, link } = make({ 'a.js': '' });
    link('file.js', outside.at('secret.js'));
    link('folder', outside.root);
    const host = openHost(root, nodeDisk);
    for (const path of ['file.js', 'folder/secret.js']) {
      expect(host.read(at(path))).toBe(undefined);
      expect(host.version(at(path))).toBe(undefined);
    }
    expect(host.glob(at('a.js'), '*.js')).toEqual([at('a.js')]);
    expect(host.glob(at('a.js'), 'folder/*.js')).toEqual([]);
    expect(host.glob(at('a.js'), '*/*.js')).toEqual([]);
  });

  test('but a link inside stands for what it leads to', () => {
    const { root, at, link } = make({ 'sites-available/app': 'server {}', 'packages/shared/index.js': 'x' });
    link('sites-enabled/app', '../sites-available/app');
    link('node_modules/shared', '../packages/shared');
    const host = openHost(root, nodeDisk);
    expect(host.glob(at('nginx.conf'), 'sites-enabled/*')).toEqual([at('sites-available/app')]);
    expect(host.resolve(at('nginx.conf'), 'sites-enabled/app')).toBe(at('sites-available/app'));
    expect(host.resolve(at('a.js'), './node_modules/shared/index.js')).toBe(at('packages/shared/index.js'));
    expect(host.read(at('sites-enabled/app'))).toBe('server {}');
    expect(host.version(at('sites-enabled/app'))).toBe(host.version(at('sites-available/app')));
  });

  test('and links that lead to themselves or nowhere are no files', () => {
    const { root, at, link } = make();
    link('loop', 'loop');
    link('gone', 'nothing');
    const host = openHost(root, nodeDisk);
    for (const path of ['loop', 'gone']) {
      expect(host.read(at(path))).toBe(undefined);
      expect(host.version(at(path))).toBe(undefined);
    }
    expect(host.glob(at('a'), '*')).toEqual([]);
  });

  test('when the root itself is reached through a link', () => {
    const real = make({ 'a/b.js': 'text' });
    const other = make();
    other.link('root', real.root);
    const host = openHost(other.at('root'), nodeDisk);
    expect(host.read(other.at('root/a/b.js'))).toBe('text');
    expect(host.resolve(other.at('root/a/c.js'), './b.js')).toBe(other.at('root/a/b.js'));
  });
});

describe('globs', () => {
  test.each<[pattern: string, found: string[]]>([
    ['conf.d/*.conf', ['conf.d/a.conf', 'conf.d/b.conf']],
    ['conf.d/?.conf', ['conf.d/a.conf', 'conf.d/b.conf']],
    ['conf.d/[b-z].conf', ['conf.d/b.conf']],
    ['conf.d/[!b].conf', ['conf.d/a.conf']],
    ['*/a.conf', ['conf.d/a.conf', 'other/a.conf']],
    ['conf.d/.*', ['conf.d/.hidden.conf']],
    ['conf.d/a.conf', ['conf.d/a.conf']],
    ['conf.d/none.conf', []],
    ['nowhere/*.conf', []],
    ['conf.d', []],
    ['conf.d/../other/*.conf', ['other/a.conf']],
  ])('%s', (pattern, found) => {
    const { root, at } = make({
      'conf.d/a.conf': '',
      'conf.d/b.conf': '',
      'conf.d/.hidden.conf': '',
      'conf.d/c.txt': '',
      'other/a.conf': '',
    });
    mkdirSync(at('conf.d/folder.conf'));
    const host = openHost(root, nodeDisk);
    const expected = found.map(at);
    expect(host.glob(at('nginx.conf'), pattern)).toEqual(expected);
    expect(host.glob(at('x/y.conf'), at(pattern))).toEqual(expected);
  });

  test('what a glob depends on is the version of its folder', () => {
    const { root, at, put } = make({ 'conf.d/a.conf': '' });
    const host = openHost(root, nodeDisk);
    const before = host.version(at('conf.d'));
    expect(before).toBeDefined();
    put('conf.d/b.conf', '');
    expect(host.version(at('conf.d'))).not.toBe(before);
  });
});
