import { describe, expect, test } from 'vitest';
import { parseConfiguration, readEditorSettings } from './parse';
import type { Configuration } from './settings';

const FILE = '/w/.corslintrc.json';
const IDS = new Set(['null-origin', 'reflected-origin', 'weak-origin-match']);

/** The problems as "text underlined: message". */
function read(text: string): { configuration: Configuration; problems: string[] } {
  const { configuration, problems } = parseConfiguration(FILE, text, IDS);
  const shown = problems.map(({ source, range, message }) => {
    expect(source).toEqual({ kind: 'file', file: FILE });
    return `${range === undefined ? '' : text.slice(range.start, range.end)}: ${message}`;
  });
  return { configuration, problems: shown };
}

describe('what is right', () => {
  test('is taken, with comments and trailing commas', () => {
    const { configuration, problems } = read(`\uFEFF{
      "$schema": "./node_modules/cors-lint/schemas/corslintrc.schema.json",
      // loud
      "rules": { "null-origin": "error", "reflected-origin": "off", },
      /* generated */ "ignore": ["legacy/", "!legacy/new/"],
      "origins": ["https://app.example.com", "http://localhost:3000", "capacitor://localhost"],
      "nginxVersion": "1.29.3",
    }`);
    expect(problems).toEqual([]);
    expect(configuration).toEqual({
      rules: { 'null-origin': 'error', 'reflected-origin': 'off' },
      ignore: ['legacy/', '!legacy/new/'],
      origins: ['https://app.example.com', 'http://localhost:3000', 'capacitor://localhost'],
      nginxVersion: '1.29.3',
    });
  });

  test.each(['', '  \n', '\uFEFF', '{}', '// nothing\n{}'])('may be next to nothing: %j', (text) => {
    expect(read(text)).toEqual({ configuration: {}, problems: [] });
  });
});

describe('a mistake is told at its place, with the way out, and costs nothing else', () => {
  test.each<[text: string, problem: string, configuration: Configuration]>([
    [
      '{"rules": {"null-orgin": "error", "null-origin": "hint"}}',
      '"null-orgin": There is no rule "null-orgin". Did you mean "null-origin"?',
      { rules: { 'null-origin': 'hint' } },
    ],
    [
      '{"rules": {"no-such-thing-at-all": "error"}}',
      '"no-such-thing-at-all": There is no rule "no-such-thing-at-all". Look it up in the table of rules.',
      { rules: {} },
    ],
    [
      '{"rules": {"null-origin": "warn"}, "nginxVersion": "1.18"}',
      '"warn": The level of "null-origin" must be one of off, hint, info, warning, error, not "warn". Did you mean "warning"?',
      { rules: {}, nginxVersion: '1.18' },
    ],
    [
      '{"rules": {"null-origin": 2}}',
      '2: The level of "null-origin" must be one of off, hint, info, warning, error, not 2. Did you mean "error"?',
      { rules: {} },
    ],
    [
      '{"rules": ["null-origin"]}',
      '["null-origin"]: "rules" must be an object of rule and level, not a list.',
      { rules: {} },
    ],
    ['{"rule": {}}', '"rule": "rule" is not a setting. Did you mean "rules"?', {}],
    ['{"zzz": 1}', '"zzz": "zzz" is not a setting. There are rules, platforms, ignore, origins, nginxVersion.', {}],
    ['{"ignore": "legacy"}', '"legacy": "ignore" must be a list of texts, not "legacy".', { ignore: [] }],
    ['{"ignore": ["a", 1]}', '1: "ignore" must hold texts only, not 1.', { ignore: ['a'] }],
    [
      '{"origins": ["https://app.example.com/", "https://ok.example"]}',
      '"https://app.example.com/": "https://app.example.com/" is not an origin: browsers send it without a slash at the end. Write "https://app.example.com".',
      { origins: ['https://ok.example'] },
    ],
    [
      '{"origins": ["app.example.com"]}',
      '"app.example.com": "app.example.com" is not an origin: the scheme is missing. Write "https://app.example.com".',
      { origins: [] },
    ],
    ['{"origins": ["*"]}', '"*": "*" is not an origin: list each front end by its own origin.', { origins: [] }],
    [
      '{"origins": ["null"]}',
      '"null": "null" is not an origin: pages without an origin of their own cannot be told apart.',
      { origins: [] },
    ],
    ['{"platforms": {"ngin": false}}', '"ngin": There is no platform "ngin". Did you mean "nginx"?', { platforms: {} }],
    [
      '{"platforms": {"aws": false, "express": true}}',
      '"aws": There is no platform "aws". There are nginx, express, serverless, cloudformation, frontend.',
      { platforms: { express: true } },
    ],
    [
      '{"platforms": {"nginx": "off"}}',
      '"off": Say true or false of the platform "nginx", not "off".',
      { platforms: {} },
    ],
    [
      '{"platforms": ["nginx"]}',
      '["nginx"]: "platforms" must be an object of platform and true or false, not a list.',
      { platforms: {} },
    ],
    ['{"nginxVersion": 1.29}', '1.29: "nginxVersion" must be a text such as "1.29.3", not 1.29.', {}],
    ['[]', '[]: The configuration must be an object, as in { "rules": {} }, not a list.', {}],
    [
      '{"nginxVersion": "1.29.3" "ignore": []}',
      '"ignore": A comma is expected here.',
      { nginxVersion: '1.29.3', ignore: [] },
    ],
    ['{"nginxVersion": "1.29.3"', ': A closing brace is expected here.', { nginxVersion: '1.29.3' }],
    ["{'ignore': []}", "'ignore': This is not JSON. Texts need double quotes.", {}],
    ['{"ignore": }', '}: A value is expected here.', {}],
    ['nonsense', 'nonsense: This is not JSON. Texts need double quotes.', {}],
  ])('%s', (text, problem, configuration) => {
    expect(read(text)).toEqual({ configuration, problems: [problem] });
  });

  test('each of several', () => {
    expect(read('{"rules": {"a": "off", "null-origin": "loud"}, "ignores": [], "origins": {}}').problems).toHaveLength(
      4,
    );
  });

  test('whatever the text, nothing is thrown', () => {
    const text = '{"rules": {"null-origin": "error"}, "ignore": ["a", /* b */ "c"], "origins": [null, true], }';
    for (let cut = 0; cut <= text.length; cut++) {
      const { problems } = parseConfiguration(FILE, text.slice(0, cut), IDS);
      for (const { range } of problems) expect(range?.end ?? 0).toBeLessThanOrEqual(cut + 1);
    }
  });
});

describe("the editor's settings", () => {
  test('go through the same check, without what is unset or the editor’s own', () => {
    const { configuration, problems } = readEditorSettings(
      {
        rules: { 'null-origin': 'off' },
        ignore: [],
        origins: ['https://a.example/'],
        nginxVersion: '',
        trace: { server: 'off' },
        run: null,
      },
      IDS,
    );
    expect(configuration).toEqual({ rules: { 'null-origin': 'off' }, ignore: [], origins: [] });
    expect(problems).toEqual([
      {
        source: { kind: 'editor' },
        message:
          '"https://a.example/" is not an origin: browsers send it without a slash at the end. Write "https://a.example".',
      },
    ]);
  });

  test.each([undefined, null, {}])('may be %j', (settings) => {
    expect(readEditorSettings(settings, IDS)).toEqual({ configuration: {}, problems: [] });
  });

  test('of a wrong kind are told of', () => {
    expect(readEditorSettings([], IDS).problems).toHaveLength(1);
  });
});
