import { describe, expect, it } from 'vitest';
import { applyEdits } from '../lint/edits';
import { turnRuleOff } from './turnRuleOff';

function after(text: string): string | undefined {
  const edits = turnRuleOff(text, 'null-origin');
  return (
    edits &&
    applyEdits(
      text,
      edits.map((edit) => ({ file: 'c', ...edit })),
    )
  );
}

describe('turning a rule off', () => {
  it.each([
    ['nothing there yet', '', '{\n  "rules": {\n    "null-origin": "off"\n  }\n}\n'],
    ['an empty object', '{}\n', '{\n  "rules": {\n    "null-origin": "off"\n  }\n}\n'],
    [
      'comments stay, tabs and line ends too',
      '{\r\n\t// why\r\n\t"rules": {\r\n\t\t"x": "off" // because\r\n\t}\r\n}\r\n',
      '{\r\n\t// why\r\n\t"rules": {\r\n\t\t"x": "off", // because\r\n\t\t"null-origin": "off"\r\n\t}\r\n}\r\n',
    ],
    [
      'a level that is there is replaced',
      '{ "rules": { "null-origin": "hint" /* ! */ } }',
      '{ "rules": { "null-origin": "off" /* ! */ } }',
    ],
    [
      'a byte order mark and a comma at the end',
      '\uFEFF{\n    "origins": ["https://a.example"],\n}\n',
      '\uFEFF{\n    "origins": ["https://a.example"],\n    "rules": {\n        "null-origin": "off"\n    },\n}\n',
    ],
    [
      'all on one line',
      '{ "rules": { "x": "hint" /* ! */ } }',
      '{ "rules": { "x": "hint", "null-origin": "off" /* ! */ } }',
    ],
    ['no rules on one line', '{ "origins": [] }', '{ "origins": [], "rules": { "null-origin": "off" } }'],
    [
      'an empty object with a comment',
      '{\n  "rules": { // none\n  }\n}',
      '{\n  "rules": {\n    "null-origin": "off" // none\n  }\n}',
    ],
    [
      'many comments behind the last one',
      `{\n  "rules": {\n    "x": "hint" ${'/* a */ '.repeat(60)}\n  }\n}`,
      `{\n  "rules": {\n    "x": "hint", ${'/* a */ '.repeat(60).trimEnd()}\n    "null-origin": "off" \n  }\n}`,
    ],
    ['a list in the place of the rules', '{ "rules": [] }', undefined],
    ['a list', '[1]', undefined],
    ['no JSON', 'rules: off', undefined],
  ])('%s', (_, text, expected) => {
    expect(after(text)).toBe(expected);
  });
});
