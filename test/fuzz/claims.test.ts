/**
 * Every file of a workspace is searched before anything is parsed, whoever wrote it: the time that it takes must grow
 * with the text, and not with its square. At this length the square takes half a minute and more; the bound is a
 * hundred times what a search takes.
 */
import { describe, expect, test } from 'vitest';
import { platforms } from '../../server/src/lint/registry';
import { variablesFor } from '../../server/src/platforms/frontend/variables';
import { mayMention, namesOf } from '../../server/src/workspace/mentions';
import { memoryHost } from '../harness/memoryHost';

const CHARACTERS = 200_000;
const MOST_MILLISECONDS = 5000;

const FILES = [
  '/w/src/a.ts',
  '/w/src/a.vue',
  '/w/index.html',
  '/w/vite.config.ts',
  '/w/package.json',
  '/w/nginx/a.conf',
  '/w/serverless.yml',
  '/w/template.yaml',
  '/w/template.json',
];

const UNITS = [
  'a',
  ' ',
  '\n',
  '\r\n',
  '\t',
  '<',
  '>',
  '(',
  '{',
  '"',
  "'",
  '`',
  '/',
  '.',
  '#',
  '$',
  'api',
  'api<',
  'api(',
  'api.',
  'http',
  'fetch ',
  'a.get<',
  '.get ',
  '<script ',
  '<script>',
  '<script "',
  '</script',
  'include ',
  'location a',
  'map a ',
  './',
  "'./",
  'listen ',
  '(req ',
  'export ',
  'Resources ',
];

/** What a search may begin with that a long run follows. */
const STARTS = ['', 'fetch("/a")', '"use client"\n', '.get', 'api', 'location ', 'import "', '(', 'add_header a;\n'];

const TEXTS = STARTS.flatMap((start) => UNITS.map((unit) => start + unit.repeat(CHARACTERS / unit.length)));

/** The longest that one of the texts takes. */
function slowest(search: (text: string) => unknown): { readonly milliseconds: number; readonly text: string } {
  let found = { milliseconds: 0, text: '' };
  for (const text of TEXTS) {
    const before = performance.now();
    search(text);
    const milliseconds = performance.now() - before;
    if (milliseconds > found.milliseconds) found = { milliseconds, text: text.slice(0, 40) };
    // The others of the kind would take as long.
    if (milliseconds > MOST_MILLISECONDS) break;
  }
  return found;
}

function expectQuick(search: (text: string) => unknown): void {
  const { milliseconds, text } = slowest(search);
  expect(milliseconds, JSON.stringify(text)).toBeLessThan(MOST_MILLISECONDS);
}

describe.each(platforms.map((platform) => [platform.id, platform] as const))('%s looks quickly', (_, platform) => {
  test.each(FILES)(
    'at %s',
    (file) => {
      expectQuick((text) => {
        platform.claims(file, text);
        platform.passesOn?.(text);
      });
    },
    300_000,
  );
});

test.each(FILES)(
  'what names other files is found quickly in %s',
  (file) => {
    const named = namesOf(['/w/src/b.ts', '/w/nginx/b.conf']);
    expectQuick((text) => mayMention(file, text, named));
  },
  300_000,
);

test('variables are found quickly', () => {
  const value = (text: string): string | undefined => {
    const files = new Map([
      ['/w/package.json', '{}'],
      ['/w/.env', `VITE_A=1${text}`],
    ]);
    return variablesFor('/w/src/a.ts', memoryHost(files))('VITE_B');
  };
  expectQuick(value);
}, 300_000);
