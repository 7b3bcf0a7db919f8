import { expect, test } from 'vitest';
import type { Header } from '../../../cors/http';
import { distinct } from './distinct';
import { type Flow, START, type Step, setHeader } from './flow';

function header(name: string, text: string, start: number): Header {
  const place = { file: '/app.js', start, end: start + 1 };
  return { name, value: { kind: 'literal', text, place }, place, layer: 'the handler' };
}

const CORS = header('Access-Control-Allow-Origin', '*', 1);
const FRAMES = header('Content-Security-Policy', "frame-ancestors 'self'", 10);
const REFERRER = header('Referrer-Policy', 'no-referrer', 20);
const CACHED = header('Cache-Control', 'public', 30);

function way(headers: readonly Header[], change: Partial<Flow> = {}): Step {
  return { kind: 'next', flow: { ...headers.reduce(setHeader, START), ...change } };
}

function namesOf(steps: readonly Step[]): readonly (readonly string[])[] {
  return steps.map(({ flow }) => flow.headers.map(({ name }) => name));
}

test("a page's own policies tell no ways apart, and are sent where all ways send them", () => {
  const steps = distinct([way([FRAMES, REFERRER, CORS], { when: ['a'] }), way([REFERRER, CORS], { when: ['not a'] })]);
  expect(namesOf(steps)).toEqual([['Referrer-Policy', 'Access-Control-Allow-Origin']]);
  expect(steps[0]?.flow.when).toEqual([]);
});

test('the same policy with another text is not sent by all ways', () => {
  const other = header('Referrer-Policy', 'origin', 40);
  expect(namesOf(distinct([way([REFERRER, CORS]), way([other, CORS])]))).toEqual([['Access-Control-Allow-Origin']]);
});

test.each([
  ['CORS', way([CORS]), way([])],
  ['what caches are told', way([CORS, CACHED]), way([CORS])],
  ['where a redirect goes', way([header('location', '/a', 50)]), way([header('location', '/b', 51)])],
  ['the status that is set', way([CORS], { status: 404 }), way([CORS])],
  ['what is not read', way([CORS], { open: 'unread' }), way([CORS])],
])('%s tells ways apart', (_what, first, second) => {
  expect(distinct([first, second])).toEqual([first, second]);
});
