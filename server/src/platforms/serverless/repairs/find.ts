import type { Place } from '../../../cors/place';
import { type Found, findAt as findIn } from '../../../yaml/edits/find';
import type { YamlEntry, YamlList, YamlMap } from '../../../yaml/tree';
import type { ServerlessAnalysis } from '../analysis';

/** The innermost thing that stands exactly at the place, in the file itself or in one that it includes. */
export function findAt(analysis: ServerlessAnalysis, place: Place): Found | undefined {
  const file = place.file === analysis.file ? analysis.yaml : analysis.files.get(place.file);
  return findIn(file?.roots ?? [], place);
}

/** The entry of a map that a value is written in. */
export function entryOfList(
  analysis: ServerlessAnalysis,
  list: YamlList,
): { map: YamlMap; entry: YamlEntry } | undefined {
  const found = findAt(analysis, { file: list.source.file, start: list.start, end: list.end });
  return found?.kind === 'value' ? found : undefined;
}
