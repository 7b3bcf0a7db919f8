import type { OriginTest } from '../cors/policy';

export const ALWAYS: OriginTest = { kind: 'all', of: [] };
export const NEVER: OriginTest = { kind: 'some', of: [] };

/** Whether the test lets every origin through, by its form alone. */
export function isAlways(test: OriginTest): boolean {
  return (
    (test.kind === 'all' && test.of.every(isAlways)) ||
    (test.kind === 'some' && test.of.some(isAlways)) ||
    (test.kind === 'not' && isNever(test.of))
  );
}

export function isNever(test: OriginTest): boolean {
  return (
    (test.kind === 'some' && test.of.every(isNever)) ||
    (test.kind === 'all' && test.of.some(isNever)) ||
    (test.kind === 'not' && isAlways(test.of))
  );
}

export function negation(test: OriginTest): OriginTest {
  if (test.kind === 'unknown') return test;
  if (isAlways(test)) return NEVER;
  if (isNever(test)) return ALWAYS;
  return test.kind === 'not' ? test.of : { kind: 'not', of: test };
}

export function conjunction(tests: readonly OriginTest[]): OriginTest {
  if (tests.some(isNever)) return NEVER;
  const needed = tests.filter((test) => !isAlways(test));
  const [only] = needed;
  return needed.length === 1 && only ? only : { kind: 'all', of: needed };
}

export function disjunction(tests: readonly OriginTest[]): OriginTest {
  if (tests.some(isAlways)) return ALWAYS;
  const possible = tests.filter((test) => !isNever(test));
  const [only] = possible;
  return possible.length === 1 && only ? only : { kind: 'some', of: possible };
}
