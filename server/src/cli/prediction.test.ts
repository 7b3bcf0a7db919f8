import { describe, expect, test } from 'vitest';
import { choice, literal, response, subject } from '../../../test/harness/madeEndpoint';
import type { Call } from '../cors/call';
import type { Endpoint } from '../cors/endpoint';
import { type Prediction, predict } from './prediction';

const ORIGIN = 'https://app.example.com';
const CALL: Call = {
  origin: ORIGIN,
  method: 'GET',
  scheme: 'https',
  host: 'api.example.com',
  path: '/items?id=1',
  headers: [],
  credentials: false,
  ending: 'success',
};

const play = (endpoints: readonly Endpoint[], call = CALL): Prediction =>
  predict(endpoints, call, ({ header }) => ({ file: header.place.file, line: 1 }));

/** An endpoint that lets an origin in; `matches` may look at the path, the method and the host. */
function endpoint(label: string, allowed: string, matches: Endpoint['matches'] = () => true): Endpoint {
  return subject(() => response({ 'Access-Control-Allow-Origin': allowed }), { label, matches }).endpoint;
}

describe('which endpoint answers', () => {
  test('the one that says so, by path without query, method and host', () => {
    const asked: unknown[] = [];
    const right = endpoint('right', ORIGIN, (...args) => {
      asked.push(args);
      return true;
    });
    const prediction = play([endpoint('wrong', '*', () => false), right]);
    expect(prediction).toMatchObject({ endpoint: 'right', verdict: 'allowed' });
    expect(asked).toEqual([['/items', 'GET', { scheme: 'https', host: 'api.example.com' }]]);
  });

  test('several that agree are as good as one', () => {
    const same = subject(() => response({ 'Access-Control-Allow-Origin': ORIGIN }), { matches: () => true }).endpoint;
    expect(
      play([
        { ...same, label: 'one' },
        { ...same, label: 'two' },
      ]),
    ).toMatchObject({ endpoint: 'one', verdict: 'allowed' });
  });

  test('several that do not agree leave it unknown, by name', () => {
    expect(play([endpoint('one', ORIGIN), endpoint('two', 'https://other.example')])).toEqual({
      endpoint: null,
      preflight: null,
      response: null,
      verdict: 'unknown',
      step: 'unknown',
      reason: 'one, two all answer this, and with different results; it cannot be told which is asked first',
    });
  });

  test('none: what there is instead', () => {
    expect(play([endpoint('GET /a', '*', () => false)])).toMatchObject({
      endpoint: null,
      verdict: 'unknown',
      reason: 'nothing in this file answers GET /items?id=1; there is GET /a',
    });
  });

  test('one of which it cannot be told: played, and unknown', () => {
    expect(play([endpoint('perhaps', ORIGIN, () => undefined)])).toMatchObject({
      endpoint: 'perhaps',
      response: { status: 200 },
      verdict: 'unknown',
      reason: expect.stringContaining(
        'it cannot be told whether perhaps answers this; if perhaps does, it is allowed: ',
      ),
    });
  });

  test('one of another host: played as if the host were its own, and unknown', () => {
    const other = endpoint('other', ORIGIN, (_path, _method, host) => host === undefined);
    expect(play([other])).toMatchObject({ endpoint: 'other', verdict: 'unknown' });
  });
});

describe('what cannot be told stays unknown', () => {
  const branching = subject(
    () =>
      response({
        'Access-Control-Allow-Origin': choice(
          [{ kind: 'assumption', holds: 'ORIGIN is set', otherwise: 'ORIGIN is unset' }, literal(ORIGIN)],
          [{ kind: 'always' }, literal('https://other.example')],
        ),
        Vary: 'Origin',
      }),
    { matches: () => true },
  ).endpoint;

  test('a verdict that depends, with the circumstances', () => {
    const { verdict, reason } = play([branching]);
    expect(verdict).toBe('unknown');
    expect(reason).toContain('allowed when ORIGIN is set');
    expect(reason).toContain('blocked when ORIGIN is unset');
  });

  test('a header whose value depends, once, while the others stay known', () => {
    expect(play([branching]).response?.headers.map(({ name, value, known }) => [name, value, known])).toEqual([
      ['Access-Control-Allow-Origin', null, false],
      ['Vary', 'Origin', true],
    ]);
  });

  test('a status that depends', () => {
    const either = subject(
      () => [
        response({ 'Access-Control-Allow-Origin': '*' }, { when: 'the file is there' }),
        response({ 'Access-Control-Allow-Origin': '*' }, { status: 404, when: 'it is not' }),
      ],
      { matches: () => true },
    ).endpoint;
    expect(play([either])).toMatchObject({ response: { status: null }, verdict: 'allowed' });
  });
});

test('a preflight is shown when the browser sends one', () => {
  const prediction = play([endpoint('e', ORIGIN)], { ...CALL, method: 'PUT' });
  expect(prediction).toMatchObject({ preflight: { status: 200 }, verdict: 'blocked', step: 'preflight/method' });
});
