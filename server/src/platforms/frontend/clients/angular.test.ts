import { beforeAll, expect, test } from 'vitest';
import { createReader, prepare } from '../../../javascript';
import { targetOf } from '../address';
import { callsIn } from '../calls';

beforeAll(() => prepare());

const FILE = '/web/src/app/items.service.ts';
const SERVICE = (url: string): string => `import { HttpClient } from '@angular/common/http';
import { environment } from '../environments/environment';
export class Items {
  private base = environment.apiUrl + '/items';
  private http = inject(HttpClient);
  all() { return this.http.get(${url}); }
}`;

test.each([
  ['in a template', '`$' + '{environment.apiUrl}/items`'],
  ['put together', "environment.apiUrl + '/items'"],
  ['in a field', 'this.base'],
  ['of the object in it', "environment.servers.api + '/items'"],
])('the address of environment.ts %s', (_, url) => {
  const files: Readonly<Record<string, string>> = {
    [FILE]: SERVICE(url),
    '/web/src/environments/environment.ts':
      "export const environment = { production: false, apiUrl: 'http://localhost:3001', servers: { api: 'http://localhost:3001' } };",
  };
  const reader = createReader({ readFile: (path) => files[path] ?? null });
  const module = reader.module(FILE);
  const calls = module === null ? [] : callsIn(reader, module);
  expect(calls.map((call) => targetOf(call.url, call.base, () => undefined))).toEqual([
    { scheme: 'http', host: 'localhost', port: 3001, path: '/items' },
  ]);
});
