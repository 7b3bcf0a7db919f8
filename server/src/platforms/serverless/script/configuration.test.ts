import { beforeAll, describe, expect, test } from 'vitest';
import { memoryHost } from '../../../../../test/harness/memoryHost';
import { resolveResponse } from '../../../cors/resolve';
import { applyEdits } from '../../../lint/edits';
import { type LintInput, lint } from '../../../lint/engine';
import { rules } from '../../../lint/registry';
import { DEFAULT_SETTINGS } from '../../../lint/settings';
import { serverless } from '../platform';

beforeAll(() => serverless.prepare?.());

type Files = Readonly<Record<string, string>>;

function inputFor(file: string, files: Files): LintInput {
  const host = memoryHost(new Map(Object.entries(files)));
  const onCrash: NonNullable<LintInput['onCrash']> = ({ error }) => {
    throw error;
  };
  return { platform: serverless, file, text: files[file] ?? '', host, settings: DEFAULT_SETTINGS, rules, onCrash };
}

/** Every endpoint with what it answers a preflight and a plain request, as far as that is known. */
function answers(file: string, files: Files): string[] {
  const { endpoints } = serverless.analyse(file, files[file] ?? '', inputFor(file, files).host, {});
  return endpoints.flatMap((endpoint) =>
    ['OPTIONS', 'GET'].flatMap((method) => {
      const origin = 'https://app.example.com';
      const request = {
        method,
        scheme: 'https' as const,
        path: endpoint.path,
        origin,
        headers: new Map(),
        ending: 'success' as const,
      };
      return endpoint.respond(request).flatMap((response) =>
        resolveResponse(response, request).map(({ headers }) => {
          const sent = headers.map(({ name, text }) => `${name}: ${text ?? '?'}`).sort();
          return `${endpoint.label} ${method} ${response.status} ${response.open === undefined ? '' : 'open '}${sent.join('; ')}`;
        }),
      );
    }),
  );
}

const HANDLER = `exports.f = async () => ({ statusCode: 200, headers: { 'Access-Control-Allow-Origin': '*' }, body: '' });`;

const service = (event: string, more = ''): string =>
  `functions:\n  f:\n    handler: h.f\n    events:\n      - http: ${event}\nprovider: { name: aws }\n${more}`;

/** Modules that say the same as YAML. */
const alike: Readonly<Record<string, readonly [files: Files, yaml: string]>> = {
  'module.exports': [
    {
      'serverless.js': `module.exports = { provider: { name: 'aws' }, functions: { f: { handler: 'h.f', events: [{ http: { path: 'a', method: 'get', cors: true } }] } } };`,
    },
    service('{ path: a, method: get, cors: true }'),
  ],
  'export default with a type': [
    {
      'serverless.ts': `import type { AWS } from '@serverless/typescript';\nconst config: AWS = { service: 'x', provider: { name: 'aws' }, functions: { f: { handler: 'h.f', events: [{ http: 'GET a' }] } } };\nexport default config;`,
    },
    service('GET a'),
  ],
  'a shared constant': [
    {
      'serverless.ts': `const cors = { origin: 'https://app.example.com', allowCredentials: true } as const;\nconst config = { provider: { name: 'aws' }, functions: { f: { handler: 'h.f', events: [{ http: { path: 'a', method: 'get', cors } }] } } };\nmodule.exports = config;`,
    },
    service('{ path: a, method: get, cors: { origin: "https://app.example.com", allowCredentials: true } }'),
  ],
  'a spread': [
    {
      'serverless.mjs': `const base = { origin: '*', maxAge: 60 };\nexport default { provider: { name: 'aws' }, functions: { f: { handler: 'h.f', events: [{ http: { path: 'a', method: 'get', cors: { ...base, origin: 'https://app.example.com' } } }] } } };`,
    },
    service('{ path: a, method: get, cors: { maxAge: 60, origin: "https://app.example.com" } }'),
  ],
  'an import': [
    {
      'serverless.cjs': `const { cors } = require('./cors');\nmodule.exports = { provider: { name: 'aws' }, functions: { f: { handler: 'h.f', events: [{ http: { path: 'a', method: 'get', cors } }] } } };`,
      'cors.js': `exports.cors = { origins: ['https://app.example.com', 'https://admin.example.com'] };`,
    },
    service('{ path: a, method: get, cors: { origins: ["https://app.example.com", "https://admin.example.com"] } }'),
  ],
  "the framework's variables": [
    {
      'serverless.ts': `export default { custom: { origin: 'https://app.example.com' }, provider: { name: 'aws' }, functions: { f: { handler: 'h.f', events: [{ http: { path: 'a', method: 'get', cors: { origin: '\${self:custom.origin}' } } }] } } };`,
    },
    service(
      '{ path: a, method: get, cors: { origin: "${self:custom.origin}" } }',
      'custom: { origin: "https://app.example.com" }',
    ),
  ],
  'a key that is undefined': [
    {
      'serverless.ts': `export default { provider: { name: 'aws' }, functions: { f: { handler: 'h.f', events: [{ http: { path: 'a', method: 'get', cors: undefined } }] } } };`,
    },
    service('{ path: a, method: get }'),
  ],
  'functions of their own, with the helper of the template': [
    {
      'serverless.ts': `import hello from '@functions/hello';\nexport default { provider: { name: 'aws' }, functions: { hello } };`,
      'tsconfig.json': `{ "compilerOptions": { "baseUrl": ".", "paths": { "@functions/*": ["src/functions/*"], "@libs/*": ["src/libs/*"] } } }`,
      'src/libs/handler-resolver.ts': `export const handlerPath = (context: string) => \`\${context.split(process.cwd())[1].substring(1)}\`;`,
      'src/functions/hello/index.ts': `import { handlerPath } from '@libs/handler-resolver';\nexport default { handler: \`\${handlerPath(__dirname)}/handler.main\`, events: [{ http: { method: 'post', path: 'hello', cors: true } }] };`,
      'src/functions/hello/handler.ts': `export const main = async () => ({ statusCode: 200, body: '' });`,
    },
    `provider: { name: aws }\nfunctions:\n  hello:\n    handler: src/functions/hello/handler.main\n    events: [{ http: { method: post, path: hello, cors: true } }]`,
  ],
  'an environment variable with something in its stead': [
    {
      'serverless.ts': `export default { provider: { name: 'aws' }, functions: { f: { handler: 'h.f', events: [{ http: { path: 'a', method: 'get', cors: { origin: process.env.ORIGIN || '*' } } }] } } };`,
    },
    service('{ path: a, method: get, cors: { origin: "${env:ORIGIN, \'*\'}" } }'),
  ],
};

