import { expect, test } from 'vitest';
import { digest } from './digest';

test('a digest is the same for the same text, and no two of many texts that differ a little share one', () => {
  const texts = Array.from({ length: 20_000 }, (_, i) => `[{"range":{"line":${i}},"message":"${'x'.repeat(i % 7)}"}]`);
  texts.push('', ' ', '\0', '\0\0', 'a', 'b', 'ab', 'ba');
  expect(new Set(texts.map(digest)).size).toBe(texts.length);
  expect(texts.map(digest)).toEqual(texts.map(digest));
});
