import { beforeAll, expect, test } from 'vitest';
import { join } from '../../../../javascript/resolve';
import type { Host } from '../../../../lint/types';
import { express } from '../../platform';

beforeAll(() => express.prepare?.());

const ROUTE = '/w/app/api/users/route.ts';

/** The policies of a route, and whether what its middleware imports was read for them. */
function policiesBehind(config: string) {
  const files: Readonly<Record<string, string>> = {
    '/w/package.json': '{ "dependencies": { "next": "15.0.0" } }',
    '/w/middleware.ts': `import { mark } from './mark';
export function middleware(request) {
  const response = NextResponse.next();
  mark(request, response);
  return response;
}
${config}
`,
    '/w/mark.ts': `export function mark(request, response) {
  response.headers.set('Access-Control-Allow-Origin', request.headers.get('origin'));
}
`,
    [ROUTE]: 'export function GET() { return Response.json([]); }\n',
  };
  const middleware = `import { NextResponse } from 'next/server';\n${files['/w/middleware.ts']}`;
  const read = (name: string) => (name === '/w/middleware.ts' ? middleware : files[name]);
  const host: Host = {
    read,
    resolve: (from, relative) => join(from.slice(0, from.lastIndexOf('/') + 1), relative),
    glob: () => [],
    version: (name) => (name in files ? 1 : undefined),
  };
  const { endpoints, dependencies } = express.analyse(ROUTE, files[ROUTE] ?? '', host, {});
  const policies = endpoints.flatMap((endpoint) => endpoint.policies);
  return { places: policies.map(({ place }) => place.file), isFollowed: [...dependencies].includes('/w/mark.ts') };
}

const FOLLOWED = { places: ['/w/mark.ts'], isFollowed: true };
const LEFT = { places: [], isFollowed: false };

test.each([
  ['without a matcher', '', FOLLOWED],
  ['for all below /api', "export const config = { matcher: '/api/:path*' };", FOLLOWED],
  [
    'for these requests, with a header',
    "export const config = { matcher: [{ source: '/api/users', has: [{ type: 'header', key: 'x' }] }] };",
    FOLLOWED,
  ],
  ['for what cannot be told', 'export const config = { matcher: paths() };', FOLLOWED],
  ['for all but /api', "export const config = { matcher: ['/((?!api/|_next/).*)'] };", LEFT],
  ['for other paths', "export const config = { matcher: ['/admin/:path*', '/login'] };", LEFT],
])('a middleware is followed for a route only where it may run: %s', (_, config, expected) => {
  expect(policiesBehind(config)).toEqual(expected);
});
