import { describe, expect, it } from 'vitest';
import { choice, header, literal, place, response, subject, unknown } from '../../../test/harness/madeEndpoint';
import { placeKey } from '../cors/place';
import type { OriginEntry, OriginPolicy } from '../cors/policy';
import type { Condition, Value } from '../cors/value';
import type { Subject } from '../lint/types';
import { rules } from '.';

/** What the rules say, and above all do not say, about endpoints that the pages' examples cannot express. */

const O = 'Access-Control-Allow-Origin';
const C = 'Access-Control-Allow-Credentials';
const M = 'Access-Control-Allow-Methods';
const H = 'Access-Control-Allow-Headers';
const APP = 'https://app.example.com';
const always: Condition = { kind: 'always' };
const assume = (holds: string, otherwise: string): Condition => ({ kind: 'assumption', holds, otherwise });
const policy = (...entries: OriginEntry[]): OriginPolicy => ({ place: place(), entries });
const exact = (text: string): OriginEntry => ({ kind: 'exact', text, place: place() });
const reflect: Value = { kind: 'request-origin', place: place() };
const listed = (...policies: OriginPolicy[]): Value =>
  choice(...policies.map((each) => [{ kind: 'origin-admitted', policy: each }, reflect] as const));

/** `rule severity` of each finding, in the rules' order; one for each rule and place, as the engine keeps them. */
function told(subject: Subject): string[] {
  return rules.flatMap((rule) => {
    if (rule.on !== 'endpoint' || rule.meta.off) return [];
    const byPlace = new Map(rule.run(subject).map((finding) => [placeKey(finding.place), finding]));
    return [...byPlace.values()].map((finding) => `${finding.rule.id} ${finding.severity}`);
  });
}

