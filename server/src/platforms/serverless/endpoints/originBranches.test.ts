import { beforeAll, expect, test } from 'vitest';
import { memoryHost } from '../../../../../test/harness/memoryHost';
import { lint } from '../../../lint/engine';
import { rules } from '../../../lint/registry';
import { DEFAULT_SETTINGS } from '../../../lint/settings';
import { serverless } from '../platform';

beforeAll(() => serverless.prepare?.());

const yaml = `provider: { name: aws }\nfunctions:\n  f:\n    handler: h.handler\n    events:\n      - http: { path: x, method: get, cors: true }\n`;

/** Whether the handler that sends an origin back where a check holds is told to send every origin back. */
function reflects(list: string, check: string, build: string): boolean {
  const handler = `const list = ${list};\nexports.handler = async (event) => {\n  const origin = event.headers.origin;\n  ${build.replace('CHECK', check)}\n};`;
  const host = memoryHost(new Map([['h.js', handler]]));
  const { findings } = lint({
    platform: serverless,
    file: 'serverless.yml',
    text: yaml,
    host,
    settings: DEFAULT_SETTINGS,
    rules,
  });
  return findings.some(({ rule }) => rule.id === 'reflected-origin');
}

const ANSWER = `return { statusCode: 200, headers: { 'Access-Control-Allow-Origin': a, Vary: 'Origin' }, body: '' };`;
const BUILDS = [
  `let a; if (CHECK) { a = origin } else { a = 'https://x.example' } ${ANSWER}`,
  `const a = CHECK ? origin : 'https://x.example'; ${ANSWER}`,
  `const build = (origin) => { let a = false; if (CHECK) a = origin; else a = 'https://x.example'; ${ANSWER} }; return build(event.headers.origin);`,
  `if (!(CHECK)) return { statusCode: 403, headers: {}, body: '' }; const a = origin; ${ANSWER}`,
];

test.each<[title: string, list: string, check: string, told: boolean]>([
  ['a list', `['https://a.example', 'https://b.example']`, 'list.includes(origin)', false],
  ['a list out of the environment', '[process.env.A, process.env.B]', 'list.includes(origin)', false],
  ['a position in it', '[process.env.A, process.env.B]', 'list.indexOf(origin) >= 0', false],
  ['a list that is partly known', `[process.env.A, 'https://b.example']`, 'list.includes(origin)', false],
  ['any origin', '[]', 'origin', true],
])('%s', (_, list, check, told) => {
  expect(BUILDS.map((build) => reflects(list, check, build))).toEqual(BUILDS.map(() => told));
});
