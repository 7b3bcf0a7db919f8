import { vocabulary } from './random.mjs';

/** Ways that people set CORS up in an Express app: each gives the lines that stand between the app and its routes. */
const SETUPS = [
  () => ['app.use(cors());'],
  (w) => [`app.use(cors({ origin: 'https://${w.host()}' }));`],
  (w) => [`app.use(cors({ origin: ['https://${w.host()}', 'https://${w.host()}'], credentials: true }));`],
  (w) => [`app.use(cors({ origin: /https:\\/\\/.*\\.${w.noun()}\\.example\\.com/, credentials: true }));`],
  (w) => [
    'const corsOptions = {',
    `  origin: process.env.ORIGIN || 'https://${w.host()}',`,
    "  methods: ['GET', 'POST', 'PUT', 'DELETE'],",
    `  allowedHeaders: ['Content-Type', 'Authorization', 'X-${w.upper(w.noun())}'],`,
    '  credentials: true,',
    '  maxAge: 600,',
    '};',
    'app.use(cors(corsOptions));',
  ],
  (w) => [
    `const allowed = new Set(['https://${w.host()}', 'https://${w.host()}']);`,
    'app.use(',
    '  cors({',
    '    origin(origin, callback) {',
    '      if (!origin || allowed.has(origin)) callback(null, true);',
    '      else callback(null, false);',
    '    },',
    '  }),',
    ');',
  ],
  (w) => [
    'app.use((req, res, next) => {',
    `  res.setHeader('Access-Control-Allow-Origin', 'https://${w.host()}');`,
    "  res.setHeader('Access-Control-Allow-Methods', 'GET, POST, PUT, DELETE, OPTIONS');",
    "  res.setHeader('Access-Control-Allow-Headers', 'Content-Type, Authorization');",
    "  if (req.method === 'OPTIONS') return res.sendStatus(204);",
    '  next();',
    '});',
  ],
  () => [
    'app.use((req, res, next) => {',
    "  res.header('Access-Control-Allow-Origin', req.headers.origin);",
    "  res.header('Access-Control-Allow-Credentials', 'true');",
    '  next();',
    '});',
  ],
];

const ROUTES = [
  (w, path) => [
    `app.get('${path}', async (req, res) => {`,
    `  const ${w.noun()}List = await store.list({ page: Number(req.query.page ?? 1), size: 20 });`,
    `  res.json(${'{'} items: await store.list(), total: await store.count() ${'}'});`,
    '});',
  ],
  (w, path) => [
    `app.post('${path}', async (req, res) => {`,
    `  const ${w.noun()} = req.body;`,
    "  if (typeof req.body.name !== 'string' || req.body.name.length === 0) {",
    "    return res.status(400).json({ error: 'name is missing' });",
    '  }',
    '  const saved = await store.save({ ...req.body, created: Date.now() });',
    '  res.status(201).json(saved);',
    '});',
  ],
  (w, path) => [
    `app.put('${path}/:id', async (req, res) => {`,
    '  try {',
    '    const found = await store.find(req.params.id);',
    '    if (!found) return res.sendStatus(404);',
    `    res.json(await store.save({ ...found, ...req.body, by: '${w.noun()}' }));`,
    '  } catch (error) {',
    '    res.status(500).json({ error: String(error) });',
    '  }',
    '});',
  ],
  (_w, path) => [
    `app.delete('${path}/:id', async (req, res) => {`,
    '  await store.remove(req.params.id);',
    '  res.sendStatus(204);',
    '});',
  ],
];

/** A small Express app, about `routes` × 7 lines, as CommonJS. */
export function expressApp(random, routes) {
  const w = vocabulary(random);
  const lines = [
    "const express = require('express');",
    "const cors = require('cors');",
    "const store = require('./store');",
    '',
    'const app = express();',
    '',
    ...random.pick(SETUPS)(w),
    'app.use(express.json());',
    '',
  ];
  for (let i = 0; i < routes; i++) {
    if (random.below(3) === 0) lines.push(...helper(random, w), '');
    lines.push(...random.pick(ROUTES)(w, `/${w.noun()}s/${i}`), '');
  }
  lines.push(`app.listen(process.env.PORT ?? ${3000 + random.below(900)});`);
  return `${lines.join('\n')}\n`;
}

/** A function that has nothing to do with any of it. */
export function helper(random, w = vocabulary(random)) {
  const [name, list, item] = [w.name(), `${w.noun()}s`, w.noun()];
  return [
    `/** ${w.upper(w.verb())}s the ${item} of every ${w.noun()} that is still open. */`,
    `function ${name}(${list}, limit = ${random.below(90) + 10}) {`,
    '  const result = [];',
    `  for (const entry of ${list}) {`,
    `    if (entry.${item} === undefined || entry.total > limit) continue;`,
    `    result.push({ ...entry, ${item}: entry.${item}.trim(), total: Math.round(entry.total * 100) / 100 });`,
    '  }',
    `  return result.sort((a, b) => a.total - b.total).slice(0, limit);`,
    '}',
  ];
}
