import type { LintSettings } from './settings';
import type { RuleMeta, Severity } from './types';

/** 0 is the gravest. */
export const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2, hint: 3 };

/** The severity that a report of this rule gets; `own` is what the report itself asks for. */
export function severityOf(rule: RuleMeta, own: Severity, settings: LintSettings): Severity | 'off' {
  return settings.rules.get(rule.id) ?? (rule.off ? 'off' : own);
}
