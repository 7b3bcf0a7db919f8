import { expect, test } from 'vitest';
import { response, subject } from '../../../test/harness/madeEndpoint';
import type { Endpoint } from './endpoint';
import { reachedEndpoint } from './reachedEndpoint';

function made(label: string, changes: Partial<Omit<Endpoint, 'respond'>>): Endpoint {
  return subject(() => response({}), { label, ...changes }).endpoint;
}

const files = made('files', { servesFiles: true });
const inFront = made('files behind', { behind: files });
const route = made('route', { matches: (path, method) => path === '/items' && method === 'GET' });
const perhaps = made('perhaps', { matches: () => undefined });

test.each<[string, readonly Endpoint[], string, string, string | undefined]>([
  ['the first one', [route, files], '/items', 'GET', 'route'],
  ['a route after files', [files, route], '/items', 'GET', 'route'],
  ['a route after a proxy to files', [inFront, route], '/items', 'GET', 'route'],
  ['files, for what may be one', [files, route], '/logo.png', 'GET', 'files'],
  ['files, for a folder', [files, route], '/', 'HEAD', 'files'],
  ['files, where there is nothing else', [files, route], '/others', 'GET', 'files'],
  ['none', [route], '/others', 'GET', undefined],
  ['none for certain', [perhaps, route], '/items', 'GET', undefined],
  ['none for certain after files', [files, perhaps, route], '/items', 'GET', undefined],
])('a request reaches %s', (_, endpoints, path, method, expected) => {
  expect(reachedEndpoint(endpoints, path, method)?.label).toBe(expected);
});
