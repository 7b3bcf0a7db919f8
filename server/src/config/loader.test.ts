import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { readThrough } from '../workspace/disk';
import { nodeDisk } from '../workspace/nodeDisk';
import { type LoaderOptions, openLoader } from './loader';

const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'cors-lint-config-')));
const ruleIds = new Set(['null-origin', 'reflected-origin', 'invalid-origin', 'weak-origin-match']);
const put = (path: string, text: string): void => writeFileSync(join(scratch, path), text);
const read = (file: string) => readThrough(nodeDisk, file);
const open = (options: Partial<LoaderOptions> = {}) => openLoader({ root: scratch, ruleIds, read, ...options });

beforeEach(() => {
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(join(scratch, 'a/b'), { recursive: true });
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('one loader', () => {
  test('merges the editor, the nearest file and the command line, in that order', () => {
    put('.corslintrc.json', '{"rules": {"reflected-origin": "info"}, "platforms": {"nginx": false}}');
    put(
      'a/.corslintrc.json',
      '{"rules": {"null-origin": "hint", "invalid-origin": "hint"}, "ignore": ["x"], "platforms": {"express": true}, "origins": ["https://file.example"]}',
    );
    const { settings, problems, file } = open({
      editor: {
        rules: { 'null-origin': 'off', 'weak-origin-match': 'off' },
        ignore: ['e'],
        origins: ['https://editor.example'],
        nginxVersion: '1.29.3',
        platforms: { express: false, frontend: false },
      },
      commandLine: { rules: { 'invalid-origin': 'error' } },
    }).load(join(scratch, 'a/b'));
    expect(problems).toEqual([]);
    expect(file).toBe(join(scratch, 'a/.corslintrc.json'));
    expect(settings).toEqual({
      rules: new Map([
        ['null-origin', 'hint'],
        ['weak-origin-match', 'off'],
        ['invalid-origin', 'error'],
      ]),
      platforms: new Map([
        ['express', true],
        ['frontend', false],
      ]),
      ignore: [
        { folder: scratch, patterns: ['e'] },
        { folder: join(scratch, 'a'), patterns: ['x'] },
      ],
      origins: ['https://file.example'],
      nginxVersion: '1.29.3',
    });
  });

  test('looks further up when a folder has no file', () => {
    put('.corslintrc.json', '{"nginxVersion": "1.18.0"}');
    const loader = open();
    expect(loader.load(join(scratch, 'a/b')).settings.nginxVersion).toBe('1.18.0');
    expect(loader.load(join(scratch, 'a/b'))).toBe(loader.load(scratch));
  });

  test('reads no file when told so', () => {
    put('.corslintrc.json', '{"nginxVersion": "1.18.0", "oops": 1}');
    const { settings, problems } = open({ useFiles: false }).load(scratch);
    expect(settings.nginxVersion).toBe(undefined);
    expect(problems).toEqual([]);
  });

  test('reads again when told to forget, and not before', () => {
    let text = '{"nginxVersion": "1.18.0"}';
    const loader = open({
      read: (file) => (file === join(scratch, '.corslintrc.json') ? { kind: 'text', text } : undefined),
    });
    expect(loader.load(scratch).settings.nginxVersion).toBe('1.18.0');
    text = '{"nginxVersion": "1.20.0"}';
    expect(loader.load(scratch).settings.nginxVersion).toBe('1.18.0');
    loader.forget();
    expect(loader.load(scratch).settings.nginxVersion).toBe('1.20.0');
  });

  test('tells of a mistake and keeps what is right', () => {
    put('.corslintrc.json', '{"rules": {"null-origin": "loud", "reflected-origin": "error"}}');
    const { settings, problems } = open().load(scratch);
    expect(settings.rules).toEqual(new Map([['reflected-origin', 'error']]));
    expect(problems).toHaveLength(1);
  });

  test('survives a folder in the place of the file, and a file that is huge', () => {
    mkdirSync(join(scratch, 'a/.corslintrc.json'));
    put('.corslintrc.json', `{}${' '.repeat(1024 * 1024)}`);
    const loader = open();
    expect(loader.load(join(scratch, 'a')).problems.map(({ message }) => message)).toEqual([
      'This configuration is not used: not a file.',
    ]);
    expect(loader.load(scratch).problems.map(({ message }) => message)).toEqual([
      'This configuration is not used: larger than 1 MiB.',
    ]);
  });
});
