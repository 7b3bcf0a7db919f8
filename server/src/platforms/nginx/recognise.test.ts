import { beforeAll, describe, expect, test } from 'vitest';
import { memoryHost } from '../../../../test/harness/memoryHost';
import { lint } from '../../lint/engine';
import { rules } from '../../lint/registry';
import { DEFAULT_SETTINGS } from '../../lint/settings';
import { nginx } from './platform';
import { isNginx } from './recognise';

const SITE = 'server {\n  location / {\n    add_header Access-Control-Allow-Origin *;\n  }\n}\n';

test.each([
  ['/etc/nginx/nginx.conf', true],
  ['/etc/nginx/sites-available/default', true],
  ['/etc/nginx/sites-enabled/app.example.com', true],
  ['/etc/nginx/http.d/default.conf', true],
  ['vhost.d/api.example.com', true],
  ['docker/default.conf', true],
  ['docker/default.conf.template', true],
  ['docker/site.conf.in', true],
  ['nginx/templates/default.template', true],
  ['nginx/snippets/cors', true],
  ['nginx/snippets/cors.inc', true],
  ['nginx.tmpl', true],
  ['app.vhost.example', true],
  ['web/include/page.inc', false],
  ['nginx/README.md', false],
  ['nginx/start.sh', false],
  ['apache2/site.conf', false],
  ['mail/postfix.cf', false],
])('%s: %s', (file, expected) => {
  expect([isNginx(file, undefined), isNginx(file, SITE)]).toEqual([expected, expected]);
});

describe('a part whose includer is not in the workspace', () => {
  beforeAll(() => nginx.prepare?.());

  const HEADERS = 'add_header Access-Control-Allow-Origin https://app.example.com;\n';
  const LOCATION = `location /api/ {\n  add_header X-A 1;\n  proxy_pass http://127.0.0.1:3000;\n}\n`;
  const find = (file: string, files: Readonly<Record<string, string>>): string[] => {
    const host = memoryHost(new Map(Object.entries(files)));
    const text = files[file] ?? '';
    return lint({ platform: nginx, file, text, host, settings: DEFAULT_SETTINGS, rules }).findings.map(
      ({ rule }) => rule.id,
    );
  };

  test.each([
    ['of a location', HEADERS],
    ['of a server', LOCATION],
    ['of a server, with headers of its own', `${HEADERS}${LOCATION}`],
    ['of a location that answers OPTIONS', `if ($request_method = OPTIONS) {\n  return 204;\n}\n${HEADERS}`],
  ])('%s says nothing of what may be missing', (_name, text) => {
    expect(find('snippets/part.conf', { 'snippets/part.conf': text })).toEqual([]);
  });

  const SHADOWED = `server {\n  ${HEADERS}  ${LOCATION}}\n`;

  test.each([
    ['a site', 'sites-available/app', {}],
    ['a file of conf.d', 'conf.d/app.conf', {}],
    ['a template', 'nginx/templates/default.conf.template', {}],
    [
      'what a Dockerfile copies',
      'docker/default.conf',
      { 'docker/nginx.conf': 'events {}\nhttp {\n  include /etc/nginx/conf.d/*.conf;\n}\n' },
    ],
  ])('%s is judged as a part of http', (_name, file, others) => {
    expect(find(file, { ...others, [file]: SHADOWED })).toContain('nginx-headers-not-inherited');
  });

  test('goes by the nginx.conf above only if that brings it in', () => {
    const file = 'nginx/conf.d/app.conf';
    const site = `server {\n  location / {\n    add_header Access-Control-Allow-Origin $allowed always;\n    add_header Vary Origin always;\n    return 200;\n  }\n}\n`;
    const main = (include: string): string =>
      `events {}\nhttp {\n  map $http_origin $allowed {\n    default $http_origin;\n  }\n  ${include}\n}\n`;
    const both = (include: string): string[] => find(file, { [file]: site, 'nginx/nginx.conf': main(include) });
    expect(both('include /etc/nginx/conf.d/*.conf;')).toContain('reflected-origin');
    expect(both('include conf.d/app.conf;')).toContain('reflected-origin');
    expect(both('include sites/*.conf;')).toEqual([]);
  });

  test('an include of another folder may bring any header', () => {
    const site = (include: string): string =>
      `server {\n  ${HEADERS}  location /api/ {\n    ${include}\n    add_header X-A 1;\n    proxy_pass http://127.0.0.1:3000;\n  }\n}\n`;
    expect(find('app.conf', { 'app.conf': site('') })).toContain('nginx-headers-not-inherited');
    for (const include of ['/etc/other/*.conf', '${DIR}/*.conf', 'missing.conf', '$host.conf']) {
      expect(find('app.conf', { 'app.conf': site(`include ${include};`) })).not.toContain(
        'nginx-headers-not-inherited',
      );
    }
  });
});
