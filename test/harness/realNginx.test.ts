import { expect, test } from 'vitest';
import { serveNginx } from './realNginx';
import type { RealServer } from './realServer';
import { suiteNeeds } from './require';

async function served<T>(text: string, use: (server: RealServer) => Promise<T>, paths: string[] = []): Promise<T> {
  const server = await serveNginx(new Map([['conf.d/app.conf', text]]), 'conf.d/app.conf', paths);
  try {
    return await use(server);
  } finally {
    await server.stop();
  }
}

suiteNeeds('nginx')('an example on the real nginx', () => {
  test('has its ports, names, certificates, roots and upstreams from here', async () => {
    const text = `
      upstream app { server app-1:3000; server app-2:3000 backup; }
      server {
        listen 80; listen [::]:80;
        server_name api.example.com;
        return 301 https://$host$request_uri;
      }
      server {
        # The TLS side.
        listen 443 ssl http2 default_server;
        listen [::]:443 ssl http2;
        server_name api.example.com;
        ssl_certificate /etc/ssl/a.pem; ssl_certificate_key /etc/ssl/a.key;
        root /var/www;
        location /a { proxy_pass http://app; }
        location /b { proxy_pass http://backend:8080/x; }
        location /p { auth_basic "x"; auth_basic_user_file /etc/nginx/.htpasswd; proxy_pass http://127.0.0.1:9; }
      }`;
    await served(
      text,
      async (server) => {
        expect(server.hosts).toContain('api.example.com');
        const plain = await fetch(`http://127.0.0.1:${server.ports.http}/`, { redirect: 'manual' });
        expect(plain.status).toBe(301);
        const status = async (path: string, headers = {}) =>
          (await fetch(`http://127.0.0.1:${server.ports.https}${path}`, { headers })).status;
        expect([await status('/a'), await status('/b'), await status('/file.txt'), await status('/none')]).toEqual([
          200, 200, 200, 404,
        ]);
        expect([await status('/p'), await status('/p', { authorization: server.authorization })]).toEqual([401, 200]);
        server.end(503);
        expect([await status('/file.txt'), server.endedSo()]).toEqual([200, false]);
        expect([await status('/a'), server.endedSo()]).toEqual([503, true]);
      },
      ['/file.txt'],
    );
  });

  test('has one port for both sides when it has one', async () => {
    await served('server { location / { return 204; } }', async ({ ports }) => {
      expect(ports.http).toBe(ports.https);
      expect((await fetch(`http://127.0.0.1:${ports.http}/`)).status).toBe(204);
    });
  });

  test('says why nginx does not start', async () => {
    await expect(served('server { foo; }', async () => {})).rejects.toThrow('unknown directive "foo"');
  });
});