/** Modules of which something is decided elsewhere. */
const unread: Readonly<Record<string, readonly [text: string, answered: readonly string[]]>> = {
  'an object that is spread from elsewhere': [
    `import base from 'shared';\nexport default { ...base, functions: { f: { handler: 'h.f', events: [{ http: 'GET a' }] } } };`,
    [],
  ],
  'a configuration that is changed': [
    `const config = { provider: { name: 'aws' }, functions: { f: { handler: 'h.f', events: [{ http: 'GET a' }] } } };\naddCors(config);\nmodule.exports = config;`,
    [],
  ],
  'a function call': [`module.exports = make({ provider: {}, functions: {} });`, []],
  'cors that is called for': [
    `import { corsFor } from 'shared';\nexport default { provider: { name: 'aws' }, functions: { f: { handler: 'h.f', events: [{ http: { path: 'a', method: 'get', cors: corsFor('a') } }] } } };`,
    ['GET /a (f) OPTIONS 200 open ', 'GET /a (f) GET 200 Access-Control-Allow-Origin: *'],
  ],
  'cors with a spread from elsewhere': [
    `import { base } from 'shared';\nexport default { provider: { name: 'aws' }, functions: { f: { handler: 'h.f', events: [{ http: { path: 'a', method: 'get', cors: { ...base, maxAge: 1 } } }] } } };`,
    ['GET /a (f) OPTIONS 200 open ', 'GET /a (f) GET 200 Access-Control-Allow-Origin: *'],
  ],
};

describe('a configuration that is a module', () => {
  test.each(Object.entries(alike))('says the same as YAML: %s', (_, [files, yaml]) => {
    const [file = ''] = Object.keys(files);
    const read = answers(file, { 'h.js': HANDLER, ...files });
    expect(read).not.toEqual([]);
    expect(read).toEqual(answers('serverless.yml', { 'h.js': HANDLER, ...files, 'serverless.yml': yaml }));
  });

  test.each(Object.entries(unread))('is not guessed at: %s', (_, [text, answered]) => {
    expect(answers('serverless.ts', { 'serverless.ts': text, 'h.js': HANDLER })).toEqual(answered);
  });
});

describe('fixes in a module', () => {
  const faulty = (cors: string): string =>
    `export default {\n  provider: { name: 'aws' },\n  functions: {\n    f: {\n      handler: 'h.f',\n      events: [{ http: { path: 'a', method: 'put', cors: ${cors} } }],\n    },\n  },\n};\n`;

  /** What the preferred fix of each finding makes of `cors`; null where there is none. */
  const cases: readonly (readonly [before: string, after: Readonly<Record<string, string | null>>])[] = [
    [
      `{ allowedOrigins: ['https://app.example.com'] }`,
      { 'serverless-cors-key': `{ origins: ['https://app.example.com'] }` },
    ],
    [
      `{ 'allowedOrigins': ["https://app.example.com"] }`,
      { 'serverless-cors-key': `{ 'origins': ["https://app.example.com"] }` },
    ],
    [`{ origin: 'https://app.example.com/' }`, { 'invalid-origin': `{ origin: 'https://app.example.com' }` }],
    [`{ origin: "https://app.example.com/" }`, { 'invalid-origin': `{ origin: "https://app.example.com" }` }],
  ];

  test.each(cases)('%s', (before, after) => {
    const files = {
      'serverless.ts': faulty(before),
      'h.js': `exports.f = async () => ({ statusCode: 200, headers: { 'Access-Control-Allow-Origin': 'https://app.example.com' } });`,
    };
    const made = lint(inputFor('serverless.ts', files)).findings.map((finding) => {
      const fix = finding.fixes().find(({ preferred }) => preferred);
      const text = fix && applyEdits(files['serverless.ts'], fix.edits);
      return [finding.rule.id, text === undefined ? null : text];
    });
    const wanted = Object.entries(after).map(([id, text]) => [id, text === null ? null : faulty(text)]);
    expect(made).toEqual(wanted);
  });
});
