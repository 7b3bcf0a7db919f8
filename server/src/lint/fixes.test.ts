import { beforeAll, describe, expect, it } from 'vitest';
import { memoryHost } from '../../../test/harness/memoryHost';
import { nginx } from '../platforms/nginx/platform';
import { rules } from '../rules';
import { find, type LintInput } from './find';
import { fixAll } from './fixAll';
import { bringsTrouble, failedBefore, workOutFix } from './fixes';
import { DEFAULT_SETTINGS } from './settings';

beforeAll(() => nginx.prepare?.());

const location = (...lines: readonly string[]): string =>
  [
    'server {',
    '    listen 80;',
    '',
    '    location /api/ {',
    ...lines.map((line) => `        ${line}`),
    '    }',
    '}',
    '',
  ].join('\n');

function input(text: string): LintInput {
  const file = 'conf.d/app.conf';
  return { platform: nginx, file, text, host: memoryHost(new Map([[file, text]])), settings: DEFAULT_SETTINGS, rules };
}

function titles(text: string, rule: string): string[] {
  const given = input(text);
  const { analysis, findings } = find(given);
  return findings
    .filter((finding) => finding.rule.id === rule)
    .flatMap((finding) => finding.proposals().map((proposal) => ({ finding, proposal })))
    .flatMap(({ finding, proposal }) => (analysis && workOutFix(given, analysis, findings, finding, proposal)) ?? [])
    .map(({ title }) => title);
}

describe('a fix that brings another fault to light', () => {
  // Errors lack the header with the slash as without; only now does that make a difference.
  const hidden = location(
    'add_header Access-Control-Allow-Origin https://app.example.com/;',
    'proxy_pass http://app:3000;',
  );

  it('is offered, since the call that the other one tells of failed before', () => {
    expect(titles(hidden, 'invalid-origin')).toEqual(['Write `https://app.example.com`']);
  });

  it('is made, and the other one is mended after it', () => {
    const { texts } = fixAll(input(hidden));
    expect([...texts.values()]).toEqual([
      location('add_header Access-Control-Allow-Origin https://app.example.com always;', 'proxy_pass http://app:3000;'),
    ]);
  });

  it.each([
    ['*', false],
    ['* always', true],
  ])('is one only where the call failed before: with %s harm is %s', (value, isHarm) => {
    const before = find(input(location(`add_header Access-Control-Allow-Origin ${value};`, 'root /srv;')));
    const after = find(
      input(location('add_header Access-Control-Allow-Origin https://app.example.com;', 'root /srv;')),
    );
    expect(after.findings.map(({ rule }) => rule.id)).toEqual(['missing-origin-on-error']);
    expect(before.analysis && bringsTrouble([], after.findings, failedBefore(before.analysis))).toBe(isHarm);
  });
});
