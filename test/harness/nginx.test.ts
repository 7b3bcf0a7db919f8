import { expect, test } from 'vitest';
import { nginxTest, startNginx } from './nginx';
import { suiteNeeds } from './require';

suiteNeeds('nginx')('the nginx rig', () => {
  test('serves a site and its files on a port of its own', async () => {
    const server = await startNginx((port) => ({
      text: `server { listen 127.0.0.1:${port}; root html; add_header X-A 1 always; more_set_headers "X-B: 2"; }`,
      files: { 'html/a.txt': 'hello' },
    }));
    try {
      const found = await fetch(`${server.url}/a.txt`);
      expect([found.status, found.headers.get('x-a'), found.headers.get('x-b'), await found.text()]).toEqual([
        200,
        '1',
        '2',
        'hello',
      ]);
      const missing = await fetch(`${server.url}/none`);
      expect([missing.status, missing.headers.get('x-a')]).toEqual([404, '1']);
    } finally {
      await server.stop();
    }
    await expect(fetch(server.url)).rejects.toThrow();
  });

  test('says what is wrong when nginx does not start', async () => {
    await expect(startNginx(() => ({ text: 'server {' }))).rejects.toThrow('unexpected end of file');
  });

  test.each([
    ['http', 'server { listen 80; }', { ok: true, message: '', line: undefined, level: undefined }],
    ['http', 'server {\n  nonsense;\n}', { ok: false, message: 'unknown directive "nonsense"', line: 2 }],
    [
      'server',
      'listen 80;\n\nreturn;',
      { ok: false, message: 'invalid number of arguments in "return" directive', line: 3 },
    ],
    ['main', 'events {}\nhttp { server { listen 80; } }', { ok: true }],
    ['main', 'events {}\nhttp {', { ok: false, line: 2, message: 'unexpected end of file, expecting "}"' }],
    ['http', 'server { listen 80; server_name a; }\nserver { listen 80; server_name a; }', { ok: true, level: 'warn' }],
  ] as const)('nginx -t in %s context: %j', (context, text, answer) => {
    expect(nginxTest({ text, context })).toMatchObject(answer);
  });

  test('a complaint that quotes a line break is read to its end', () => {
    expect(nginxTest('server {\n set $a 1; if ($a "\n*" b) { }\n}')).toEqual({
      ok: false,
      message: 'unexpected "\n*" in condition',
      line: 3,
      file: undefined,
      level: 'emerg',
    });
  });

  test('names the included file that is to blame', () => {
    const answer = nginxTest({ text: 'include a.conf;', files: { 'a.conf': 'server {\n  x;\n}' } });
    expect(answer).toEqual({ ok: false, message: 'unknown directive "x"', line: 2, file: 'a.conf', level: 'emerg' });
  });
});