describe('nothing is said', () => {
  const quiet: [string, Subject][] = [
    [
      'of an endpoint without a sign of CORS',
      subject(({ method }) => response({}, { status: method === 'GET' ? 200 : 405 }), { methods: ['GET', 'PUT'] }),
    ],
    [
      'of a `*` for methods on a response that no browser looks for them in',
      subject(({ method }) =>
        method === 'OPTIONS'
          ? response(
              { [O]: APP, [C]: 'true', [M]: 'GET, PUT', [H]: 'X-Requested-With', Vary: 'Origin' },
              { kind: 'preflight' },
            )
          : response({ [O]: APP, [C]: 'true', [M]: '*', Vary: 'Origin' }),
      ),
    ],
    [
      'of values that cannot be read',
      subject(() => response({ [O]: unknown, [C]: unknown, [M]: unknown, [H]: unknown }), { methods: ['PUT'] }),
    ],
    ['of * beside credentials that may not be sent', subject(() => response({ [O]: '*', [C]: unknown }))],
    ['of an origin that may be * beside credentials', subject(() => response({ [O]: unknown, [C]: 'true' }))],
    [
      'of a guess: one of several responses without circumstances',
      subject(() => [response({ [O]: '*', [C]: 'true' }), response({ [O]: APP, [C]: 'true' })]),
    ],
    [
      'of absence behind an upstream',
      subject(
        ({ method, ending }) =>
          response(method === 'PUT' && ending === 'success' ? { [O]: APP } : {}, { open: 'the upstream' }),
        {
          methods: ['PUT'],
        },
      ),
    ],
    [
      'of absence in an endpoint that is seen in part',
      subject(
        ({ method, ending }) =>
          response(method === 'PUT' && ending === 'success' ? { [O]: APP } : {}, {
            status: ending === 'success' ? 200 : ending,
          }),
        {
          methods: ['PUT'],
          partial: 'its app is not known',
        },
      ),
    ],
    [
      'of a preflight that nobody needs',
      subject(({ method }) => (method === 'OPTIONS' ? response({}, { status: 404 }) : response({ [O]: APP })), {
        methods: ['GET', 'POST'],
      }),
    ],
    [
      'of a preflight whose status cannot be told',
      subject(
        ({ method }) =>
          method === 'OPTIONS' ? response({ [O]: APP, [M]: 'PUT' }, { status: undefined }) : response({ [O]: APP }),
        {
          methods: ['PUT'],
        },
      ),
    ],
    [
      'of a weak check whose policy does not decide the header',
      subject(() => response({ [O]: APP }), {
        policies: [policy({ kind: 'match', test: { kind: 'suffix', text: 'example.com' }, place: place() })],
      }),
    ],
    [
      'of a weak check beside one that cannot be read',
      (() => {
        const all = policy({
          kind: 'match',
          test: {
            kind: 'all',
            of: [
              { kind: 'suffix', text: 'example.com' },
              { kind: 'unknown', reason: 'a call' },
            ],
          },
          place: place(),
        });
        return subject(() => response({ [O]: listed(all), Vary: 'Origin' }), { policies: [all] });
      })(),
    ],
    [
      'of a malformed origin beside the right one',
      (() => {
        const both = policy(exact(`${APP}/`), exact(APP));
        return subject(() => response({ [O]: listed(both), Vary: 'Origin' }), { policies: [both] });
      })(),
    ],
    ['of Vary that holds *', subject(() => response({ [O]: listed(policy(exact(APP))), Vary: 'Accept-Encoding, *' }))],
    ['of Vary that cannot be read', subject(() => response({ [O]: listed(policy(exact(APP))), Vary: unknown }))],
    [
      'of Vary where nothing is cached: POST',
      subject(({ method }) => response({ [O]: listed(policy(exact(APP))), [M]: method }), { methods: ['POST'] }),
    ],
    [
      'of a library that sends Vary when it lets somebody in',
      (() => {
        const one = policy(exact(APP));
        const vary = {
          ...header('Vary', choice([{ kind: 'origin-admitted', policy: one }, literal('Origin')])),
          implied: true,
        };
        return subject(() => ({ ...response({}), headers: [header(O, listed(one)), vary] }));
      })(),
    ],
    [
      'of two lines of which one may be absent',
      subject(() => ({
        ...response({}),
        headers: [header(O, '*'), header(O, choice([{ kind: 'unknown', reason: 'a call' }, literal('*')]))],
      })),
    ],
    [
      'of errors in circumstances in which success cannot be read either',
      (() => {
        const value = choice([assume('CORS is on', 'CORS is off'), literal('*')]);
        return subject(({ ending }) => response({ [O]: value }, { status: ending === 'success' ? 200 : ending }));
      })(),
    ],
    [
      'of credentials in circumstances that are not known',
      subject(() => response({ [O]: APP, [C]: choice([{ kind: 'unknown', reason: 'x' }, literal('True')]) })),
    ],
    ['of a local front end over http', subject(() => response({ [O]: 'http://localhost:3000', [C]: 'true' }))],
    ['of http without credentials', subject(() => response({ [O]: 'http://app.example.com' }))],
    ['of text that a template fills in', subject(() => response({ [O]: '${ORIGIN}' }))],
  ];
  it.each(quiet)('%s', (_, made) => {
    expect(told(made)).toEqual([]);
  });
});

