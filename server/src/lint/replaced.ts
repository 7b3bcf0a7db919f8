import type { Exchange, Leg } from '../cors/browser';
import { placeKey } from '../cors/place';
import type { RawFinding } from './types';

/**
 * Leaves out findings whose rule another finding's rule replaces, where both rest on the same answer of the server, or,
 * where the other one rests on none, blame the same place: the one that names the cause is enough.
 */
export function withoutReplaced(findings: readonly RawFinding[]): RawFinding[] {
  const replaced = new Set<string>();
  for (const { rule, exchange, place } of findings) {
    for (const id of rule.replaces ?? [])
      replaced.add(exchange ? answerKey(id, exchange) : `${id}\0${placeKey(place)}`);
  }
  if (replaced.size === 0) return [...findings];
  return findings.filter(
    ({ rule, exchange, place }) =>
      !(exchange && replaced.has(answerKey(rule.id, exchange))) && !replaced.has(`${rule.id}\0${placeKey(place)}`),
  );
}

function answerKey(ruleId: string, exchange: Exchange): string {
  const { answeredBy } = decisiveLeg(exchange).response.source;
  return `${ruleId}\0${exchange.call.path}\0${placeKey(answeredBy.place)}`;
}

/** The preflight when it is refused, else the request itself. */
function decisiveLeg({ preflight, actual }: Exchange): Leg {
  return preflight?.verdict.result === 'blocked' ? preflight : actual;
}
