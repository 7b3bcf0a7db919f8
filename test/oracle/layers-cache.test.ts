import { expect, test } from 'vitest';
import { platforms, rules } from '../../server/src/lint/registry';
import { nodeDisk } from '../../server/src/workspace/nodeDisk';
import { openWorkspace } from '../../server/src/workspace/openWorkspace';
import { openScratch } from '../../server/src/workspace/testing/scratch';
import { startExpress } from '../harness/express';
import { startNginx } from '../harness/nginx';
import { suiteNeeds } from '../harness/require';

/**
 * What the real nginx keeps of an application's answers, and whom it hands them to. Two origins ask one after the
 * other; where a cache is said not to tell them apart, the second one gets the first one's header, and only there.
 */

const APP = 'https://app.example.com';
const ADMIN = 'https://admin.example.com';

const BY_HAND = `app.use((req, res, next) => {
  if (['${APP}', '${ADMIN}'].includes(req.headers.origin)) res.header('Access-Control-Allow-Origin', req.headers.origin);
  next();
});`;
const PACKAGE = `app.use(require('cors')({ origin: ['${APP}', '${ADMIN}'] }));`;
const header = (name: string, value: string): string =>
  `${BY_HAND}\napp.use((req, res, next) => { res.header('${name}', '${value}'); next(); });`;

const KEEPS = 'proxy_cache api; proxy_cache_valid 200 10m;';

const CASES: readonly (readonly [name: string, lines: string, program: string, isMixed: boolean])[] = [
  ['no Vary', KEEPS, BY_HAND, true],
  ['Vary: Origin', KEEPS, PACKAGE, false],
  ['Vary that is ignored', `${KEEPS} proxy_ignore_headers Vary;`, PACKAGE, true],
  ['Vary that is hidden', `${KEEPS} proxy_hide_header Vary;`, PACKAGE, false],
  ['Vary of another header', KEEPS, header('Vary', 'Accept-Language'), true],
  ['the origin in the key', `${KEEPS} proxy_cache_key $host$uri$http_origin;`, BY_HAND, false],
  ['a key without it', `${KEEPS} proxy_cache_key $host$uri;`, BY_HAND, true],
  ['nothing said of how long', 'proxy_cache api;', BY_HAND, false],
  ['how long, said by the application', 'proxy_cache api;', header('Cache-Control', 'public, max-age=60'), true],
  ['private', KEEPS, header('Cache-Control', 'private'), false],
  ['no-store', KEEPS, header('Cache-Control', 'no-store'), false],
  ['a cookie', KEEPS, header('Set-Cookie', 'a=1'), false],
  ['other statuses only', 'proxy_cache api; proxy_cache_valid 404 10m;', BY_HAND, false],
  ['any status', 'proxy_cache api; proxy_cache_valid any 10m;', BY_HAND, true],
  ['turned off', 'proxy_cache off; proxy_cache_valid 200 10m;', BY_HAND, false],
  [
    "nginx's own header",
    `${KEEPS} proxy_hide_header Access-Control-Allow-Origin; add_header Access-Control-Allow-Origin $http_origin always;`,
    BY_HAND,
    false,
  ],
];

suiteNeeds('nginx')('caches of the real nginx', () => {
  test.each(CASES)('%s', async (_, lines, body, isMixed) => {
    const program = `const express = require('express');\nconst app = express();\n${body}\napp.get('/users', (req, res) => res.json([]));\napp.listen(3001);\n`;
    const application = await startExpress({ version: 5, name: 'server.js', text: program });
    const proxy = await startNginx((port) => ({ text: site(lines, port, application.port) }));
    const scratch = openScratch({ 'nginx.conf': site(lines, 80, 3001), 'server.js': program });
    try {
      await allowOrigin(proxy.url, APP);
      const mixed = (await allowOrigin(proxy.url, ADMIN)) !== ADMIN;
      expect(mixed).toBe(isMixed);
      const workspace = openWorkspace({ root: scratch.root, disk: nodeDisk, platforms, rules });
      const conf = scratch.at('nginx.conf');
      const isTold = async (): Promise<boolean> =>
        (await workspace.lintWhole(conf)).findings.some(({ rule }) => rule.id === 'cache-without-origin');
      expect(await isTold()).toBe(isMixed);
      if (!isMixed) return;
      const { texts } = await workspace.fixAll(conf);
      const fixed = texts.get(conf) ?? '';
      const again = await startNginx((port) => ({ text: relocated(fixed, port, application.port) }));
      await allowOrigin(again.url, APP);
      const after = await allowOrigin(again.url, ADMIN);
      await again.stop();
      expect(after).toBe(ADMIN);
    } finally {
      await proxy.stop();
      await application.stop();
      scratch.remove();
    }
  });
});

function site(lines: string, port: number, application: number): string {
  return `proxy_cache_path cache keys_zone=api:1m;
server {
  listen 127.0.0.1:${port};
  location / {
    ${lines}
    proxy_pass http://127.0.0.1:${application};
  }
}
`;
}

/** The site on other ports. */
function relocated(text: string, port: number, application: number): string {
  return text.replace(':80;', `:${port};`).replace(':3001;', `:${application};`);
}

async function allowOrigin(url: string, origin: string): Promise<string | null> {
  const response = await fetch(`${url}/users`, { headers: { Origin: origin } });
  await response.text();
  return response.headers.get('access-control-allow-origin');
}
