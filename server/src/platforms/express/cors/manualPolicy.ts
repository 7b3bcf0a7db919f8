import { ALLOW_ORIGIN } from '../../../cors/names';
import type { OriginEntry, OriginPolicy } from '../../../cors/policy';
import { branchesOf, type Condition, type FunctionValue, type Path, type Reader, snippet } from '../../../javascript';
import type { OriginNames } from '../../../javascript/originParts';
import { effectOf, type Setting } from '../flow/effects';
import { type Roles, rolesOf } from '../request/names';
import { mentionsOrigin } from '../request/originNames';
import { conditionalEntries } from './conditionalEntries';
import { sourceOf } from './corsOptions';
import { policiesOf } from './corsPolicies';

/**
 * The origin checks that a middleware or handler makes by hand: under which tests it sends the request's origin back.
 * A `cors(…)` that it calls itself brings its own.
 */
export function handPolicies(reader: Reader, fn: FunctionValue): readonly OriginPolicy[] {
  const roles = rolesOf(fn);
  const names: OriginNames = { reader, isOrigin: roles.isOrigin };
  const { paths } = reader.paths(fn);
  const admissions = paths.flatMap((path) => admissionsOn(reader, fn, path, roles));
  const entries = admissions.flatMap((admission) => conditionalEntries(admission, admissions, names));
  const own: readonly OriginPolicy[] =
    entries.length === 0 ? [] : [{ place: entries[0]?.place ?? fn.place, entries: distinctEntries(entries) }];
  return [...own, ...calledPolicies(reader, paths, roles)];
}

function admissionsOn(reader: Reader, fn: FunctionValue, path: Path, roles: Roles) {
  const found: { conditions: readonly Condition[]; entries: readonly OriginEntry[] }[] = [];
  for (const step of path.steps) {
    const effect = effectOf(reader, step, roles);
    if (effect.kind === 'function') {
      const inner = handPolicies(reader, reader.bind(effect.fn, effect.args));
      for (const policy of inner)
        found.push({ conditions: aboutOrigin(path.conditions, roles), entries: policy.entries });
      continue;
    }
    const settings = effect.kind === 'set' || effect.kind === 'answer' ? effect.headers : [];
    for (const setting of settings) {
      if (setting.name.toLowerCase() === ALLOW_ORIGIN) found.push(...admissionsBySetting(setting, path, roles));
    }
  }
  return found.length > 0 && fn.function.params.length >= 1 ? found : [];
}

function admissionsBySetting(setting: Setting, path: Path, roles: Roles) {
  return branchesOf(setting.value).flatMap(({ when, value }) => {
    if (!mentionsOrigin(value, roles)) return [];
    const { place } = value;
    const entry: OriginEntry = roles.isOrigin(value)
      ? { kind: 'any', how: snippet(value), place }
      : { kind: 'unknown', reason: `${snippet(value)} is not known before it runs`, place };
    return [{ conditions: aboutOrigin([...path.conditions, ...when], roles), entries: [entry] }];
  });
}

/** Tests of anything else (the method, an environment) do not change which origins are let in. */
function aboutOrigin(conditions: readonly Condition[], roles: Roles): readonly Condition[] {
  return conditions.filter((condition) => mentionsOrigin(condition.of, roles));
}

function calledPolicies(reader: Reader, paths: readonly Path[], roles: Roles): readonly OriginPolicy[] {
  const policies = new Map<number, readonly OriginPolicy[]>();
  for (const path of paths) {
    for (const step of path.steps) {
      const effect = effectOf(reader, step, roles);
      if (effect.kind === 'cors') policies.set(effect.call.place.start, policiesOf(reader, sourceOf(effect.call)));
    }
  }
  return [...policies.values()].flat();
}

function distinctEntries(entries: readonly OriginEntry[]): readonly OriginEntry[] {
  const kept = new Map<string, OriginEntry>();
  for (const entry of entries)
    kept.set(
      `${entry.kind}:${entry.place.start}:${entry.place.end}:${JSON.stringify('test' in entry ? entry.test : '')}`,
      entry,
    );
  return [...kept.values()];
}
