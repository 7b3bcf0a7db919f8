import { placeKey } from '../cors/place';
import { RANK } from '../lint/severity';
import type { Finding } from '../lint/types';

/**
 * Findings that several analyses came to, in the order of the text: of those of one rule at one place the gravest,
 * and among equals the first.
 */
export function mergeFindings(findings: Iterable<Finding>): Finding[] {
  const best = new Map<string, Finding>();
  for (const finding of findings) {
    const key = `${finding.rule.id}\0${placeKey(finding.place)}`;
    const known = best.get(key);
    if (known === undefined || RANK[finding.severity] < RANK[known.severity]) best.set(key, finding);
  }
  return [...best.values()].sort(byPlace);
}

function byPlace(a: Finding, b: Finding): number {
  return a.place.start - b.place.start || a.place.end - b.place.end || (a.rule.id < b.rule.id ? -1 : 1);
}
