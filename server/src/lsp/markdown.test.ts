import { expect, it } from 'vitest';
import { codeBlock, codeSpan, escapeMarkdown } from './markdown';

it.each([
  ['plain', '`plain`'],
  ['a`b', '``a`b``'],
  ['`', '`` ` ``'],
  ['two\nlines', '`two lines`'],
])('span %j', (text, markdown) => {
  expect(codeSpan(text)).toBe(markdown);
});

it('fences a block so that no text ends it', () => {
  expect(codeBlock('http', 'a\n```\n[x](command:evil)')).toBe('````http\na\n```\n[x](command:evil)\n````');
});

it('escapes what would be markup', () => {
  expect(escapeMarkdown('[a](command:b) <img> *x*\n# y')).toBe('\\[a\\]\\(command:b\\) \\<img\\> \\*x\\* \\# y');
});
