import { readRules } from './rules.mjs';

const LEVELS = {
  off: 'Do not check.',
  hint: 'Show as a hint.',
  info: 'Show as information.',
  warning: 'Show as a warning.',
  error: 'Show as an error: the command line exits with 1.',
};

/** schemas/corslintrc.schema.json, with every rule, for editors to complete and check `.corslintrc.json` by. */
export async function schema(root) {
  const rules = await readRules(root);
  return { files: [{ path: 'schemas/corslintrc.schema.json', text: `${JSON.stringify(build(rules), null, 2)}\n` }] };
}

/** What a configuration may switch off: id and what it reads. */
export const PLATFORMS = {
  nginx: 'nginx files.',
  express: 'Express, and NestJS, Next.js, Fastify, Koa, Hono and socket.io with it.',
  serverless: 'Services of the Serverless Framework, and the handlers that they name.',
  cloudformation: 'Templates of CloudFormation and SAM, and the handlers that they name.',
  frontend: 'The calls that pages make, and whether the servers of the workspace allow them.',
};

/** The engine's own rule, which has no folder. */
export const ENGINE_RULES = [
  { id: 'unused-suppression', meta: { title: 'a suppression that suppresses nothing', severity: 'info' } },
];

function build(rules) {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'CORS Lint',
    description: 'What CORS Lint checks in this folder and the folders in it.',
    type: 'object',
    additionalProperties: false,
    allowComments: true,
    allowTrailingCommas: true,
    properties: {
      $schema: { type: 'string', description: 'Where this schema is.' },
      rules: {
        type: 'object',
        markdownDescription:
          "How loud each rule is: a rule's id, and `off`, `hint`, `info`, `warning` or `error`. Rules that are not listed keep their usual severity.",
        additionalProperties: false,
        properties: Object.fromEntries([...rules, ...ENGINE_RULES].map(property)),
        examples: [{ 'wildcard-origin': 'warning', 'invalid-max-age': 'off' }],
      },
      platforms: {
        type: 'object',
        markdownDescription: 'What is read: `false` switches a platform off, and its files are left alone.',
        additionalProperties: false,
        properties: platformSwitches(),
        examples: [{ frontend: false }],
      },
      ignore: {
        type: 'array',
        markdownDescription:
          'Files and folders to leave out, in patterns as in `.gitignore`, seen from the folder of this file. What `.gitignore` lists is left out anyway; `!pattern` takes something back in.',
        items: { type: 'string', minLength: 1 },
        examples: [['legacy/', '!legacy/gateway.conf']],
      },
      origins: {
        type: 'array',
        markdownDescription:
          'The origins of the front ends that use these servers, as a browser sends them: scheme, host, and the port where it is not the usual one. A server that would refuse one of them is reported.',
        items: { type: 'string', pattern: '^([a-z][a-z0-9+.-]*://[^/\\s?#]+)$' },
        uniqueItems: true,
        examples: [['https://app.example.com', 'http://localhost:5173']],
      },
      nginxVersion: {
        type: 'string',
        markdownDescription:
          'The version of nginx that the files are for. What `add_header` inherits and which fixes are offered depend on it.',
        pattern: '^\\d+\\.\\d+(\\.\\d+)?$',
        examples: ['1.29.3'],
      },
    },
  };
}

export function platformSwitches() {
  return Object.fromEntries(
    Object.entries(PLATFORMS).map(([id, description]) => [id, { type: 'boolean', default: true, description }]),
  );
}

function property({ id, meta }) {
  const usual = meta.off ? 'off' : meta.severity;
  return [
    id,
    {
      enum: Object.keys(LEVELS),
      enumDescriptions: Object.values(LEVELS),
      markdownDescription: `Finds: ${meta.title}. Usually \`${usual}\`.`,
    },
  ];
}
