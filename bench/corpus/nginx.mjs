import { vocabulary } from './random.mjs';

const LOCATIONS = [
  (w) => ['proxy_pass http://backend;', 'proxy_set_header Host $host;', `proxy_read_timeout ${w.below(50) + 10}s;`],
  (w) => [
    `add_header Access-Control-Allow-Origin https://${w.host()} always;`,
    'add_header Access-Control-Allow-Credentials true always;',
    'proxy_pass http://backend;',
  ],
  () => ['add_header Cache-Control "public, max-age=300";', 'expires 5m;', 'proxy_pass http://backend;'],
  () => [
    'if ($request_method = OPTIONS) {',
    '    add_header Access-Control-Allow-Origin *;',
    '    add_header Access-Control-Allow-Methods "GET, POST, PUT";',
    '    return 204;',
    '}',
    'add_header Access-Control-Allow-Origin * always;',
    'proxy_pass http://backend;',
  ],
  (w) => [`root /var/www/${w.noun()};`, 'try_files $uri $uri/ /index.html;'],
  (w) => [
    'add_header Access-Control-Allow-Origin $cors_origin always;',
    'add_header Vary Origin always;',
    `alias /srv/${w.noun()}/;`,
  ],
];

/** A file of one `map` and one `server` with this many locations. */
export function nginxSite(random, locations) {
  const w = { ...vocabulary(random), below: random.below };
  const lines = [
    'map $http_origin $cors_origin {',
    '    default "";',
    `    "~^https://([a-z]+\\.)?${w.noun()}\\.example\\.com$" $http_origin;`,
    '}',
    '',
    'upstream backend {',
    '    server 127.0.0.1:3000;',
    '}',
    '',
    'server {',
    '    listen 80;',
    `    server_name ${w.host()};`,
    '',
    '    add_header Access-Control-Allow-Origin $cors_origin always;',
    '    add_header Vary Origin always;',
    '',
  ];
  for (let i = 0; i < locations; i++) {
    lines.push(`    # ${w.upper(w.name())}`, `    location /${w.noun()}s/${i}/ {`);
    lines.push(
      ...random
        .pick(LOCATIONS)(w)
        .map((line) => `        ${line}`),
      '    }',
      '',
    );
  }
  lines.push('}');
  return `${lines.join('\n')}\n`;
}
