import { describe, expect, test } from 'vitest';
import { type ExpressProgram, startExpress } from './express';

async function withServer<T>(program: ExpressProgram, use: (url: string) => Promise<T>): Promise<T> {
  const server = await startExpress(program);
  try {
    return await use(server.url);
  } finally {
    await server.stop();
  }
}

describe('the Express rig', () => {
  test.each([4, 5] as const)('runs on Express %d with the installed cors', async (version) => {
    const text = `
      import cors from 'cors';
      import express, { type Request } from 'express';
      const app = express();
      app.use(cors({ origin: 'https://app.example.com' }));
      app.get('/v', (req: Request, res) => res.json(require('express/package.json').version));
      app.listen(3000, () => console.log('up'));`;
    await withServer({ text, version }, async (url) => {
      const response = await fetch(`${url}/v`);
      expect(response.headers.get('access-control-allow-origin')).toBe('https://app.example.com');
      expect(await response.json()).toMatch(new RegExp(`^${version}\\.`));
    });
  });

  test('makes an app listen that never does, and finds modules beside it', async () => {
    const text = `
      const express = require('express');
      const app = express();
      app.use('/api', require('./routes'));
      module.exports = app;`;
    const routes = `const { Router } = require('express');
      const router = Router();
      router.get('/x', (req, res) => res.send('hello'));
      module.exports = router;`;
    const files = { 'routes.js': routes };
    await withServer({ text, version: 5, files }, async (url) => {
      expect(await (await fetch(`${url}/api/x`)).text()).toBe('hello');
    });
  });

  test("runs a server of Node's own", async () => {
    const text = `import { createServer } from 'node:http';
      createServer((req, res) => { res.writeHead(204).end(); }).listen(process.env.PORT ?? 80);`;
    await withServer({ text, version: 4 }, async (url) => expect((await fetch(url)).status).toBe(204));
  });

  test('tells what a program printed that throws at start', async () => {
    const text = `const app = require('express')(); app.use('*', (req, res) => res.end()); app.listen(80);`;
    await expect(startExpress({ text, version: 5 })).rejects.toThrow('Missing parameter name');
    await withServer({ text, version: 4 }, async (url) => expect((await fetch(url)).status).toBe(200));
  });
});
