import type { Finding, Fix } from '../lint/types';
import type { FileResult } from './types';

/** What is known of a file, under the name of a link to it: an editor shows what it has open by that name. */
export function namedAs(name: string, result: FileResult): FileResult {
  const { file } = result;
  return { ...result, file: name, findings: result.findings.map((finding) => renamedFinding(finding, file, name)) };
}

/** The fix with the edits of one file under another name. */
export function renamed(fix: Fix, file: string, name: string): Fix {
  if (file === name) return fix;
  return { ...fix, edits: fix.edits.map((edit) => (edit.file === file ? { ...edit, file: name } : edit)) };
}

/** The map with the entry of one file under another name. */
export function named<V>(map: ReadonlyMap<string, V>, file: string, name: string): Map<string, V> {
  return new Map([...map].map(([key, value]) => [key === file ? name : key, value]));
}

function renamedFinding(finding: Finding, file: string, name: string): Finding {
  const moved = <P extends { readonly file: string }>(place: P): P =>
    place.file === file ? { ...place, file: name } : place;
  return {
    ...finding,
    place: moved(finding.place),
    related: finding.related.map((each) => ({ ...each, place: moved(each.place) })),
    fixes: () => finding.fixes().map((fix) => renamed(fix, file, name)),
  };
}
