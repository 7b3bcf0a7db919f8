import { beforeAll, expect, test } from 'vitest';
import { applyEdits } from '../../server/src/lint/edits';
import { lint } from '../../server/src/lint/engine';
import { rules } from '../../server/src/lint/registry';
import { DEFAULT_SETTINGS } from '../../server/src/lint/settings';
import { serverless } from '../../server/src/platforms/serverless/platform';
import { memoryHost } from '../harness/memoryHost';
import { type Event, runHandlers } from './lambda-run';

/**
 * Stacks of middy whose order keeps the CORS headers from errors, in every way of writing them down: the order is told
 * of and mended, the real middy then answers the error with the header, and comments stay with what they speak of.
 */
const APP = 'https://app.example.com';
const IMPORTS = [
  `import middy from '@middy/core';`,
  `import httpCors from '@middy/http-cors';`,
  `import httpErrorHandler from '@middy/http-error-handler';`,
  `const cors = () => httpCors({ origin: '${APP}' });`,
  `const quiet = { logger: false };`,
  `const list = async (event) => {`,
  `  if (event.body === 'boom') throw Object.assign(new Error('gone'), { statusCode: 404, expose: true });`,
  `  return { statusCode: 200, body: '[]' };`,
  `};`,
  '',
].join('\n');

interface Stack {
  readonly before: string;
  /** Undefined where the order is told of without a fix. */
  readonly after: string | undefined;
}

const stacks: Readonly<Record<string, Stack>> = {
  'a chain on one line': {
    before: `export const handler = middy(list).use(httpErrorHandler(quiet)).use(httpCors({ origin: '${APP}' })); // done`,
    after: `export const handler = middy(list).use(httpCors({ origin: '${APP}' })).use(httpErrorHandler(quiet)); // done`,
  },
  'a chain with comments': {
    before: `export const handler = middy(list) // the handler
  // What is thrown becomes an answer.
  .use(httpErrorHandler(quiet)) // 404 and so on
  .use(
    httpCors({
      // One page only.
      origin: '${APP}',
    }),
  );
`,
    after: `export const handler = middy(list) // the handler
  .use(
    httpCors({
      // One page only.
      origin: '${APP}',
    }),
  )
  // What is thrown becomes an answer.
  .use(httpErrorHandler(quiet)); // 404 and so on
`,
  },
  'a list': {
    before: `export const handler = middy(list).use([
  httpErrorHandler(quiet), // last of all
  { before: (request) => console.info(request.event.path) },
  cors(), /* for pages */
]);
`,
    after: `export const handler = middy(list).use([
  cors(), /* for pages */
  httpErrorHandler(quiet), // last of all
  { before: (request) => console.info(request.event.path) },
]);
`,
  },
  'a list on one line': {
    before: `export const handler = middy(list).use([httpErrorHandler(quiet), cors()]);`,
    after: `export const handler = middy(list).use([cors(), httpErrorHandler(quiet)]);`,
  },
  statements: {
    before: `const handler = middy(list);

/* Errors */
handler.use(httpErrorHandler(quiet));

/* Pages */
handler.use(cors());
export { handler };
`,
    after: `const handler = middy(list);

/* Pages */
handler.use(cors());

/* Errors */
handler.use(httpErrorHandler(quiet));
export { handler };
`,
  },
  'in front of the handler': {
    before: `export const handler = middy()\r\n  .use(httpErrorHandler(quiet))\r\n  .use(cors()) // pages\r\n  .handler(list);\r\n`,
    after: `export const handler = middy()\r\n  .use(cors()) // pages\r\n  .use(httpErrorHandler(quiet))\r\n  .handler(list);\r\n`,
  },
  'a name that is made in between': {
    before: `const handler = middy(list);\nhandler.use(httpErrorHandler(quiet));\nconst pages = cors();\nhandler.use(pages);\nexport { handler };\n`,
    after: undefined,
  },
  'one in a list and one behind it': {
    before: `export const handler = middy(list).use([httpErrorHandler(quiet)]).use(cors());`,
    after: undefined,
  },
  'a middleware of the own file between them': {
    before: `export const handler = middy(list)
  .use(httpErrorHandler(quiet))
  .after((request) => { request.response.headers = { ...request.response.headers, 'X-Own': '1' }; })
  .use(cors());
`,
    after: undefined,
  },
  'one of a file of its own': {
    before: `import { stack } from './stack.mjs';\nexport const handler = middy(list).use(stack);\n`,
    after: undefined,
  },
};
const STACK = `${IMPORTS}export const stack = [httpErrorHandler(quiet), cors()];\n`;

