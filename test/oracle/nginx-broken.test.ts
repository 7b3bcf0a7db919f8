import { beforeAll, expect, test } from 'vitest';
import { lint } from '../../server/src/lint/engine';
import { rules } from '../../server/src/lint/registry';
import { DEFAULT_SETTINGS } from '../../server/src/lint/settings';
import { nginx } from '../../server/src/platforms/nginx/platform';
import facts from './facts/nginx.json';
import { memoryHost } from './nginx-host';
import { chooseSeed, randomFrom } from './nginx-random';

/** Broken configurations are read and judged without a crash, and every range stays inside its file. */

beforeAll(() => nginx.prepare?.());

const seed = chooseSeed();

test(`half-typed, cut and mixed-up configurations, SEED=${seed}`, () => {
  const random = randomFrom(seed);
  const texts = facts.map(({ config }) => config);
  for (let i = 0; i < 300; i += 1) {
    let text = random.pick(texts);
    for (let change = random.below(5); change >= 0; change -= 1) {
      const at = random.below(text.length + 1);
      const other = random.pick(texts);
      const piece = random.pick([
        '',
        '{',
        '}',
        ';',
        '"',
        "'",
        '$',
        '\\',
        '\n',
        '#',
        '(',
        '~',
        other.slice(0, random.below(60)),
      ]);
      text = text.slice(0, at) + piece + text.slice(at + random.below(8));
    }
    const file = '/etc/nginx/conf.d/a.conf';
    const { findings } = lint({
      platform: nginx,
      file,
      text,
      host: memoryHost({ [file]: text }),
      settings: DEFAULT_SETTINGS,
      rules,
      onCrash: ({ during, error }) =>
        expect.fail(`SEED=${seed} ${during}: ${error instanceof Error ? error.stack : error}\n${text}`),
    });
    for (const { place, rule } of findings) {
      expect(place.start, `${rule.id}\n${text}`).toBeLessThanOrEqual(place.end);
      expect(place.end, `${rule.id}\n${text}`).toBeLessThanOrEqual(text.length);
    }
  }
});

test('thousands of nested blocks, and a megabyte on one line', () => {
  for (const text of [
    `server { ${'location / { '.repeat(5000)}`,
    `server { location / { ${'add_header Access-Control-Allow-Origin *; '.repeat(20_000)} } }`,
    `map $http_origin $a { ${'"https://a.example" 1; '.repeat(20_000)} } server { add_header Access-Control-Allow-Origin $a; }`,
  ]) {
    const file = '/etc/nginx/conf.d/a.conf';
    const analysis = nginx.analyse(file, text, memoryHost({ [file]: text }), {});
    expect(analysis.tree.directives.length).toBeGreaterThan(0);
  }
}, 60_000);