describe('one fault, one finding', () => {
  it.each<[string, Subject, string[]]>([
    [
      'everyone is let in, null too',
      subject(() => response({ [O]: reflect, [C]: 'true', Vary: 'Origin' }), {
        policies: [policy({ kind: 'any', how: 'x', place: place() })],
      }),
      ['reflected-origin error'],
    ],
    [
      'a pattern for everyone is no weak match',
      (() => {
        const all = policy({
          kind: 'match',
          test: { kind: 'regex', source: '.*', flags: '', dialect: 'ecmascript' },
          place: place(),
        });
        return subject(() => response({ [O]: listed(all), Vary: 'Origin' }), { policies: [all] });
      })(),
      ['reflected-origin warning'],
    ],
    [
      'a suffix of everybody is no weak match',
      (() => {
        const all = policy({ kind: 'match', test: { kind: 'suffix', text: '.vercel.app' }, place: place() });
        return subject(() => response({ [O]: listed(all), [C]: 'true', Vary: 'Origin' }), { policies: [all] });
      })(),
      ['public-suffix-origin error'],
    ],
    [
      'a list in the header is no malformed origin',
      subject(() => response({ [O]: 'https://a.com, https://b.com' })),
      ['multiple-origins error'],
    ],
    [
      'authentication in front of a preflight',
      subject(
        ({ method }) =>
          method === 'OPTIONS' ? response({}, { status: 401, kind: 'authentication' }) : response({ [O]: APP }),
        {
          methods: ['PUT'],
        },
      ),
      ['preflight-needs-auth error'],
    ],
    [
      'a redirected preflight',
      subject(
        ({ method }) =>
          method === 'OPTIONS' ? response({ [O]: APP }, { status: 301, kind: 'redirect' }) : response({ [O]: APP }),
        {
          methods: ['PUT'],
        },
      ),
      ['preflight-redirected error'],
    ],
    [
      'a preflight answered with the wrong list',
      subject(
        ({ method }) =>
          response(method === 'OPTIONS' ? { [O]: APP, [M]: 'GET' } : { [O]: APP }, {
            kind: method === 'OPTIONS' ? 'preflight' : 'handler',
          }),
        {
          methods: ['PUT'],
        },
      ),
      ['method-not-allowed warning'],
    ],
    [
      'a preflight without credentials',
      subject(
        ({ method }) =>
          response(method === 'OPTIONS' ? { [O]: APP, [M]: 'PUT' } : { [O]: APP, [C]: 'true' }, {
            kind: method === 'OPTIONS' ? 'preflight' : 'handler',
          }),
        {
          methods: ['PUT'],
        },
      ),
      ['preflight-incomplete error'],
    ],
    [
      'two lines, even equal',
      (() => {
        const twice = { ...response({}), headers: [header(O, '*'), header(O, '*')] };
        return subject(() => twice);
      })(),
      ['duplicate-header error'],
    ],
    [
      'an error that the page cannot read',
      subject(({ ending }) =>
        response(ending === 'success' ? { [O]: '*' } : {}, { status: ending === 'success' ? 200 : ending }),
      ),
      ['missing-origin-on-error warning'],
    ],
  ])('%s', (_, made, expected) => {
    expect(told(made)).toEqual(expected);
  });
});

describe('circumstances', () => {
  const fallback = (value: Value): Value =>
    choice([assume('ORIGIN is set', 'ORIGIN is unset'), unknown], [always, value]);

  it('name the branch that fails, and lower the severity', () => {
    const made = subject(() => response({ [O]: fallback(literal('*')), [C]: 'true' }));
    const [finding] = rules.flatMap((rule) => (rule.on === 'endpoint' ? rule.run(made) : []));
    expect(finding).toMatchObject({ severity: 'warning', rule: { id: 'wildcard-with-credentials' } });
    expect(finding?.message).toContain(' when ORIGIN is unset');
    expect(finding?.exchange?.verdict.step).toBe('cors-check/wildcard-with-credentials');
  });

  it('lead to what sends the header in others', () => {
    const sent = header(O, unknown);
    const answered = { ...response({}), headers: [sent] };
    const made = subject(
      ({ method }) =>
        method === 'OPTIONS'
          ? response({ [O]: '*', [M]: 'PUT' }, { kind: 'preflight' })
          : [
              { ...answered, when: 'ORIGIN is set', assumes: new Map([['ORIGIN is set', true]]) },
              response({}, { when: 'ORIGIN is unset', assumes: new Map([['ORIGIN is set', false]]) }),
            ],
      { methods: ['PUT'] },
    );
    const findings = rules.flatMap((rule) => (rule.on === 'endpoint' ? rule.run(made) : []));
    expect(findings.map(({ rule, place }) => [rule.id, place])).toContainEqual(['missing-origin', sent.place]);
  });

  it.each([
    ["ORIGIN is '*'", false, 'info'],
    ["`allowed.includes('*')` is true", false, 'info'],
    ["ORIGIN is '*'", true, 'warning'],
    ["ORIGIN is 'a'", false, 'warning'],
    ["`allowed.includes('*')` is false", false, 'warning'],
  ])('a setting that asks for everyone: when %s, with credentials: %s', (holds, credentials, severity) => {
    const open = choice([assume(holds, 'something else'), reflect], [always, literal(APP)]);
    const more = credentials ? { [C]: 'true' } : {};
    expect(told(subject(() => response({ [O]: open, ...more, Vary: 'Origin' })))).toEqual([
      `reflected-origin ${severity}`,
    ]);
  });

  it('of development are for information', () => {
    const open = choice(
      [assume('NODE_ENV is development', 'NODE_ENV is not development'), reflect],
      [always, literal(APP)],
    );
    expect(told(subject(() => response({ [O]: open, [C]: 'true', Vary: 'Origin' })))).toEqual([
      'reflected-origin info',
    ]);
  });
});
