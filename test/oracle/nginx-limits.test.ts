import { beforeAll, expect, test } from 'vitest';
import { nginx } from '../../server/src/platforms/nginx/platform';
import { suiteNeeds } from '../harness/require';
import { agrees, described } from './nginx-agreement';
import { memoryHost } from './nginx-host';
import { startWorld } from './nginx-world';

/** What a limiter answers, and what comes before it: the second request within a minute is refused. */

const SITES: readonly (readonly [what: string, site: string, method: string, refusal: number])[] = [
  ['plain', 'add_header A 1; add_header B 1 always; limit_req zone=z; root html;', 'GET', 503],
  ['status', 'limit_req_status 429; limit_req zone=z; add_header B 1 always; root html;', 'GET', 429],
  ['preflight', 'limit_req zone=z; add_header Access-Control-Allow-Origin *; root html;', 'OPTIONS', 503],
  [
    'answered before it',
    'limit_req zone=z; add_header Access-Control-Allow-Origin *; if ($request_method = OPTIONS) { return 204; } root html;',
    'OPTIONS',
    503,
  ],
  [
    'if keeps it',
    'limit_req zone=z; if ($http_origin) { add_header Access-Control-Allow-Origin $http_origin always; } root html;',
    'GET',
    503,
  ],
  ['error page', 'limit_req zone=z; error_page 503 =200 @busy; root html;', 'GET', 503],
  ['before access', 'limit_req zone=z; deny all; add_header B 1 always;', 'GET', 503],
  [
    'dry run',
    'limit_req zone=z; limit_req_dry_run on; add_header Access-Control-Allow-Origin *; root html;',
    'GET',
    503,
  ],
];

suiteNeeds('nginx')('limiters of a live nginx', () => {
  beforeAll(() => nginx.prepare?.());

  test.each(SITES)('%s', async (_what, site, method, refusal) => {
    const text = (port: number): string =>
      `limit_req_zone $host zone=z:1m rate=1r/m;
server { listen 127.0.0.1:${port}; server_name a;
  location / { ${site} }
  location @busy { add_header Access-Control-Allow-Origin https://busy.example; return 200; }
}`;
    const world = await startWorld(text);
    const file = '/etc/nginx/conf.d/site.conf';
    const { endpoints } = nginx.analyse(file, text(world.port), memoryHost({ [file]: text(world.port) }), {});
    const request = {
      method,
      scheme: 'http',
      host: 'a',
      path: '/hit.txt',
      origin: 'https://app.example.com',
      headers: new Map<string, string>(),
      ending: 'success',
    } as const;
    try {
      for (const ending of ['success', refusal] as const) {
        const answer = await world.ask(request);
        const asked = { ...request, ending };
        const responses = endpoints[0]?.respond(asked) ?? [];
        const known =
          site.includes('dry_run') && ending === refusal ? (endpoints[0]?.respond(request) ?? []) : responses;
        expect(known.length).toBe(1);
        const agreed = known.every((response) => agrees(response, asked, answer));
        expect(agreed ? 'agreed' : described(asked, answer, known)).toBe('agreed');
      }
    } finally {
      await world.stop();
    }
  });
});
