import type { Exchange, Leg } from '../cors/browser';
import { placeKey } from '../cors/place';
import type { RawFinding } from './types';

/**
 * Leaves out findings whose rule another finding's rule replaces, where both rest on the same answer of the server:
 * the one that names the cause is enough.
 */
export function withoutReplaced(findings: readonly RawFinding[]): RawFinding[] {
  const replaced = new Set<string>();
  for (const { rule, exchange } of findings) {
    if (exchange) for (const id of rule.replaces ?? []) replaced.add(key(id, exchange));
  }
  if (replaced.size === 0) return [...findings];
  return findings.filter(({ rule, exchange }) => !exchange || !replaced.has(key(rule.id, exchange)));
}

function key(ruleId: string, exchange: Exchange): string {
  const { answeredBy } = decisiveLeg(exchange).response.source;
  return `${ruleId}\0${exchange.call.path}\0${placeKey(answeredBy.place)}`;
}

/** The preflight when it is refused, else the request itself. */
function decisiveLeg({ preflight, actual }: Exchange): Leg {
  return preflight?.verdict.result === 'blocked' ? preflight : actual;
}
