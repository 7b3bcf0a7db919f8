import { beforeAll, expect, it } from 'vitest';
import { lint } from '../../server/src/lint/engine';
import { rules } from '../../server/src/lint/registry';
import { DEFAULT_SETTINGS } from '../../server/src/lint/settings';
import { express } from '../../server/src/platforms/express/platform';
import { BEGUN } from '../harness/halfTyped';
import { memoryHost } from '../harness/memoryHost';
import { chooseSeed, randomFrom } from '../oracle/nginx-random';
import { readSeeds, type Seed } from './seeds';

/**
 * Half-typed code around whole programs, those of the rules' pages and of the examples, of every framework: what is
 * begun below them, and what is spoilt above them or between two of their statements, leaves each finding where it was
 * and adds none.
 *
 * `ROUNDS=20 SEED=1234` tries more.
 */
const SEED = chooseSeed();
const ROUNDS = Number(process.env['ROUNDS'] ?? 2);

/** What nothing may follow: it takes everything behind it with it. */
const TAKING = [
  ...BEGUN,
  'app.use(',
  'const { a, b',
  'export const half = async () => {',
  '`${',
  '/* half',
  'import { half } from ',
  '@Half',
  '<half',
];
/** What is wrong in itself, and ends. */
const SPOILT = ['const half = ;', 'half.;', 'half(a, );', 'const half = [1,;', 'let 1x = 2;', 'half = => 3;'];

beforeAll(() => express.prepare?.());

it(`findings stay where they are, SEED=${SEED}`, { timeout: 600_000 }, () => {
  const random = randomFrom(SEED);
  let kept = 0;
  for (const seed of readSeeds().filter(({ platform }) => platform === 'express')) {
    const before = found(seed, seed.text);
    const starts = startsOf(seed.text);
    for (let round = 0; round < ROUNDS; round++) {
      expect(found(seed, `${seed.text}\n${random.pick(TAKING)}`), `${seed.name} and below`).toEqual(before);
      const at = random.pick(starts);
      const spoilt = `${random.pick(SPOILT)}\n`;
      const after = found(seed, `${seed.text.slice(0, at)}${spoilt}${seed.text.slice(at)}`);
      expect(after, `${seed.name}, ${JSON.stringify(spoilt)} at ${at}`).toEqual(
        before.map(({ rule, start }) => ({ rule, start: start < at ? start : start + spoilt.length })),
      );
      kept += before.length;
    }
  }
  expect(kept).toBeGreaterThan(50);
});

/** The findings in the seed's own file. */
function found(seed: Seed, text: string): readonly { readonly rule: string; readonly start: number }[] {
  const { findings } = lint({
    platform: express,
    file: seed.file,
    text,
    host: memoryHost(new Map(seed.files).set(seed.file, text)),
    settings: DEFAULT_SETTINGS,
    rules,
    onCrash: ({ during, error }) => {
      throw new Error(`${during} crashed in ${seed.name}`, { cause: error });
    },
  });
  return findings
    .filter(({ place }) => place.file === seed.file)
    .map(({ rule, place }) => ({ rule: rule.id, start: place.start }));
}

/** The beginning, and where else a statement begins at the left edge behind one that has ended. */
function startsOf(text: string): readonly number[] {
  const edges = [...text.matchAll(/^(?=[a-z@])/gm)].map(({ index }) => index);
  return [0, ...edges.filter((at) => /[;}]\n+$/.test(text.slice(0, at)))];
}
