import { asPrediction } from '../../cors/prediction';
import type { Finding } from '../../lint/types';
import { toTried } from './tried';
import type { Locate, ReportedFinding } from './types';

export interface FindingNaming {
  readonly locate: Locate;
  /** A file's name for people. */
  readonly shown: (file: string) => string;
  /** The address that tells more of a rule; undefined when there is none. */
  readonly page: (rule: Finding['rule']) => string | undefined;
}

/**
 * A finding with all that people want to know of it; undefined when its file cannot be read any more.
 * @param withFixes whether its fixes are worked out, which takes time
 */
export function reportedFinding(
  finding: Finding,
  { locate, shown, page }: FindingNaming,
  withFixes: boolean,
): ReportedFinding | undefined {
  const { rule, severity, message, place, related, exchange } = finding;
  const location = locate(place);
  if (location === null) return undefined;
  return {
    rule: rule.id,
    title: rule.title,
    category: rule.category,
    severity,
    message,
    location,
    file: shown(place.file),
    page: page(rule) ?? null,
    cwe: rule.cwe ?? null,
    related: related.flatMap((other) => {
      const there = locate(other.place);
      return there === null ? [] : [{ message: other.message, location: there }];
    }),
    tried: exchange === undefined ? null : toTried(exchange.call, asPrediction(exchange), null, locate),
    fixes: withFixes ? finding.fixes().map(({ title }) => title) : null,
  };
}
