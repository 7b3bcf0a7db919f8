import { describe, expect, it } from 'vitest';
import { memoryHost } from '../../../test/harness/memoryHost';
import { toyPlatform } from '../../../test/harness/toyPlatform';
import { endpointRule } from './defineRule';
import { type Crash, type LintInput, lint } from './engine';
import { fixAll } from './fixAll';
import { DEFAULT_SETTINGS } from './settings';
import type { NeutralRule, Severity } from './types';

const input = (text: string, changes: Partial<LintInput> = {}): LintInput => ({
  platform: toyPlatform,
  file: 'a.toy',
  text,
  host: memoryHost(new Map([['a.toy', text]])),
  settings: DEFAULT_SETTINGS,
  rules: [],
  ...changes,
});

const told = (text: string, changes: Partial<LintInput> = {}): string[] =>
  lint(input(text, changes)).findings.map(
    ({ rule, severity, place }) => `${rule.id} ${severity} ${place.start}-${place.end}`,
  );

const settings = (id: string, severity: Severity | 'off') => ({
  ...DEFAULT_SETTINGS,
  rules: new Map([[id, severity]]),
});

describe('lint', () => {
  it('reports what a rule finds, at its place', () => {
    expect(told('A: good\nB: bad\n')).toEqual(['toy-bad error 11-14']);
  });

  it.each(['warning', 'info', 'hint'] as const)('takes the severity %s from the settings', (severity) => {
    expect(told('B: bad\n', { settings: settings('toy-bad', severity) })).toEqual([`toy-bad ${severity} 3-6`]);
  });

  it('runs no rule that is off', () => {
    expect(told('B: bad\n', { settings: settings('toy-bad', 'off') })).toEqual([]);
  });

  it('keeps one finding for each rule and place: the gravest', () => {
    const severities = ['warning', 'error', 'info'] as const;
    const rule: NeutralRule = endpointRule<Severity>({
      meta: { id: 'thrice', title: 't', severity: 'warning', category: 'broken', tags: [], reference: '' },
      check({ endpoint }, report) {
        for (const severity of severities) report({ place: { ...endpoint.place, end: 1 }, data: severity, severity });
      },
      message: (data) => data,
    });
    const { findings } = lint(input('A: x\n', { rules: [rule] }));
    expect(findings.map(({ message }) => message)).toEqual(['error']);
  });

  it('loses only its own findings when a rule crashes, and tells of it', () => {
    const crashes: Crash[] = [];
    const rule: NeutralRule = endpointRule<undefined>({
      meta: { id: 'crasher', title: 't', severity: 'error', category: 'broken', tags: [], reference: '' },
      check() {
        throw new Error('oops');
      },
      message: () => '',
    });
    expect(told('B: bad\n', { rules: [rule], onCrash: (crash) => crashes.push(crash) })).toEqual(['toy-bad error 3-6']);
    expect(crashes).toMatchObject([{ file: 'a.toy', during: 'crasher', error: { message: 'oops' } }]);
  });

  it('gives no findings when reading the file crashes, and tells of it', () => {
    const crashes: Crash[] = [];
    const platform = {
      ...toyPlatform,
      analyse: () => {
        throw new Error('unreadable');
      },
    };
    expect(told('B: bad\n', { platform, onCrash: (crash) => crashes.push(crash) })).toEqual([]);
    expect(crashes).toMatchObject([{ during: 'reading the file' }]);
  });
});

describe('suppressions', () => {
  it.each([
    ['the next line', '# cors-lint-disable-next-line toy-bad -- known\nB: bad\n', []],
    ['the same line', 'B: bad # cors-lint-disable-line toy-bad\n', []],
    ['the file, from anywhere in it', 'B: bad\nA: x\n# cors-lint-disable-file toy-bad\n', []],
    ['every rule', '# cors-lint-disable-next-line\nB: bad\n', []],
    ['one of several rules', '# cors-lint-disable-next-line x-1, toy-bad\nB: bad\n', ['unused-suppression info 30-33']],
    [
      'not the line after the next',
      '# cors-lint-disable-next-line toy-bad\n\nB: bad\n',
      ['unused-suppression info 30-37', 'toy-bad error 42-45'],
    ],
    ['not what only looks like one', 'B: bad # cors-lint-disable-linear toy-bad\n', ['toy-bad error 3-6']],
    ['not outside comments', 'cors-lint-disable-file: x\nB: bad\n', ['toy-bad error 29-32']],
    ['CRLF lines', '# cors-lint-disable-next-line toy-bad\r\nB: bad\n', []],
    [
      'nothing, which is reported',
      '# cors-lint-disable-next-line toy-bad -- why\nA: x\n',
      ['unused-suppression info 30-37'],
    ],
    ['nothing at all, likewise', '# cors-lint-disable-file\n', ['unused-suppression info 2-24']],
  ])('%s', (_, text, expected) => {
    expect(told(text)).toEqual(expected);
  });

  it('can be used without being checked', () => {
    expect(told('# cors-lint-disable-file toy-bad\n', { settings: settings('unused-suppression', 'off') })).toEqual([]);
  });
});

describe('fixes', () => {
  it('offers only those that heal: they apply, parse, and bring no new trouble', () => {
    const [finding] = lint(input('A: x\nB: bad\n')).findings;
    expect(finding?.fixes()).toEqual([
      { title: 'Make it good', preferred: true, edits: [{ file: 'a.toy', start: 8, end: 11, text: 'good' }] },
    ]);
  });

  it('makes all preferred ones, and no more', () => {
    const { texts, made } = fixAll(input('A: bad\nB: x\nC: bad\n'));
    expect(texts.get('a.toy')).toBe('A: good\nB: x\nC: good\n');
    expect(made).toHaveLength(2);
    expect(fixAll(input('A: good\n')).texts.size).toBe(0);
  });

  it('leaves out the fixes that the caller does not want', () => {
    expect(fixAll(input('A: bad\n'), () => false)).toEqual({ texts: new Map(), made: [] });
  });
});
