import { chmodSync, mkdirSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import type { IgnoreList } from '../config/settings';
import { nodeDisk } from './nodeDisk';
import { relativePath } from './paths';
import { openScratch, type Scratch } from './testing/scratch';
import { walk, whySkipped } from './walk';

let scratch: Scratch | undefined;
afterEach(() => scratch?.remove());

const NONE: readonly IgnoreList[] = [];

async function found(
  files: Readonly<Record<string, string>>,
  options: { readonly start?: readonly string[]; readonly ignore?: readonly string[]; readonly git?: boolean } = {},
) {
  scratch = openScratch(files);
  const { root, at } = scratch;
  if (options.git !== false) mkdirSync(at('.git'));
  const lists = options.ignore === undefined ? NONE : [{ folder: root, patterns: options.ignore }];
  const walked = await walk({ disk: nodeDisk, folders: (options.start ?? ['']).map(at), ignoreFor: () => lists });
  const skipped = walked.skipped.map(({ file, reason }) => `${relativePath(root, file)}: ${reason}`);
  return {
    files: walked.files.map((file) => relativePath(root, file)),
    skipped: skipped.filter((line) => line !== '.git: version control'),
    lists,
  };
}

describe('a walk', () => {
  test('goes by name, folders where their names stand', async () => {
    const { files, skipped } = await found({ 'b.js': '', 'a/z.js': '', 'a/B.js': '', 'a.js': '', 'C/x': '' });
    expect(files).toEqual(['C/x', 'a/B.js', 'a/z.js', 'a.js', 'b.js']);
    expect(skipped).toEqual([]);
  });

  test('leaves out what others wrote or what was built, and says so', async () => {
    const { files, skipped } = await found({
      'node_modules/a/index.js': '',
      'packages/x/dist/a.js': '',
      'packages/x/src/a.js': '',
      'coverage/a.js': '',
      '.next/a.js': '',
      'lib/a.min.js': '',
      'lib/a.d.ts': '',
      'dist.js': '',
    });
    expect(files).toEqual(['dist.js', 'packages/x/src/a.js']);
    expect(skipped).toEqual([
      '.next: build output',
      'coverage: test output',
      'lib/a.d.ts: declarations only',
      'lib/a.min.js: minified',
      'node_modules: dependencies',
      'packages/x/dist: build output',
    ]);
  });

  test('respects .gitignore files, nested ones too', async () => {
    const { files, skipped } = await found({
      '.gitignore': '*.gen.js\r\n/secret/\n',
      'a.gen.js': '',
      'secret/a.js': '',
      'x/secret/a.js': '',
      'x/.gitignore': '!keep.gen.js\nlocal.js',
      'x/keep.gen.js': '',
      'x/local.js': '',
      'local.js': '',
    });
    expect(files).toEqual(['.gitignore', 'local.js', 'x/.gitignore', 'x/keep.gen.js', 'x/secret/a.js']);
    expect(skipped).toEqual([
      'a.gen.js: listed in .gitignore',
      'secret: listed in .gitignore',
      'x/local.js: listed in .gitignore',
    ]);
  });

  test('lets the configuration take anything back, and leave more out', async () => {
    const { files, skipped } = await found(
      { '.gitignore': 'local.js', 'local.js': '', 'dist/a.js': '', 'legacy/a.js': '', 'a.js': '' },
      { ignore: ['legacy', '!dist', '!local.js'] },
    );
    expect(files).toEqual(['.gitignore', 'a.js', 'dist/a.js', 'local.js']);
    expect(skipped).toEqual(['legacy: ignored by the configuration']);
  });

  test('from a folder respects the .gitignore files above it, and walks it even if they name it', async () => {
    const files = {
      '.gitignore': 'out.js\n/sub/gen/',
      'sub/a.js': '',
      'sub/out.js': '',
      'sub/gen/b.js': '',
      'dist/c.js': '',
    };
    expect((await found(files, { start: ['sub'] })).files).toEqual(['sub/a.js']);
    scratch?.remove();
    expect((await found(files, { start: ['sub/gen', 'dist'] })).files).toEqual(['dist/c.js', 'sub/gen/b.js']);
    scratch?.remove();
    expect((await found(files, { start: ['sub/gen'], ignore: ['/sub/gen/**'] })).files).toEqual(['sub/gen/b.js']);
  });

  test('outside a repository does not look above', async () => {
    const { files } = await found({ '.gitignore': 'a.js', 'sub/a.js': '' }, { start: ['sub'], git: false });
    expect(files).toEqual(['sub/a.js']);
  });

  test('follows no link', async () => {
    scratch = openScratch({ 'real/a.js': '' });
    const { root, at } = scratch;
    scratch.link('loop', '.');
    scratch.link('real/up', '..');
    scratch.link('b.js', 'real/a.js');
    const walked = await walk({ disk: nodeDisk, folders: [root], ignoreFor: () => NONE });
    expect(walked.files).toEqual([at('real/a.js')]);
    expect(walked.skipped).toEqual([
      { file: at('b.js'), reason: 'a link' },
      { file: at('loop'), reason: 'a link' },
      { file: at('real/up'), reason: 'a link' },
    ]);
  });

  test.skipIf(process.getuid?.() === 0)('survives a folder that it may not read', async () => {
    scratch = openScratch({ 'closed/a.js': '', 'open/a.js': '' });
    const { root, at } = scratch;
    chmodSync(at('closed'), 0);
    const walked = await walk({ disk: nodeDisk, folders: [root], ignoreFor: () => NONE });
    chmodSync(at('closed'), 0o755);
    expect(walked.files).toEqual([at('open/a.js')]);
    expect(walked.skipped).toEqual([{ file: at('closed'), reason: 'may not be read' }]);
  });

  test('survives a folder that is gone', async () => {
    scratch = openScratch();
    const gone = scratch.at('gone');
    const walked = await walk({ disk: nodeDisk, folders: [gone], ignoreFor: () => NONE });
    expect(walked).toEqual({ files: [], skipped: [{ file: gone, reason: 'no longer there' }], cancelled: false });
  });

  test('stops when told to', async () => {
    scratch = openScratch({ 'a/a.js': '', 'b/b.js': '' });
    const stop = new AbortController();
    const walked = await walk({
      disk: nodeDisk,
      folders: [scratch.root],
      ignoreFor: () => NONE,
      onFolder: () => stop.abort(),
      signal: stop.signal,
    });
    expect(walked.files).toEqual([scratch.at('a/a.js')]);
    expect(walked.cancelled).toBe(true);
  });

  test('stops at as many files as it may find', async () => {
    scratch = openScratch({ 'a/1.js': '', 'b/2.js': '', 'c/3.js': '' });
    const walked = await walk({ disk: nodeDisk, folders: [scratch.root], ignoreFor: () => NONE, mostFiles: 2 });
    expect(walked.files).toEqual([scratch.at('a/1.js'), scratch.at('b/2.js')]);
  });

  test('and the question why a file is left out agree', async () => {
    const files = {
      '.gitignore': '*.gen.js\n/secret/',
      'a.gen.js': '',
      'secret/deep/a.js': '',
      'x/.gitignore': '!keep.gen.js',
      'x/keep.gen.js': '',
      'dist/a.js': '',
      'legacy/x/a.js': '',
      'a.js': '',
    };
    const { files: walked, lists } = await found(files, { ignore: ['legacy'] });
    const { root, at } = scratch ?? openScratch();
    const reasons = Object.keys(files).map((path) => [path, whySkipped(nodeDisk, root, at(path), false, () => lists)]);
    expect(reasons.filter(([, reason]) => reason === undefined).map(([path]) => path)).toEqual(
      Object.keys(files).filter((path) => walked.includes(path)),
    );
    expect(Object.fromEntries(reasons)).toMatchObject({
      'secret/deep/a.js': 'listed in .gitignore',
      'dist/a.js': 'build output',
      'legacy/x/a.js': 'ignored by the configuration',
    });
  });
});
