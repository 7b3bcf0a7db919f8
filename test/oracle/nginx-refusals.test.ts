import { expect, test } from 'vitest';
import type { Refusal } from '../../server/src/platforms/nginx/inspect/refusal';
import { type NginxAnswer, nginxTest } from '../harness/nginx';
import { suiteNeeds } from '../harness/require';
import { chooseSeed, type Random, randomFrom } from './nginx-random';
import { refusalsOf } from './nginx-refusals';

/**
 * What we say that nginx refuses, against `nginx -t`: of generated sites, many with a fault. nginx stops at the first
 * fault and we name them all, so its complaint has to be among ours, and without a complaint we have to be silent.
 */

const seed = chooseSeed();
/** `CASES=5000` for more than the sample. */
const CASES = Number(process.env['CASES'] ?? 300);

suiteNeeds('nginx')(`refusals against nginx -t, SEED=${seed}`, () => {
  test(
    `${CASES} generated sites`,
    () => {
      const random = randomFrom(seed);
      const counts = { accepted: 0, refused: 0, unforeseen: 0 };
      for (let i = 0; i < CASES; i += 1) {
        counts[judge(site(random))] += 1;
      }
      // Else the generator makes nothing but faults, or faults that are not ours.
      expect(Math.min(counts.accepted, counts.refused)).toBeGreaterThan(CASES / 20);
      expect(counts.unforeseen).toBeLessThan(CASES / 10);
      if (CASES > 300) console.log(JSON.stringify(counts));
    },
    10_000 + CASES * 100,
  );

  test(
    `${CASES} generated patterns`,
    () => {
      const random = randomFrom(seed + 1);
      for (let i = 0; i < CASES; i += 1) {
        const pattern = patternText(random);
        const text = `map $uri $a {\n"~${pattern.replace(/["\\]/g, '\\$&')}" 1;\n}`;
        const answer = nginxTest(text);
        const [refusal] = refusalsOf(text);
        const shown = JSON.stringify({ pattern, answer, refusal });
        if (answer.ok) expect(refusal, shown).toBeUndefined();
        else if (refusal !== undefined) expect(answer.message.startsWith(refusal.said), shown).toBe(true);
      }
    },
    10_000 + CASES * 100,
  );
});

