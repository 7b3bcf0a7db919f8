import { expect, test } from 'vitest';
import type { Finding, Severity } from '../lint/types';
import { mergeFindings } from './merge';

const finding = (id: string, severity: Severity, start: number, message = ''): Finding => ({
  rule: { id, title: '', severity, category: 'broken', tags: [], reference: '' },
  severity,
  place: { file: 'a', start, end: start + 1 },
  message,
  related: [],
  fixes: () => [],
});

test('one for each rule and place: the gravest, among equals the first, in the order of the text', () => {
  const merged = mergeFindings([
    finding('b', 'warning', 9),
    finding('b', 'warning', 2, 'kept'),
    finding('b', 'warning', 2, 'dropped'),
    finding('a', 'hint', 2),
    finding('a', 'error', 2),
    finding('a', 'info', 2),
  ]);
  expect(merged.map(({ rule, severity, place, message }) => [rule.id, severity, place.start, message])).toEqual([
    ['a', 'error', 2, ''],
    ['b', 'warning', 2, 'kept'],
    ['b', 'warning', 9, ''],
  ]);
});
