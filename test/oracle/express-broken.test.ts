import { beforeAll, expect, test } from 'vitest';
import { lint } from '../../server/src/lint/engine';
import { rules } from '../../server/src/lint/registry';
import { DEFAULT_SETTINGS } from '../../server/src/lint/settings';
import type { Finding } from '../../server/src/lint/types';
import { express } from '../../server/src/platforms/express/platform';
import { BEGUN } from '../harness/halfTyped';
import { memoryHost } from '../harness/memoryHost';
import { makeProgram } from './express-grammar/program';
import { chooseSeed, randomFrom } from './nginx-random';

/**
 * Half-typed programs of the grammar: cut off anywhere, with any token gone, nothing throws and every place lies in the
 * text; and what is typed below a program leaves its findings where they were.
 *
 * `CASES=300 npx vitest run test/oracle/express-broken.test.ts` tries more; `SEED=` picks others.
 */

const seed = chooseSeed();
const CASES = Number(process.env['CASES'] ?? 12);
/** Cuts and missing tokens of one program. */
const DAMAGES = 12;

const BEGINNINGS = [...BEGUN, 'half.', '({ a: [1, '];

beforeAll(() => express.prepare?.());

test(`${CASES} spoilt programs, SEED=${seed}`, () => {
  const random = randomFrom(seed);
  let kept = 0;
  for (let i = 0; i < CASES; i++) {
    const { file, text } = makeProgram(random, i % 2 === 0 ? 4 : 5);
    for (let round = 0; round < DAMAGES; round++) {
      const cut = random.below(text.length);
      checked(file, text.slice(0, cut));
      const tokens = [...text.matchAll(/[\w$]+|'[^'\n]*'|=>|[^\s\w]/g)];
      const { index, 0: token } = random.pick(tokens);
      checked(file, text.slice(0, index) + text.slice(index + token.length));
    }
    const before = checked(file, text);
    for (const begun of BEGINNINGS) {
      const after = new Set(checked(file, `${text}\n${begun}`).map(keyOf));
      const lost = before.filter((finding) => !after.has(keyOf(finding)));
      expect(
        lost.map(({ rule, message }) => `${rule.id}: ${message}`),
        `${text}\n${begun}`,
      ).toEqual([]);
      kept += before.length;
    }
  }
  expect(kept).toBeGreaterThan(CASES);
}, 600_000);

function keyOf({ rule, place }: Finding): string {
  return `${rule.id} ${place.start} ${place.end}`;
}

/** The findings of a text, which may be any. */
function checked(file: string, text: string): readonly Finding[] {
  const { analysis, findings } = lint({
    platform: express,
    file,
    text,
    host: memoryHost(new Map([[file, text]])),
    settings: DEFAULT_SETTINGS,
    rules,
    onCrash: ({ during, error }) => {
      throw new Error(`${during} crashed on\n${text}`, { cause: error });
    },
  });
  expect(analysis, text).toBeDefined();
  for (const { place, related } of findings) {
    for (const { start, end } of [place, ...related.map((one) => one.place)]) {
      expect(start <= end && start >= 0 && end <= text.length, `${start}–${end} in\n${text}`).toBe(true);
    }
  }
  return findings;
}
