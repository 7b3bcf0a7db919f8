import type { OriginEntry, OriginPolicy } from '../../../cors/policy';
import {
  type Branch,
  branchesOf,
  type FunctionValue,
  type JsValue,
  type Path,
  type Reader,
  snippet,
} from '../../../javascript';
import { entriesOf } from '../../../javascript/originEntries';
import type { OriginNames } from '../../../javascript/originParts';
import { type Answering, originNames } from './asked';
import { type Admission, conditionalEntries } from './conditionalEntries';
import { allowedEntries } from './originValue';

/** The policy that an `origin` function comes to. */
export function policyOf(reader: Reader, fn: FunctionValue, answering: Answering): OriginPolicy {
  const names = originNames(reader, fn, answering.asked(fn));
  const { paths, complete } = reader.paths(fn);
  const { place } = fn;
  const admissions = paths.flatMap((path) => admissionsOf(reader, fn, path, names, answering));
  const entries = admissions.flatMap((admission) => conditionalEntries(admission, admissions, names));
  return {
    place,
    entries: complete ? entries : [...entries, { kind: 'unknown', reason: 'it has too many ways through it', place }],
  };
}

function admissionsOf(
  reader: Reader,
  fn: FunctionValue,
  path: Path,
  names: OriginNames,
  answering: Answering,
): Admission[] {
  return answering
    .asked(fn)
    .ends(reader, fn, path)
    .flatMap((end): Admission[] => {
      const { conditions } = path;
      if (end.kind === 'unknown')
        return [{ conditions, entries: [{ kind: 'unknown', reason: end.reason, place: fn.place }] }];
      if (end.kind !== 'value') return [];
      // Where the answer itself is sent, each way that it can come out lets in something else.
      const answers: readonly Branch[] = answering.truthyReflects
        ? [{ when: [], value: end.value }]
        : branchesOf(end.value);
      return answers.flatMap(({ when, value }): Admission[] => {
        const entries = admittedBy(value, names, answering);
        return entries.length === 0 ? [] : [{ conditions: [...conditions, ...when], entries }];
      });
    });
}

/** The origins let in by what is handed to the callback. */
function admittedBy(value: JsValue, names: OriginNames, answering: Answering): readonly OriginEntry[] {
  const isTest = value.kind === 'choice' || value.kind === 'not' || value.kind === 'binary';
  if (isTest && answering.truthyReflects) return entriesOf(value, names);
  const setting = answering.answerSetting(value, names);
  switch (setting.kind) {
    case 'off':
    case 'fails':
      return [];
    case 'reflect':
      return setting.policy.entries;
    case 'wildcard':
      return [{ kind: 'any', how: snippet(value), place: value.place }];
    case 'fixed':
      return allowedEntries(value);
    case 'callback':
      return [{ kind: 'any', how: snippet(value), place: value.place }];
    case 'unknown':
      if (answering.truthyReflects) return entriesOf(value, names);
      return [{ kind: 'unknown', reason: setting.reason, place: value.place }];
  }
}
