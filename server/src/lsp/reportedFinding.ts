import path from 'node:path';
import { asPrediction } from '../cors/prediction';
import type { Finding } from '../lint/types';
import type { Workspace } from '../workspace/types';
import type { Locate } from './locate';
import type { ReportedFinding } from './protocol';
import type { Session } from './session';
import { toTried } from './tried';

/**
 * A finding with all that people want to know of it; undefined when its file cannot be read any more.
 * @param withFixes whether its fixes are worked out, which takes time
 */
export function reportedFinding(
  { pages }: Session,
  { root }: Workspace,
  finding: Finding,
  locate: Locate,
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
    file: path.relative(root, place.file).replaceAll(path.sep, '/'),
    page: pages.link(rule.id) ?? null,
    cwe: rule.cwe ?? null,
    related: related.flatMap((other) => {
      const there = locate(other.place);
      return there === null ? [] : [{ message: other.message, location: there }];
    }),
    tried: exchange === undefined ? null : toTried(exchange.call, asPrediction(exchange), null, locate),
    fixes: withFixes ? finding.fixes().map(({ title }) => title) : null,
  };
}
