import type { OriginEntry, OriginTest } from '../../../cors/policy';
import { type Condition, sameTest } from '../../../javascript';
import { entriesOf } from '../../../javascript/originEntries';
import type { OriginNames } from '../../../javascript/originParts';
import { conditionTest, originTest } from '../../../javascript/originTest';
import { conjunction, isAlways, isNever } from '../../../javascript/testAlgebra';

/** One way through a function that lets some origins in. */
export interface Admission {
  readonly conditions: readonly Condition[];
  readonly entries: readonly OriginEntry[];
}

/** The entries of one way in, narrowed by its conditions. */
export function conditionalEntries(
  admission: Admission,
  all: readonly Admission[],
  names: OriginNames,
): readonly OriginEntry[] {
  const conditions = admission.conditions.filter(
    (condition, i) => !isLeftOver(condition, admission.conditions.slice(0, i), all),
  );
  const tests = conditions.map((condition) => conditionTest(condition, names));
  if (tests.some(isNever)) return [];
  const needed = conditions.filter((_, i) => !isAlways(tests[i] ?? { kind: 'all', of: [] }));
  const [only] = needed;
  if (only === undefined) return admission.entries;
  const isAny = admission.entries.every((entry) => entry.kind === 'any');
  if (isAny && needed.length === 1 && only.holds) return entriesOf(only.of, names);
  return admission.entries.map((entry): OriginEntry => {
    const test = conjunction([...needed.map((condition) => conditionTest(condition, names)), testOf(entry)]);
    const unknown = needed.find((condition) => originTest(condition.of, names).kind === 'unknown');
    if (unknown && test.kind === 'unknown')
      return { kind: 'unknown', reason: `it depends on whether ${unknown.words}`, place: entry.place };
    return { kind: 'match', test, place: isAny ? only.of.place : entry.place };
  });
}

function testOf(entry: OriginEntry): OriginTest {
  switch (entry.kind) {
    case 'any':
      return { kind: 'all', of: [] };
    case 'exact':
      return { kind: 'equals', text: entry.text, ...(entry.ignoreCase ? { ignoreCase: true } : {}) };
    case 'match':
      return entry.test;
    case 'unknown':
      return { kind: 'unknown', reason: entry.reason };
  }
}

/** "Not A" says nothing when A, after the same tests, lets in as well. */
function isLeftOver(condition: Condition, before: readonly Condition[], all: readonly Admission[]): boolean {
  if (condition.holds) return false;
  return all.some(
    ({ conditions }) =>
      conditions.length > before.length &&
      before.every((one, i) => {
        const other = conditions[i];
        return other !== undefined && sameTest(one, other) && one.holds === other.holds;
      }) &&
      conditions.slice(before.length).every((one) => one.holds) &&
      conditions.slice(before.length).length === 1 &&
      conditions.some((one) => one.holds && sameTest(one, condition)),
  );
}
