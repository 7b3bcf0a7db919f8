import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { openScratch, type Scratch } from '../../server/src/workspace/testing/scratch';
import { checkTry, type TryJson } from './contracts';
import { buildCli, runCli } from './runCli';

vi.setConfig({ testTimeout: 120_000 });
beforeAll(buildCli);

let scratch: Scratch;
afterEach(() => scratch?.remove());

const NGINX = `server {
  server_name api.example.com;
  location /items/ {
    add_header Access-Control-Allow-Origin https://app.example.com;
    add_header Access-Control-Allow-Headers Content-Type;
    if ($request_method = OPTIONS) { return 204; }
    root /srv/www;
  }
  location /open/ {
    add_header Access-Control-Allow-Origin $cors;
    return 200;
  }
}
`;

const EXPRESS = `const express = require('express');
const cors = require('cors');
const app = express();
app.use(cors({ origin: 'https://app.example.com', credentials: true }));
app.put('/items/:id', (req, res) => res.json({}));
app.listen(3000);
`;

async function play(file: string, text: string, ...args: string[]): Promise<TryJson> {
  scratch = openScratch({ [file]: text });
  const { code, out, error } = await runCli(['try', file, ...args, '--format', 'json'], { cwd: scratch.root });
  expect({ code, error }).toEqual({ code: 0, error: '' });
  return checkTry(out);
}

const ITEMS = ['--url', 'http://api.example.com/items/1'];

describe('a prediction', () => {
  test('of a simple request that is let through', async () => {
    expect(await play('api.conf', NGINX, ...ITEMS, '--origin', 'https://app.example.com')).toMatchObject({
      preflight: null,
      response: {
        status: 200,
        headers: expect.arrayContaining([
          {
            name: 'Access-Control-Allow-Origin',
            value: 'https://app.example.com',
            known: true,
            file: 'api.conf',
            line: 4,
          },
        ]),
      },
      verdict: 'allowed',
      step: 'cors-check/same-origin',
    });
  });

  test('of a preflight that fails', async () => {
    const prediction = await play('api.conf', NGINX, ...ITEMS, '--method', 'PUT', '--header', 'Content-Type');
    expect(prediction.preflight?.status).toBe(204);
    expect(prediction).toMatchObject({ verdict: 'blocked', step: 'preflight/method' });
    expect(prediction.endpoint).toContain('/items/');
  });

  test('of credentials, another origin, and an error status', async () => {
    expect(await play('a.conf', NGINX, ...ITEMS, '--credentials')).toMatchObject({
      verdict: 'blocked',
      step: 'cors-check/credentials-not-allowed',
    });
    scratch.remove();
    expect(await play('a.conf', NGINX, ...ITEMS, '--origin', 'https://evil.example')).toMatchObject({
      verdict: 'blocked',
      step: 'cors-check/other-origin',
    });
    scratch.remove();
    expect(await play('a.conf', NGINX, ...ITEMS, '--status', '404')).toMatchObject({
      verdict: 'blocked',
      step: 'cors-check/no-allow-origin',
      response: { status: 404 },
    });
  });

  test('of the cors package, preflight and all', async () => {
    const prediction = await play(
      'server.js',
      EXPRESS,
      ...['--url', 'https://api.example.com/items/7', '--method', 'PUT', '--header', 'Content-Type: application/json'],
      ...['--header', 'X-Client', '--credentials', '--origin', 'https://app.example.com'],
    );
    expect(prediction).toMatchObject({ verdict: 'allowed', preflight: { status: 204 } });
    expect(prediction.response?.headers).toContainEqual({
      name: 'Access-Control-Allow-Credentials',
      value: 'true',
      known: true,
      file: 'server.js',
      line: 4,
    });
  });

  test('stays unknown where it is', async () => {
    const prediction = await play('a.conf', NGINX, '--url', 'http://api.example.com/open/');
    expect(prediction).toMatchObject({ verdict: 'unknown' });
    expect(prediction.response?.headers).toMatchObject([
      { name: 'Access-Control-Allow-Origin', value: null, known: false },
    ]);
  });

  test('says when nothing answers, and what there is', async () => {
    const prediction = await play(
      'server.js',
      EXPRESS,
      '--url',
      'https://api.example.com/nothing/here',
      '--method',
      'DELETE',
    );
    expect(prediction.verdict).not.toBe('allowed');
    expect(prediction.reason).not.toBe('');
  });

  test('of a page on the same origin needs no check', async () => {
    expect(await play('a.conf', NGINX, ...ITEMS, '--origin', 'http://api.example.com')).toMatchObject({
      verdict: 'allowed',
      step: 'same-origin',
      response: null,
    });
  });

  test("takes the configuration's first origin when none is given", async () => {
    scratch = openScratch({ 'a.conf': NGINX, '.corslintrc.json': '{"origins": ["https://shop.example"]}' });
    const { out } = await runCli(['try', 'a.conf', ...ITEMS], { cwd: scratch.root });
    expect(out).toContain('Origin: https://shop.example\n');
    expect(out).toMatch(/^blocked at cors-check\/other-origin: /m);
  });

  test('for people shows both legs and where each header was written', async () => {
    scratch = openScratch({ 'a.conf': NGINX });
    const { out } = await runCli(['try', 'a.conf', ...ITEMS, '--method', 'PUT'], { cwd: scratch.root });
    expect(out).toContain('Preflight: OPTIONS http://api.example.com/items/1\n');
    expect(out).toContain('Request: PUT http://api.example.com/items/1\n');
    expect(out).toMatch(/Access-Control-Allow-Origin: +https:\/\/app\.example\.com {2}a\.conf:4/);
  });
});

describe('a mistake is explained, with exit 2', () => {
  test.each<[args: string[], words: string]>([
    [[], 'needs the file to try'],
    [['a.conf'], '"cors-lint try" needs --url'],
    [['a.conf', 'b.conf', ...ITEMS], 'takes one file, and "b.conf" is one too many.'],
    [['gone.conf', ...ITEMS], 'There is no file or folder "gone.conf".'],
    [['.', ...ITEMS], '"." is a folder; "cors-lint try" takes one file.'],
    [['a.conf', '--url', '/items'], '--url must be an address such as https://'],
    [['a.conf', '--url', 'ftp://x/y'], '--url must be an address such as https://'],
    [['a.conf', ...ITEMS, '--origin', 'https://a.example/'], 'Write https://a.example.'],
    [['a.conf', ...ITEMS, '--method', 'GET IT'], '"GET IT" is not a method.'],
    [['a.conf', ...ITEMS, '--status', '99'], '--status must be a status code such as 500, not "99".'],
    [['a.conf', ...ITEMS, '--header', 'a b'], "--header wants a header's name"],
    [
      ['a.conf', ...ITEMS, '--format', 'html'],
      '--format html belongs to "cors-lint audit". Here it must be stylish or json.',
    ],
    [['a.conf', ...ITEMS, '--fix'], '--fix belongs to "cors-lint audit"'],
    [
      ['readme.md', ...ITEMS],
      'has no sign of any server that is known here (nginx, Express and other Node.js servers, Serverless Framework, CloudFormation and SAM).',
    ],
    [['empty.conf', ...ITEMS], '"empty.conf"'],
  ])('%j', async (args, words) => {
    scratch = openScratch({ 'a.conf': NGINX, 'b.conf': NGINX, 'readme.md': 'x', 'empty.conf': '' });
    const { code, out, error } = await runCli(['try', ...args], { cwd: scratch.root });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(error).toContain(words);
  });
});
