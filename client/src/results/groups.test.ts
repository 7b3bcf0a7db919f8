import { describe, expect, it } from 'vitest';
import { countWords, filterFindings, type Grouping, group, type ShownFinding } from './groups';

function finding(path: string, line: number, severity: 0 | 1 | 2 | 3, rule: string): ShownFinding {
  return { uri: `file:///w/${path}`, path, rule, severity, message: `${rule} at ${line}`, line, character: 0 };
}

const findings = [
  finding('b.conf', 9, 1, 'missing-vary-origin'),
  finding('a.js', 4, 1, 'missing-vary-origin'),
  finding('b.conf', 2, 0, 'null-origin'),
  finding('a.js', 1, 2, 'express-origin-error'),
  finding('c.yml', 0, 0, 'null-origin'),
];

function shape(by: Grouping, of: readonly ShownFinding[] = findings): string[] {
  return group(of, by).map(
    ({ label, findings: members }) => `${label}: ${members.map(({ path, line }) => `${path}:${line}`).join(' ')}`,
  );
}

describe('group', () => {
  it('puts the file with the gravest finding first and keeps the order of lines', () => {
    expect(shape('file')).toEqual(['b.conf: b.conf:2 b.conf:9', 'c.yml: c.yml:0', 'a.js: a.js:1 a.js:4']);
  });

  it('names severities', () => {
    expect(shape('severity')).toEqual(['Errors: b.conf:2 c.yml:0', 'Warnings: a.js:4 b.conf:9', 'Information: a.js:1']);
  });

  it('puts the gravest rule first', () => {
    expect(shape('rule')).toEqual([
      'null-origin: b.conf:2 c.yml:0',
      'missing-vary-origin: a.js:4 b.conf:9',
      'express-origin-error: a.js:1',
    ]);
  });

  it('puts what no endpoint is known of together', () => {
    const [first, ...others] = findings;
    if (first === undefined) throw new Error('There are findings');
    expect(shape('endpoint', [{ ...first, endpoint: 'GET /items' }, ...others])).toEqual([
      'Of no single endpoint: a.js:1 a.js:4 b.conf:2 c.yml:0',
      'GET /items: b.conf:9',
    ]);
  });

  it('keeps files of one name in two folders of a workspace apart', () => {
    const same = [
      { ...finding('x.js', 0, 0, 'r'), uri: 'file:///one/x.js' },
      { ...finding('x.js', 0, 0, 'r'), uri: 'file:///two/x.js' },
    ];
    expect(group(same, 'file')).toHaveLength(2);
  });

  it('makes nothing of nothing', () => {
    expect(group([], 'rule')).toEqual([]);
  });
});

describe('filterFindings', () => {
  it.each([
    ['', 5],
    ['  ', 5],
    ['NULL-ORIGIN', 2],
    ['null c.yml', 1],
    ['a.js b.conf', 0],
    ['at 4', 1],
  ])('%j leaves %i', (filter, count) => {
    expect(filterFindings(findings, filter)).toHaveLength(count);
  });
});

describe('countWords', () => {
  it('counts by severity and file', () => {
    expect(countWords(findings)).toBe('2 errors, 2 warnings, 1 note in 3 files');
    expect(countWords(findings.slice(0, 1))).toBe('1 warning in 1 file');
    expect(countWords([])).toBeUndefined();
  });
});