/** Complaints that are not foreseen: about the machine, other settings, and what only a module knows. */
const OTHERS =
  /^(?:host not found|unknown "|could not build|no ssl|invalid (?:value "[^"]*"$|parameter "(?!b$|c$))|"(?:alias|root)" directive is dup)/;

function judge(text: string): 'accepted' | 'refused' | 'unforeseen' {
  const answer = nginxTest({ text, context: 'main' });
  const found = refusalsOf(text);
  const shown = `SEED=${seed} ${JSON.stringify({ answer, found: found.map(({ said }) => said) })}\n${text}`;
  if (answer.ok) {
    expect(found, shown).toEqual([]);
    return 'accepted';
  }
  // The structure is told alone.
  if (found[0]?.cause.kind === 'structure') return 'refused';
  if (isAmong(answer, found, text)) return 'refused';
  expect(answer.message, shown).toMatch(OTHERS);
  return 'unforeseen';
}

function isAmong(answer: NginxAnswer, found: readonly Refusal[], text: string): boolean {
  return found.some(
    ({ said, range }) =>
      answer.message.startsWith(said) &&
      (answer.line === undefined || answer.line >= text.slice(0, range.start).split('\n').length),
  );
}

function site(random: Random): string {
  const blocks = [() => server(random), () => map(random), () => server(random)];
  let text = '';
  for (let i = random.below(2); i >= 0; i -= 1) text += random.pick(blocks)();
  return `events { }\nhttp {\n${text}${random.chance(0.05) ? statement(random) : ''}}\n`;
}

function server(random: Random): string {
  return `server {\n${inside(random, 1, '/')}}\n`;
}

function inside(random: Random, depth: number, path: string): string {
  let text = '';
  for (let i = random.below(5); i > 0; i -= 1) {
    const nested = random.chance(0.9) ? `${path}${random.pick(['a', 'b', 'c'])}/` : '/z';
    text += random.chance(depth < 4 ? 0.4 : 0) ? block(random, depth, nested) : statement(random);
  }
  return text;
}

function block(random: Random, depth: number, path: string): string {
  const head = random.pick([
    () => `location ${path}`,
    () => `location ${path}`,
    () => `location ${random.pick(['=', '^~', '~', '~*', '~', '!'])} ${path}`,
    () => `location ${random.pick(['=', '^~', '~', '~*'])}${path}`,
    () => `location @${random.pick(['a', 'b'])}`,
    () => `location ~ ${random.pick(['\\.php$', '*.php', '(a', '^/(a|b)'])}`,
    () => `if ${condition(random)}`,
    () => `if ${condition(random)}`,
    () => `limit_except ${random.pick(['GET', 'POST', 'get OPTIONS', 'FOO', ''])}`,
  ])();
  return `${head} {\n${inside(random, depth + 1, path)}}\n`;
}

function condition(random: Random): string {
  return random.pick([
    '($request_method = OPTIONS)',
    '($http_origin ~* "^https://a")',
    '( $uri )',
    '(!-f $request_filename)',
    '($uri == a)',
    '($uri = a && $uri)',
    '$uri',
    '(${uri} = a)',
    '($uri ~ "(a")',
    '($request_method ~ "[a")',
  ]);
}

const STATEMENTS: readonly string[] = [
  'add_header A b;',
  'add_header A b always;',
  'add_header A "b c";',
  'add_header A b c;',
  'add_header A;',
  'add_header A "$http_origin";',
  'add_header A $http-origin;',
  'add_header A "${http_origin";',
  'add_header A "a$";',
  'add_headers A b;',
  'add-header A b;',
  'proxypass http://127.0.0.1;',
  'Return 200;',
  'return 204;',
  'return 200 "$uri";',
  'return https://a.example;',
  'return /a;',
  'return 2000;',
  'return abc "x";',
  'return;',
  'proxy_pass http://127.0.0.1;',
  'proxy_pass http://127.0.0.1:81/;',
  'proxy_pass http://127.0.0.1/a;',
  'proxy_pass http://127.0.0.1$request_uri;',
  'proxy_pass 127.0.0.1;',
  'proxy_pass http://unix:/tmp/a:/b;',
  'proxy_hide_header A;',
  'proxy_set_header A $host;',
  'proxy_set_header A;',
  'error_page 404 /x;',
  'error_page 404 500 = /x;',
  'error_page 404 =200 /x;',
  'error_page 404 =abc /x;',
  'error_page 200 /x;',
  'error_page 499 /x;',
  'error_page 404;',
  'error_page 404 = 200 /x;',
  'set $v a;',
  'set v a;',
  'set $v;',
  'rewrite ^/a /b last;',
  'rewrite (a /b;',
  'rewrite ^/a;',
  'root /srv;',
  'index a.html;',
  'try_files $uri =404;',
  'expires 1h;',
  'expires off;',
  'gzip on;',
  'gzip off;',
  'gzip true;',
  'sendfile yes;',
  'etag on;',
  'autoindex On;',
  'internal;',
  'internal a;',
  'break;',
  'satisfy any;',
  'allow all;',
  'deny all;',
  'auth_basic "x";',
  'auth_basic off;',
  'auth_request /x;',
  'listen 127.0.0.1:8080;',
  'server_name a.example ~^b\\.;',
  'server_name ~*a;',
  'client_max_body_size 1m;',
  'default_type text/plain;',
  'more_set_headers "A: b";',
  'access_log off;',
  'access_log off',
  'location /x;',
  'root /x { }',
  'worker_processes 1;',
  'least_conn;',
  '# nothing',
];

function statement(random: Random): string {
  return `${random.pick(STATEMENTS)}\n`;
}

function map(random: Random): string {
  let entries = '';
  for (let i = random.below(5); i >= 0; i -= 1) {
    entries += random.pick([
      'default "";\n',
      'a 1;\n',
      '"A" 1;\n',
      `k${i} 1;\n`,
      `"https://a${i}.example" $http_origin;\n`,
      '"~^https://a" 1;\n',
      `~*b${i} 1;\n`,
      '~(b 1;\n',
      '~+b 1;\n',
      'b 1 2;\n',
      'c;\n',
      'volatile;\n',
    ]);
  }
  return `map $http_origin ${random.pick(['$c', '$c', '$d', 'c'])} {\n${entries}}\n`;
}

const PIECES = [
  'a',
  'b',
  '/',
  '.',
  '*',
  '+',
  '?',
  '{2}',
  '{2,1}',
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  '|',
  '^',
  '$',
  '\\.',
  '\\d',
  '(?:',
  '(?=',
  '(?<n>',
  '[a-z]',
  '[^/]',
  '-',
  ',',
  '\\b',
  '(?i)',
  '1',
  '{,3}',
  '{1,}',
];

function patternText(random: Random): string {
  let text = '';
  for (let i = random.below(7); i >= 0; i -= 1) text += random.pick(PIECES);
  return text;
}
