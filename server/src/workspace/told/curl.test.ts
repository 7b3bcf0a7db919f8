import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import type { Request } from '../../cors/http';
import { curl } from './curl';

const request: Request = {
  method: 'GET',
  scheme: 'https',
  path: '/',
  origin: 'https://app.example.com',
  headers: new Map(),
  ending: 'success',
};

it.each<[Partial<Request>, string]>([
  [{}, "curl -i -H 'Origin: https://app.example.com' https://HOST/"],
  [{ origin: undefined, host: 'api.example.com', path: '/a?b=c&d' }, "curl -i 'https://api.example.com/a?b=c&d'"],
  [{ method: 'HEAD', origin: 'null' }, "curl -i --head -H 'Origin: null' https://HOST/"],
  [
    { method: 'OPTIONS', headers: new Map([['access-control-request-method', 'PUT']]) },
    "curl -i -X OPTIONS -H 'Origin: https://app.example.com' -H 'Access-Control-Request-Method: PUT' https://HOST/",
  ],
])('%j', (changes, command) => {
  expect(curl({ ...request, ...changes })).toBe(command);
});

it('quotes whatever the workspace says, so that a shell takes it for one word', () => {
  const nasty = `/it's "$(touch x)" \`y\` ; z\n\\`;
  const command = curl({ ...request, path: nasty, origin: undefined });
  const words = execFileSync('sh', ['-c', `printf '%s\\0' ${command}`], { encoding: 'utf8' }).split('\0');
  expect(words).toEqual(['curl', '-i', `https://HOST${nasty.replace('\n', ' ')}`, '']);
});