const RULE = 'missing-origin-on-error';

beforeAll(() => serverless.prepare?.());

const GONE: Event = { payload: '1.0', method: 'POST', origin: APP, body: 'boom' };

function filesOf(major: number, code: string): Readonly<Record<string, string>> {
  const names = ['core', 'http-cors', 'http-error-handler'];
  const dependencies = Object.fromEntries(names.map((name) => [`@middy/${name}`, `^${major}.0.0`]));
  return {
    'package.json': JSON.stringify({ dependencies }),
    'h.mjs': `${IMPORTS}${code}`,
    'stack.mjs': STACK,
    'serverless.yml': `service: made\nprovider: { name: aws }\nresources:\n  Resources: {}\nfunctions:\n  f:\n    handler: h.handler\n    events:\n      - http: { path: a, method: post, cors: { origin: '${APP}' } }\n`,
  };
}

function findingsOf(files: Readonly<Record<string, string>>) {
  const host = memoryHost(new Map(Object.entries(files)));
  const onCrash = ({ error }: { readonly error: unknown }): never => {
    throw error;
  };
  const text = files['serverless.yml'] ?? '';
  return lint({ platform: serverless, file: 'serverless.yml', text, host, settings: DEFAULT_SETTINGS, rules, onCrash })
    .findings;
}

for (const major of [4, 5, 6] as const) {
  test.each(Object.entries(stacks))(`middy ${major}: %s`, async (_, { before, after }) => {
    const files = filesOf(major, before);
    const [finding, ...others] = findingsOf(files).filter(({ rule }) => rule.id === RULE);
    expect([finding?.rule.id, others]).toEqual([RULE, []]);
    const fixes = finding?.fixes() ?? [];
    const edited = fixes.map(({ edits }) =>
      applyEdits(
        files['h.mjs'] ?? '',
        edits.filter(({ file }) => file === 'h.mjs'),
      ),
    );
    const inHandler = edited.filter((text) => text !== files['h.mjs']);
    const shared = fixes.flatMap(({ edits }) => edits).filter(({ file }) => file === 'stack.mjs');
    if (before.includes('stack.mjs')) {
      const mended = { ...files, 'stack.mjs': applyEdits(STACK, shared) };
      expect(mended['stack.mjs']).toContain('[cors(), httpErrorHandler(quiet)]');
      expect(findingsOf(mended).filter(({ rule }) => rule.id === RULE)).toEqual([]);
      return;
    }
    expect(inHandler).toEqual(after === undefined ? [] : [`${IMPORTS}${after}`]);
    if (after === undefined) {
      expect(fixes).toEqual([]);
      return;
    }
    const mended = filesOf(major, after);
    expect(findingsOf(mended).filter(({ rule }) => rule.id === RULE)).toEqual([]);
    const [was, is] = await runHandlers([files, mended].map((each) => ({ files: each, middy: major, events: [GONE] })));
    expect(was?.[0]?.answer).toMatchObject({ statusCode: 404 });
    expect(was?.[0]?.answer?.headers).not.toHaveProperty('Access-Control-Allow-Origin');
    expect(is?.[0]?.answer).toMatchObject({ statusCode: 404, headers: { 'Access-Control-Allow-Origin': APP } });
  });
}
