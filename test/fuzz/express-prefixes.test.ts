import { beforeAll, expect, it } from 'vitest';
import { lint } from '../../server/src/lint/engine';
import { rules } from '../../server/src/lint/registry';
import { DEFAULT_SETTINGS } from '../../server/src/lint/settings';
import { express } from '../../server/src/platforms/express/platform';
import { memoryHost } from '../harness/memoryHost';

/** Half-typed code: programs cut off after every few characters, with every rule and every fix asked for. */
const PROGRAMS = [
  `const express = require('express');
const cors = require('cors');
const allowed = (process.env.ORIGINS || 'https://a.example,https://b.example').split(',').map((s) => s.trim());
const app = express();
app.use(cors({ origin: (origin, callback) => { if (!origin || allowed.includes(origin)) callback(null, true); else callback(new Error('no')); }, credentials: true }));
app.options('*', cors());
app.route('/items/:id').get((req, res) => res.json({})).put(async (req, res, next) => { try { await save(); res.status(201).set({ Vary: 'Accept' }).end(); } catch (e) { next(e); } });
app.listen(3000);
`,
  `import express, { Router } from 'express';
const router = Router();
const cors = (req: Request, res: Response, next: NextFunction) => {
  const origin = req.get('Origin') ?? '*';
  if (/^https:\\/\\/.*\\.example\\.com/.test(origin)) res.setHeader('Access-Control-Allow-Origin', origin);
  if (req.method === 'options') { res.sendStatus(204) }
  next();
};
router.use(cors);
router.get(['/a', /b$/], requireAuth, (req, res) => { res.writeHead(200, { 'Access-Control-Allow-Origin': \`https://\${process.env.HOST}\` }); res.end(); });
export default class App { app = express(); constructor() { this.app.use('/api', router); } }
`,
];

beforeAll(() => express.prepare?.());

it.each(PROGRAMS.map((text, i) => [i, text] as const))('program %s', { timeout: 300_000 }, (i, text) => {
  const file = i === 0 ? 'app.js' : 'app.ts';
  for (let end = 0; end <= text.length; end += 11) {
    const cut = text.slice(0, end);
    const { analysis, findings } = lint({
      platform: express,
      file,
      text: cut,
      host: memoryHost(new Map([[file, cut]])),
      settings: DEFAULT_SETTINGS,
      rules,
      onCrash: ({ during, error }) => {
        throw new Error(`${during} crashed on ${JSON.stringify(cut.slice(-80))}: ${String(error)}`);
      },
    });
    expect(analysis).toBeDefined();
    for (const { place } of findings) {
      expect(place.start).toBeGreaterThanOrEqual(0);
      expect(place.end).toBeLessThanOrEqual(cut.length);
    }
  }
});
