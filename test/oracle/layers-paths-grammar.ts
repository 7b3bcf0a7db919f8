import type { Random } from './nginx-random';

/** A site of the proxy that hands every request it takes on to one application, under whatever path. */
export interface Proxying {
  readonly host: string;
  readonly text: string;
  /** Targets of requests that the site gets. */
  readonly targets: readonly string[];
}

/** Where the configuration says that the proxy listens, and the application behind it. */
export const WRITTEN = { proxy: 80, application: 3004 } as const;

/** The routes of the application: whole paths, and everything else. */
export const ROUTES = ['/items', '/v1/items', '/api/items', '/app/v1/items'] as const;

export const PROGRAM = `const express = require('express');
const app = express();
${ROUTES.map((route) => `app.get('${route}', (req, res) => res.json([]));\n`).join('')}app.all('*', (req, res) => res.json([]));
app.listen(${WRITTEN.application});
`;

const BEGINNINGS = ['/', '/api', '/api/', '/api/v1/', '/app', '/app/', '/v1/'] as const;
const APPLICATION = `http://127.0.0.1:${WRITTEN.application}`;

/** A site whose locations pass requests on with and without a path, rewritten, by variables and by regular expressions. */
export function makeProxying(random: Random, index: number): Proxying {
  const host = `p${index}.example.org`;
  const locations = new Map<string, string>();
  for (let i = 0; i <= random.below(3); i++) {
    const made = location(random);
    locations.set(made.name.replace('^~ ', ''), made.text);
  }
  const text = `server {
  listen 127.0.0.1:${WRITTEN.proxy};
  server_name ${host};
  add_header Access-Control-Allow-Origin https://app.example.com;
${random.chance(0.25) ? `  ${rewriting(random)}\n` : ''}${[...locations.values()].join('')}}
`;
  return { host, text, targets: targetsAt([...locations.keys()]) };
}

interface Location {
  /** What follows `location`. */
  readonly name: string;
  readonly text: string;
}

function location(random: Random): Location {
  const kind = random.pick(['prefix', 'prefix', 'prefix', 'first', 'exact', 'pattern', 'capture'] as const);
  switch (kind) {
    case 'prefix':
      return braced(random, random.pick(BEGINNINGS), random.pick([plain, withPath, withPath, byVariable]));
    case 'first':
      return braced(random, `^~ ${random.pick(BEGINNINGS)}`, random.pick([plain, withPath]));
    case 'exact':
      return braced(random, `= ${random.pick(['/api/items', '/api', '/app/'])}`, random.pick([plain, withPath]));
    case 'pattern':
      return braced(random, random.pick(['~ ^/api/', '~* ^/API/v1', '~ \\.json$', '~ /items']), plain);
    case 'capture':
      return braced(random, random.pick(['~ ^/api/(.*)$', '~ ^/app/(.+)', '~ ^/(?<rest>v1/.*)$']), byCapture);
  }
}

function braced(random: Random, name: string, pass: (random: Random, name: string) => readonly string[]): Location {
  const before = Array.from({ length: random.pick([0, 0, 1, 1, 2, 3]) }, () => step(random));
  const lines = [...before, ...pass(random, name)];
  return { name, text: `  location ${name} {\n${lines.map((line) => `    ${line}\n`).join('')}  }\n` };
}

function plain(random: Random): readonly string[] {
  return random.chance(0.15)
    ? [`set $backend 127.0.0.1:${WRITTEN.application};`, 'proxy_pass http://$backend;']
    : [`proxy_pass ${APPLICATION};`];
}

function withPath(random: Random): readonly string[] {
  return [`proxy_pass ${APPLICATION}${random.pick(['/', '/', '/v1/', '/v1', '/app/v1/', '/items', '/a%20b/'])};`];
}

/** With a variable in it, the whole path is what is asked for. */
function byVariable(random: Random): readonly string[] {
  return [
    `proxy_pass ${random.pick([
      `${APPLICATION}$uri`,
      `${APPLICATION}$uri$is_args$args`,
      `${APPLICATION}$request_uri`,
      `${APPLICATION}/v1$uri`,
      `${APPLICATION}/items?from=$uri`,
    ])};`,
  ];
}

function byCapture(random: Random, name: string): readonly string[] {
  const group = name.includes('<rest>') ? '$rest' : '$1';
  return [
    `proxy_pass ${random.pick([
      `${APPLICATION}/${group}`,
      `${APPLICATION}/v1/${group}`,
      `${APPLICATION}/${group}$is_args$args`,
      APPLICATION,
    ])};`,
  ];
}

function step(random: Random): string {
  if (random.chance(0.15)) return 'break;';
  if (random.chance(0.15)) return `set $path ${random.pick(['/v1', '$uri', '/api$uri'])};`;
  if (random.chance(0.15)) return `if ($request_method = ${random.pick(['GET', 'POST'])}) { ${rewriting(random)} }`;
  return rewriting(random);
}

function rewriting(random: Random): string {
  const [from, group] = random.pick([
    ['^/api/(.*)$', '$1'],
    ['^/api/(.*)', '$1'],
    ['^/api/?(.*)$', '$1'],
    ['^/app(/.*)$', '$1'],
    ['^/api(.*)$', '$1'],
    ['/api/(.*)', '$1'],
    ['^/(.*)$', '$1'],
    ['^/v1/(.+)$', '$1'],
    ['^(.*)$', '$1'],
    ['^/api/(v1)/(.*)$', '$1/$2'],
    ['^/api/items$', ''],
  ] as const);
  const to = random.pick(['/', '/', '/v1/', '/api/', '/app/v1/', '', '/items?x=']);
  const target = group.startsWith('$') || to !== '' ? to + group : '/items';
  const flag = random.pick([' break', ' break', ' break', ' last', '']);
  return `rewrite ${from} ${target}${random.chance(0.1) ? '?' : ''}${flag};`;
}

/** Paths that begin as the locations do, with what follows a name, and what is written in another way. */
function targetsAt(names: readonly string[]): string[] {
  const ends = [
    'items',
    'v1/items',
    'items/7?page=2',
    'a%20b',
    "a%23b%3Fc;d=e'f",
    'x.json',
    'q%22%5B%7B%7D%7C%5E%60%3C%3E%5C%26+%2B%5D',
    '%C3%A9',
    'a//b',
    '',
  ];
  const begins = new Set([
    '/',
    '/api/',
    '/app/',
    '/v1/',
    ...names.flatMap((name) => /^(\/[\w/]*)$/.exec(name)?.[1] ?? []),
  ]);
  return [...begins].flatMap((begin) => ends.map((end) => begin + end));
}
