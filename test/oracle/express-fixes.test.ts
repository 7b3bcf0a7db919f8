import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Call } from '../../server/src/cors/call';
import { lint } from '../../server/src/lint/engine';
import { fixAll } from '../../server/src/lint/fixAll';
import type { Finding } from '../../server/src/lint/types';
import { express } from '../../server/src/platforms/express/platform';
import { classOf, type Held, runAsLetIn } from './express-fixes-classes';
import { type Complain, type Edition, fixRest, inputFor, type Judged, makeFix } from './express-fixes-made';
import { isServed, type Ran, toRun, turns, verdictOf, wantedOf } from './express-fixes-verdicts';
import { makeProgram } from './express-grammar/program';
import { type ExpressWorld, startExpressWorld } from './express-world';
import { chooseSeed, randomFrom } from './nginx-random';

/**
 * Every fix that is offered for generated programs is made and run on the real Express: the text stays well-formed and,
 * in TypeScript, as well typed as it was; the finding is gone, nothing new comes, making all of them twice changes
 * nothing, the program still starts, and for the call that the finding gives as its proof the browser's check over the
 * real responses turns. Where it does not, because another fault stands in the way, all that is offered is made until
 * nothing is: then it turns, or a finding that offers no fix says what is left, or it is seen in the real responses why
 * no rule speaks (`classOf`). How many fixes end in which class is printed.
 *
 * `CASES=1000 npx vitest run test/oracle/express-fixes.test.ts` tries more; `SEED=` picks others.
 */

const seed = chooseSeed();
const CASES = Number(process.env['CASES'] ?? 40);
const BATCH = 100;

let world: ExpressWorld;
beforeAll(async () => {
  await express.prepare?.();
  world = await startExpressWorld();
});
afterAll(() => world.stop());

test(`fixes of ${CASES} programs on Express 4 and 5, SEED=${seed}`, async () => {
  const faults: string[] = [];
  const complain = ({ version, text }: Edition, what: string): void => {
    faults.push(`SEED=${seed} Express ${version}: ${what}\n${text}`);
  };
  let fixes = 0;
  const classes = new Map<string, number>();
  const tally = (name: string): void => {
    classes.set(name, (classes.get(name) ?? 0) + 1);
  };
  for (let first = 0; first < CASES; first += BATCH) {
    const random = randomFrom(seed + first);
    const all: Judged[] = [];
    for (let i = first; i < Math.min(first + BATCH, CASES); i++) {
      const version = i % 2 === 0 ? 4 : 5;
      const program = makeProgram(random, version);
      const before: Edition = { program, version, text: program.text };
      const input = inputFor(before);
      const { findings } = lint(input);
      for (const finding of findings) {
        all.push({ ...before, finding, fix: null, left: findings });
        for (const fix of finding.fixes()) {
          all.push(makeFix(before, findings, finding, fix, complain));
          fixes += 1;
        }
      }
      const { texts, made } = fixAll(input);
      const again =
        made.length === 0 ? made : fixAll(inputFor({ ...before, text: texts.get(program.file) ?? '' })).made;
      if (again.length > 0) complain(before, `fixing all twice changes it again: ${again.map(({ title }) => title)}`);
    }
    const results = await world.run(all.map(toRun));
    const held: Held[] = [];
    const turnedFindings = new Set<Finding>();
    for (const [i, result] of results.entries()) {
      const one = all[i];
      if (one === undefined) continue;
      if (result.kind === 'failed') {
        const failedToo = results.some(
          (other, at) => all[at]?.program === one.program && other.kind === 'failed' && all[at]?.fix === null,
        );
        if (one.fix !== null && (!failedToo || one.finding.rule.id === 'express-path-wildcard')) {
          complain(one, `${one.fix}: it does not start: ${result.error}`);
        }
        continue;
      }
      if (one.fix === null) judgeFaulty(one, result, complain);
      else if (wantedOf(one) === undefined) tally('without a verdict to turn');
      else if (turns(one, result)) {
        tally('turned');
        turnedFindings.add(one.finding);
      } else held.push({ one, rest: fixRest(one) });
    }
    const alone = await world.run(held.map(({ rest }) => toRun(rest)));
    const before = await world.run(held.map(({ one }) => runAsLetIn({ ...one, text: one.program.text })));
    const after = await world.run(held.map(({ rest }) => runAsLetIn(rest)));
    const found = held.map((one, i) => classOf(one, alone[i], before[i], after[i]));
    for (const [i, { one }] of held.entries()) {
      if (found[i]?.startsWith('turned')) turnedFindings.add(one.finding);
    }
    for (const [i, { one, rest }] of held.entries()) {
      const outcome =
        found[i] ?? (turnedFindings.has(one.finding) ? 'turned by another fix of the finding' : undefined);
      tally(outcome ?? 'not turned');
      if (outcome !== undefined) continue;
      const left = rest.left.map(({ rule }) => rule.id).join(', ');
      complain(
        rest,
        `${one.fix}: the verdict does not turn, and nothing says why; left: ${left}; it was\n${one.program.text}`,
      );
    }
  }
  const counts = [...classes].sort(([a], [b]) => a.localeCompare(b)).map(([name, times]) => `${times} ${name}`);
  console.log(`${fixes} fixes; of those that are to turn a verdict: ${counts.join('; ')}`);
  expect(faults.slice(0, Number(process.env['FAULTS'] ?? 5)).join('\n\n')).toBe('');
  expect(fixes).toBeGreaterThan(CASES / 2);
  expect(classes.get('turned') ?? 0).toBeGreaterThan(CASES / 8);
}, 3_600_000);

/** Says where the evidence of a finding is not what really happens. */
function judgeFaulty(one: Judged, { answers }: Ran, complain: Complain): void {
  const { exchange, rule, message } = one.finding;
  if (exchange === undefined || !isServed(exchange, one.program)) return;
  const real = verdictOf(exchange.call, answers[0], answers[1]);
  const said = exchange.verdict.result;
  if (said !== 'unknown' && real !== undefined && said !== real.result) {
    complain(
      one,
      `${rule.id} says that ${words(exchange.call)} is ${said}, really ${real.result} (${real.reason}): ${message}`,
    );
  }
}

function words({ method, path, origin, credentials, headers }: Call): string {
  return `${method} ${path} from ${origin}${credentials ? ' with credentials' : ''}, ${JSON.stringify(headers)}`;
}
