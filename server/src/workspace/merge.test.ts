import { expect, test } from 'vitest';
import type { Place } from '../cors/place';
import type { Finding, Severity } from '../lint/types';
import type { Entry } from './entry';
import { mergeFindings } from './merge';

const finding = (id: string, severity: Severity, start: number, message = ''): Finding => ({
  rule: { id, title: '', severity, category: 'broken', tags: [], reference: '' },
  severity,
  place: { file: 'a', start, end: start + 1 },
  message,
  related: [],
  fixes: () => [],
});

const entry = (file: string, parts: Readonly<Record<string, readonly Place[]>> = {}): Entry => ({
  file,
  runs: [],
  settings: { rules: new Map(), platforms: new Map(), origins: [], ignore: [] },
  version: 1,
  isIncluded: false,
  links: undefined,
  arrivals: [],
  parts: new Map(Object.entries(parts)),
  dependencies: new Map(),
});

const own = entry('a');
const context = { file: 'a', includers: [], show: (file: string) => file };
const shown = ({ rule, severity, place, message }: Finding) => [rule.id, severity, place.start, message];

test('one for each rule and place: the gravest, among equals the first, in the order of the text', () => {
  const told = [
    finding('b', 'warning', 9),
    finding('b', 'warning', 2, 'kept'),
    finding('b', 'warning', 2, 'dropped'),
    finding('a', 'hint', 2),
    finding('a', 'error', 2),
    finding('a', 'info', 2),
  ];
  const merged = mergeFindings(
    told.map((each) => ({ entry: own, finding: each })),
    context,
  );
  expect(merged.map(shown)).toEqual([
    ['a', 'error', 2, ''],
    ['b', 'warning', 2, 'kept'],
    ['b', 'warning', 9, ''],
  ]);
});

test('what others find in a part of theirs names the places that include it, and the others where it is not so', () => {
  const place = { file: 'x', start: 4, end: 8 };
  const x = entry('x', { a: [place] });
  const y = entry('y', { a: [{ ...place, file: 'y' }] });
  const both = { ...context, includers: [x, y] };
  const one = { entry: x, finding: finding('b', 'warning', 2, 'Bad.') };
  const [alone] = mergeFindings([one], both);
  expect(alone?.message).toBe('Bad. This is so where x includes it.');
  expect(alone?.related).toEqual([{ place, message: 'Included here' }]);
  const [shared] = mergeFindings([one, { ...one, entry: y }], both);
  expect(shared?.message).toBe('Bad.');
  expect(shared?.related.map((each) => each.place.file)).toEqual(['x', 'y']);
  const z = { ...context, includers: [x, entry('z', { a: [place] })] };
  const [common] = mergeFindings(
    z.includers.map((each) => ({ ...one, entry: each })),
    z,
  );
  expect(common?.related).toHaveLength(1);
  const [graver] = mergeFindings([one, { entry: y, finding: finding('b', 'error', 2, 'Worse.') }], both);
  expect(graver?.message).toBe('Worse. This is so where y includes it.');
  const [ofItself] = mergeFindings([one, { entry: own, finding: finding('b', 'warning', 2, 'Mine.') }], both);
  expect([ofItself?.message, ofItself?.related]).toEqual(['Mine.', []]);
});
