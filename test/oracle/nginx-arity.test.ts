import { expect, test } from 'vitest';
import { kindsOf } from '../../server/src/platforms/nginx/inspect/directives';
import { DIRECTIVE_TABLE } from '../../server/src/platforms/nginx/inspect/directiveTable';
import { nginxTest } from '../harness/nginx';
import { suiteNeeds } from '../harness/require';
import { chooseSeed, type Random, randomFrom } from './nginx-random';
import { refusalsOf } from './nginx-refusals';

/** The table of directives, asked of nginx: where each may stand, with how many arguments, with a block or without. */

const seed = chooseSeed();
/** `CASES=5000` for more than the sample. */
const CASES = Number(process.env['CASES'] ?? 300);

const AROUND: Readonly<Record<string, (text: string) => string>> = {
  m: (text) => `${text}\nevents { }\nhttp { }`,
  e: (text) => `events { ${text} }\nhttp { }`,
  h: (text) => `events { }\nhttp { ${text} }`,
  s: (text) => `events { }\nhttp { server { ${text} } }`,
  l: (text) => `events { }\nhttp { server { location / { ${text} } } }`,
  i: (text) => `events { }\nhttp { server { if ($uri) { ${text} } } }`,
  j: (text) => `events { }\nhttp { server { location / { if ($uri) { ${text} } } } }`,
  x: (text) => `events { }\nhttp { server { location / { limit_except GET { ${text} } } } }`,
  u: (text) => `events { }\nhttp { upstream u { ${text} } }`,
};

/** What is said before a directive's own code sees its arguments. */
const OURS = /is not allowed here|has no opening|is not terminated by|^invalid number of arguments in "/;

suiteNeeds('nginx')(`the table of directives, SEED=${seed}`, () => {
  const names = [...new Set(DIRECTIVE_TABLE.match(/(?<=: .*)\b[a-z]\w+/g))].filter((name) => kindsOf(name).length > 0);

  test('holds several hundred', () => {
    expect(names.length).toBeGreaterThan(500);
  });

  test(
    `${CASES} directives at random places`,
    () => {
      const random = randomFrom(seed);
      for (let i = 0; i < CASES; i += 1) {
        judge(statement(random, random.pick(names)), random.pick(Object.keys(AROUND)));
      }
    },
    10_000 + CASES * 100,
  );
});

function statement(random: Random, name: string): string {
  const words = Array.from({ length: random.below(5) }, () => random.pick(['w', '1', 'on', '$uri', '/x']));
  return [name, ...words].join(' ') + (random.chance(kindsOf(name)[0]?.opensBlock ? 0.9 : 0.1) ? ' { }' : ';');
}

function judge(text: string, context: string): void {
  const whole = AROUND[context]?.(text) ?? '';
  const { ok, message } = nginxTest({ text: whole, context: 'main' });
  const [refusal] = refusalsOf(whole);
  const shown = `${text} in ${context}: ${message}`;
  if (ok) expect(refusal, shown).toBeUndefined();
  // In a block whose name nginx does not take, it is the block that is refused first.
  if (OURS.test(message)) expect(refusal?.said, shown).toBe(message);
  if (refusal !== undefined && OURS.test(refusal.said)) expect(message, shown).toBe(refusal.said);
}
