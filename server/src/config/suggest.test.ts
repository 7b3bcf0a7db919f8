import { expect, test } from 'vitest';
import { didYouMean, suggest } from './suggest';

const KNOWN = ['wildcard-origin', 'null-origin', 'fix', 'format', 'max-warnings'];

test.each([
  ['null-orgin', 'null-origin'],
  ['nullOrigin', 'null-origin'],
  ['NULL_ORIGIN', 'null-origin'],
  ['fxi', undefined],
  ['fixx', 'fix'],
  ['foramt', 'format'],
  ['max-warning', 'max-warnings'],
  ['something-else-entirely', undefined],
  ['', undefined],
])('%s: %s', (word, expected) => {
  expect(suggest(word, KNOWN)).toBe(expected);
});

test('the question is asked only when there is one', () => {
  expect(didYouMean('foramt', KNOWN)).toBe(' Did you mean "format"?');
  expect(didYouMean('nothing like it', KNOWN)).toBe('');
});
