import { beforeAll, describe, expect, it } from 'vitest';
import { memoryHost } from '../../../test/harness/memoryHost';
import { chooseSeed, randomFrom } from '../../../test/oracle/nginx-random';
import { find, type LintInput } from './find';
import { platforms, rules } from './registry';
import { DEFAULT_SETTINGS } from './settings';
import type { NeutralRule, Platform } from './types';

const SEED = chooseSeed();
const FILES = 20;

type Pick = <T>(list: readonly T[]) => T;

const HOSTS = ['https://a.example', 'https://b.example', 'null', '*'];

const EXPRESS_SETUPS = [
  'app.use(cors());',
  "app.use(cors({ origin: ['https://a.example', 'https://b.example'], credentials: true }));",
  'app.use(cors({ origin: /https:\\/\\/.*\\.a\\.example/, credentials: true }));',
  "app.use((req, res, next) => {\n  res.header('Access-Control-Allow-Origin', req.headers.origin);\n  res.header('Access-Control-Allow-Credentials', 'true');\n  next();\n});",
  "app.use((req, res, next) => {\n  res.setHeader('Access-Control-Allow-Origin', process.env.ORIGIN || 'https://a.example');\n  if (req.method === 'OPTIONS') return res.sendStatus(204);\n  next();\n});",
  '',
];

function expressHandler(pick: Pick): string {
  const set = `res.set('Access-Control-Allow-Origin', '${pick(HOSTS)}');`;
  return pick([
    '(req, res) => res.json([])',
    '(req, res) => { if (!req.body) return res.sendStatus(400); res.json(req.body); }',
    `(req, res) => { ${set} res.json([]); }`,
    `(req, res) => { if (req.get('Origin')) { ${set} } res.json([]); }`,
    `(req, res) => { if (!req.user) return res.sendStatus(401); ${set} res.json([]); }`,
    "(req, res) => { res.removeHeader('Vary'); res.json([]); }",
    "(req, res) => { if (req.path === '/x/1') res.set('Access-Control-Allow-Origin', '*'); res.end(); }",
  ]);
}

function express(pick: Pick): string {
  const lines = ["const app = require('express')();", "const cors = require('cors');", pick(EXPRESS_SETUPS)];
  const methods = ['get', 'post', 'put', 'delete', 'all'] as const;
  for (let i = 0; i < 8; i++) {
    const guard = pick(['', '', '', 'cors(), ', "cors({ origin: 'https://b.example' }), "]);
    lines.push(`app.${pick(methods)}('/x/${i}', ${guard}${expressHandler(pick)});`);
  }
  return lines.join('\n');
}

function nginx(pick: Pick): string {
  const add = () =>
    `add_header Access-Control-Allow-Origin ${pick([...HOSTS, '$http_origin'])}${pick(['', ' always'])};`;
  const lines = ['server {', '  server_name a.example;', `  ${pick(['', add()])}`];
  for (let i = 0; i < 8; i++) {
    const inside = pick([
      'proxy_pass http://up;',
      `${add()} proxy_pass http://up;`,
      `${add()} ${add()} return 200;`,
      `${add()} add_header Access-Control-Allow-Credentials true; proxy_pass http://up;`,
      `if ($request_method = OPTIONS) { ${add()} return 204; } ${add()} proxy_pass http://up;`,
      'root /srv;',
    ]);
    lines.push(`  location /x/${i}/ { ${inside} }`);
  }
  return [...lines, '}'].join('\n');
}

function serverless(pick: Pick): string {
  const lines = ['service: a', 'provider:', '  name: aws', '  runtime: nodejs20.x', 'functions:'];
  for (let i = 0; i < 8; i++) {
    const cors = pick([
      'cors: true',
      "cors: { origin: '*', allowCredentials: true }",
      'cors: { origins: [https://a.example, https://b.example], headers: [Content-Type] }',
      'authorizer: aws_iam',
    ]);
    lines.push(`  f${i}:`, '    handler: src/h.f', '    events:', '      - http:');
    lines.push(`          path: x/${i}`, `          method: ${pick(['get', 'post', 'put'])}`, `          ${cors}`);
  }
  return lines.join('\n');
}

