import type { Place } from '../../../cors/place';
import type { OriginEntry, OriginPolicy, OriginTest } from '../../../cors/policy';
import type { Condition, Option, Value } from '../../../cors/value';

/** What a check makes of a text: a truth, or a further test on the origin where the text is the origin itself. */
export type Judgement = boolean | OriginTest | undefined;

/**
 * The origins for which a value that depends on the origin passes a check.
 *
 * @param value what is checked
 * @param place where the check stands
 * @param judge the check: on a text, or on the origin itself (`undefined` for the text)
 * @returns undefined when the value depends on something else, or on nothing
 */
export function originsWhere(
  value: Value,
  place: Place,
  judge: (text: string | undefined) => Judgement,
): OriginPolicy | undefined {
  if (value.kind === 'request-origin') {
    const judged = judge(undefined);
    return judged === undefined ? undefined : { place, entries: entriesFor(judged, place, []) };
  }
  if (value.kind !== 'choice') {
    return undefined;
  }
  const entries: OriginEntry[] = [];
  const excluded: OriginTest[] = [];
  for (const option of value.options) {
    const tests = testsOf(option);
    const judged = judgeOption(option.value, judge);
    if (tests === undefined || judged === undefined) {
      return undefined;
    }
    if (judged !== false) {
      for (const entry of tests) {
        entries.push(narrow(entry, judged, excluded));
      }
    }
    // Once an option is taken, none after it is, whatever comes of the check.
    if (judged !== true) {
      excluded.push(...tests.map(testOf));
    }
  }
  return { place, entries };
}

function judgeOption(value: Value, judge: (text: string | undefined) => Judgement): Judgement {
  switch (value.kind) {
    case 'literal':
      return judge(value.text);
    case 'absent':
      return judge('');
    case 'request-origin':
      return judge(undefined);
    default:
      return undefined;
  }
}

/** The entries under which an option is taken, were those before it not. */
function testsOf({ when, value }: Option): readonly OriginEntry[] | undefined {
  if (when.kind === 'origin-admitted') {
    return when.policy.entries;
  }
  return when.kind === 'always' ? [{ kind: 'any', how: 'the default', place: value.place }] : undefined;
}

function narrow(entry: OriginEntry, judged: true | OriginTest, excluded: readonly OriginTest[]): OriginEntry {
  if (judged === true && excluded.length === 0) {
    return entry;
  }
  const of = [...excluded.map((test): OriginTest => ({ kind: 'not', of: test })), testOf(entry)];
  return { kind: 'match', place: entry.place, test: { kind: 'all', of: judged === true ? of : [...of, judged] } };
}

function entriesFor(judged: boolean | OriginTest, place: Place, excluded: readonly OriginTest[]): OriginEntry[] {
  if (judged === false) {
    return [];
  }
  if (judged !== true && judged.kind === 'equals') {
    const { text, ignoreCase } = judged;
    return [{ kind: 'exact', text, place, ...(ignoreCase === undefined ? {} : { ignoreCase }) }];
  }
  return judged === true
    ? [narrow({ kind: 'any', how: '`$http_origin`', place }, true, excluded)]
    : [{ kind: 'match', test: judged, place }];
}

function testOf(entry: OriginEntry): OriginTest {
  switch (entry.kind) {
    case 'any':
      return { kind: 'prefix', text: '' };
    case 'exact':
      return {
        kind: 'equals',
        text: entry.text,
        ...(entry.ignoreCase === undefined ? {} : { ignoreCase: entry.ignoreCase }),
      };
    case 'match':
      return entry.test;
    case 'unknown':
      return { kind: 'unknown', reason: entry.reason };
  }
}

/** Whether the value depends on the request's origin, as far as the model can tell. */
export function dependsOnOrigin(value: Value): boolean {
  switch (value.kind) {
    case 'request-origin':
      return true;
    case 'choice':
      return value.options.some((option) => onOrigin(option.when) || dependsOnOrigin(option.value));
    case 'template':
      return value.parts.some(dependsOnOrigin);
    default:
      return false;
  }
}

function onOrigin(when: Condition): boolean {
  return when.kind === 'not' ? onOrigin(when.of) : when.kind === 'origin-admitted';
}
