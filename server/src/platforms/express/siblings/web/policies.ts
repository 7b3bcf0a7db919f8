import { ALLOW_ORIGIN } from '../../../../cors/names';
import type { OriginEntry, OriginPolicy } from '../../../../cors/policy';
import { branchesOf, type Condition, type JsValue, type Reader, snippet } from '../../../../javascript';
import { conditionalEntries } from '../../cors/conditionalEntries';
import type { Setting } from '../../flow/effects';
import { mentionsOrigin } from '../../request/originNames';
import type { WebNames } from './names';

/** What is set on one way through a function, and under which tests. */
export interface SettingsOn {
  readonly settings: readonly Setting[];
  readonly when: readonly Condition[];
}

/** The origin checks that a function makes: under which tests it sends the request's origin back. */
export function policiesOn(reader: Reader, ways: readonly SettingsOn[], names: WebNames): readonly OriginPolicy[] {
  const admissions = ways.flatMap(({ settings, when }) =>
    settings
      .filter(({ name }) => name.toLowerCase() === ALLOW_ORIGIN)
      .flatMap(({ value }) => admissionsBy(value, when, names)),
  );
  const entries = admissions.flatMap((admission) => conditionalEntries(admission, admissions, { reader, ...names }));
  const [first] = entries;
  return first === undefined ? [] : [{ place: first.place, entries: distinct(entries) }];
}

/** What a setting of `Access-Control-Allow-Origin` lets in, under the tests of the origin that lead to it. */
function admissionsBy(value: JsValue, when: readonly Condition[], names: WebNames) {
  return branchesOf(value).flatMap((branch) => {
    if (!mentionsOrigin(branch.value, names)) return [];
    const { place } = branch.value;
    const entry: OriginEntry = names.isOrigin(branch.value)
      ? { kind: 'any', how: snippet(branch.value), place }
      : { kind: 'unknown', reason: `${snippet(branch.value)} is not known before it runs`, place };
    const about = [...when, ...branch.when].filter(({ of }) => mentionsOrigin(of, names));
    return [{ conditions: about, entries: [entry] }];
  });
}

function distinct(entries: readonly OriginEntry[]): readonly OriginEntry[] {
  const kept = new Map(
    entries.map((entry) => [
      `${entry.kind}:${entry.place.start}:${'test' in entry ? JSON.stringify(entry.test) : ''}`,
      entry,
    ]),
  );
  return [...kept.values()];
}