const LANGUAGES = [
  { id: 'express', file: 'app.js', write: express },
  { id: 'nginx', file: 'nginx.conf', write: nginx },
  { id: 'serverless', file: 'serverless.yml', write: serverless },
];

function platformOf(id: string): Platform {
  const found = platforms.find((platform) => platform.id === id);
  if (found === undefined) throw new Error(`no platform ${id}`);
  return { ...found, analyse: (...args) => found.analyse(...args), rules: [] };
}

/** The platform with endpoints that are never like each other, so that every rule looks at each of them. */
function unshared(platform: Platform): Platform {
  return {
    ...platform,
    analyse(...args) {
      const { file, text, endpoints, settings, comments, errors, dependencies } = platform.analyse(...args);
      const apart = endpoints.map((endpoint, i) =>
        Object.create(endpoint, { platform: { value: `${endpoint.platform} ${i}` } }),
      );
      return { file, text, endpoints: apart, settings, comments, errors: errors ?? [], dependencies };
    },
  };
}

function input(platform: Platform, file: string, text: string, among: readonly NeutralRule[] = rules): LintInput {
  const onCrash = ({ error }: { readonly error: unknown }) => {
    throw error;
  };
  const host = memoryHost(new Map([[file, text]]));
  return { platform, file, text, host, settings: DEFAULT_SETTINGS, rules: among, onCrash };
}

const told = (lint: LintInput) =>
  find(lint).findings.map(({ rule, severity, place, message, related, exchange }) => {
    return { rule: rule.id, severity, place, message, related, call: exchange?.call, when: exchange?.when };
  });

describe.each(LANGUAGES)('judgements of $id files', ({ id, file, write }) => {
  const platform = platformOf(id);
  const random = randomFrom(SEED);
  const pick: Pick = (list) => random.pick(list);

  beforeAll(() => platform.prepare?.());

  it(`change nothing in what is found (seed ${SEED})`, () => {
    let all = 0;
    for (let i = 0; i < FILES; i++) {
      const text = write(pick);
      const apart = told(input(unshared(platform), file, text));
      all += apart.length;
      expect(told(input(platform, file, text)), text).toEqual(apart);
    }
    expect(all).toBeGreaterThan(FILES / 2);
  });

  it(`may be those of another text (seed ${SEED})`, () => {
    for (let i = 0; i < FILES; i++) {
      const text = write(pick);
      const lines = text.split('\n');
      const line = lines[4 + (i % 8)] ?? '';
      const edited = pick([
        text.replace('/x/3', '/x/long'),
        `\n${text}`,
        text.replace(line, `${line} `),
        text.replaceAll('a.example', 'c.example'),
        write(pick),
      ]);
      const { judgements } = find(input(platform, file, text));
      const after = input(platform, file, edited);
      expect(told(judgements === undefined ? after : { ...after, before: judgements }), edited).toEqual(told(after));
    }
  });

  it('save work', () => {
    const text = write((list) => list[0] ?? pick(list));
    let ran = 0;
    const counting = rules.flatMap((rule): NeutralRule[] => {
      if (rule.on !== 'endpoint') return [];
      const run: typeof rule.run = (subject) => {
        ran += 1;
        return rule.run(subject);
      };
      return [{ ...rule, run }];
    });
    const endpoints = platform.analyse(file, text, memoryHost(new Map()), {}).endpoints.length;
    const { judgements } = find(input(platform, file, text, counting));
    const first = ran;
    expect(first).toBeLessThan((endpoints * counting.length) / 2);
    const again = input(platform, file, ` ${text}`, counting);
    find(judgements === undefined ? again : { ...again, before: judgements });
    expect(ran - first).toBeLessThan(first / 2);
  });
});
