import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Request as Asked } from '../../server/src/cors/http';
import { express } from '../../server/src/platforms/express/platform';
import { memoryHost } from '../harness/memoryHost';
import { type Flat, predictIn } from '../harness/siblings';

/**
 * What Next.js was seen to answer (facts/next.json, which siblings-next-observe.mjs writes) against what is predicted
 * for the same files. Where a prediction is certain it must be what was seen.
 */
interface Facts {
  readonly versions: Readonly<Record<string, string>>;
  readonly requests: Readonly<
    Record<string, { readonly method: string; readonly headers: Readonly<Record<string, string>> }>
  >;
  readonly programs: readonly { readonly name: string; readonly files: Readonly<Record<string, string>> }[];
  readonly table: readonly Readonly<Record<string, string | number>>[];
  readonly answers: Readonly<Record<string, readonly Readonly<Record<string, readonly number[]>>[]>>;
}

const facts: Facts = JSON.parse(readFileSync(new URL('facts/next.json', import.meta.url), 'utf8'));
const HANDLER = /^(?:app\/.*route|pages\/api\/.*)\.js$/;

beforeAll(() => express.prepare?.());

/** Of `Vary` only Origin was noted, and nothing of a header that is empty. */
function comparable(predicted: Flat): Flat {
  return Object.fromEntries(
    Object.entries(predicted).flatMap(([name, value]): [string, unknown][] => {
      if (name === 'vary') return /\borigin\b/i.test(String(value)) ? [['vary', 'Origin']] : [];
      return value === '' ? [] : [[name, value]];
    }),
  );
}

const CONFIG = 'next.config.mjs';

/** The same configuration with its `headers` assigned after the object is written, which changes no answer. */
function assignedLater(text: string): string {
  return text
    .replace(
      'export default {\n  async headers() {',
      'const nextConfig = { poweredByHeader: false };\nnextConfig.headers = async () => {',
    )
    .replace(/ {2}\},\n\};\n$/, '};\nexport default nextConfig;\n');
}

const programs = facts.programs.flatMap(({ name, files }, i) => {
  const config = files[CONFIG];
  if (config === undefined) return [{ name, files, i }];
  return [
    { name, files, i },
    { name: `${name}, assigned later`, files: { ...files, [CONFIG]: assignedLater(config) }, i },
  ];
});

describe.each(Object.entries(facts.versions))('Next.js %s (%s)', (major) => {
  const tally = { certain: 0, all: 0 };

  it.each(programs)('$name', ({ files, i }) => {
    const among = new Map([...Object.entries(files), ['package.json', '{ "dependencies": { "next": "*" } }']]);
    const handlers = Object.keys(files).filter((name) => HANDLER.test(name));
    for (const [path, numbers] of Object.entries(facts.answers[major]?.[i] ?? {})) {
      for (const [at, [name, { method, headers }]] of Object.entries(facts.requests).entries()) {
        const observed = facts.table[numbers[at] ?? -1] ?? {};
        const { origin, ...others } = headers;
        const ending = Number(observed['status']) >= 400 ? { ending: Number(observed['status']) } : {};
        const asking = { path, method, origin, headers: others, ...ending };
        for (const file of handlers) {
          const predicted = predictIn(among, file, asking);
          if (predicted === null) continue;
          tally.all += 1;
          if (process.env['SHOW_UNKNOWN'] && predicted === undefined) console.log('unknown', files, path, name);
          if (predicted === undefined) continue;
          tally.certain += 1;
          const { allow: _, ...seen } = observed;
          expect(comparable(predicted), `${file}: ${path}, ${name}`).toEqual(seen);
        }
      }
    }
  });

  it('is mostly certain', () => {
    if (process.env['SHOW_UNKNOWN']) console.log(tally);
    expect(tally.all).toBeGreaterThan(1000);
    expect(tally.certain / tally.all).toBeGreaterThanOrEqual(0.95);
  });
});

it('headers that are assigned under a condition are told with it', () => {
  const config = `const mode = process.env.BUILD_MODE;
const nextConfig = {};
if (mode !== 'export') {
  nextConfig.headers = async () => [
    { source: '/api/:path*', headers: [{ key: 'Access-Control-Allow-Origin', value: '*' }] },
  ];
}
export default nextConfig;
`;
  const files = new Map([
    [CONFIG, config],
    ['package.json', '{ "dependencies": { "next": "*" } }'],
    ['app/api/items/route.js', "export function GET() { return new Response('ok'); }\n"],
  ]);
  const file = 'app/api/items/route.js';
  const [endpoint] = express.analyse(file, files.get(file) ?? '', memoryHost(files), {}).endpoints;
  const request: Asked = {
    method: 'GET',
    scheme: 'https',
    path: '/api/items',
    origin: 'https://app.example.com',
    headers: new Map(),
    ending: 'success',
  };
  const ways = endpoint
    ?.respond(request)
    .map(({ when, headers }) => ({ when, headers: headers.map(({ name }) => name) }));
  expect(ways).toEqual([
    { when: "BUILD_MODE is not 'export'", headers: ['Access-Control-Allow-Origin'] },
    { when: "BUILD_MODE is 'export'", headers: [] },
  ]);
});
