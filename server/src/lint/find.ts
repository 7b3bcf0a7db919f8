import { type Browser, openBrowser } from '../cors/browser';
import type { Endpoint } from '../cors/endpoint';
import { placeKey } from '../cors/place';
import { withoutReplaced } from './replaced';
import type { LintSettings } from './settings';
import { RANK, severityOf } from './severity';
import { suppress } from './suppress';
import type { Analysis, Host, NeutralRule, Platform, PlatformSubject, RawFinding, RuleOn } from './types';

export interface LintInput {
  readonly platform: Platform;
  readonly file: string;
  readonly text: string;
  readonly host: Host;
  readonly settings: LintSettings;
  /** The platform-neutral rules; the platform brings its own. */
  readonly rules: readonly NeutralRule[];
  /** Told of each crash; the crash costs the rule's findings in this file and nothing else. */
  readonly onCrash?: (crash: Crash) => void;
}

/** A fault of ours. `during` names what crashed: a rule's id, or "reading the file". */
export interface Crash {
  readonly file: string;
  readonly during: string;
  readonly error: unknown;
}

export interface Found {
  /** Undefined when reading the file crashed. */
  readonly analysis: Analysis | undefined;
  /** With the configuration's severities, suppressed ones left out; one for each rule and place; in order. */
  readonly findings: readonly RawFinding[];
}

/**
 * Reads one file into endpoints, runs every rule that is on, and applies severities and suppressions. Never throws.
 */
export function find(input: LintInput): Found {
  const analysis = attempt(input, 'reading the file', () =>
    input.platform.analyse(input.file, input.text, input.host, input.settings.platform),
  );
  if (analysis === undefined) return { analysis, findings: [] };
  // What a finding replaces may rest on another endpoint than the finding that is kept for its place.
  const found = distinct(withoutReplaced(runRules(input, analysis)));
  const all = [...input.rules, ...input.platform.rules].map((rule) => rule.meta.id);
  const findings = suppress(found, { analysis, host: input.host, ruleIds: all, settings: input.settings });
  return { analysis, findings: findings.sort(byPlace) };
}

function runRules(input: LintInput, analysis: Analysis): RawFinding[] {
  const findings: RawFinding[] = [];
  const browsers = new Map<Endpoint, Browser>();
  const browserFor = (endpoint: Endpoint): Browser => {
    const known = browsers.get(endpoint);
    if (known) return known;
    const browser = openBrowser(endpoint);
    browsers.set(endpoint, browser);
    return browser;
  };
  const run = <S>(rule: RuleOn<S>, subjects: readonly S[]): void => {
    if (severityOf(rule.meta, rule.meta.severity, input.settings) === 'off') return;
    const found = attempt(input, rule.meta.id, () => subjects.flatMap((subject) => rule.run(subject)));
    for (const finding of found ?? []) {
      const severity = severityOf(finding.rule, finding.severity, input.settings);
      if (severity !== 'off') findings.push({ ...finding, severity });
    }
  };
  const subjects = analysis.endpoints.map((endpoint) => ({ endpoint, browser: browserFor(endpoint) }));
  for (const rule of input.rules) {
    if (rule.on === 'endpoint') run(rule, subjects);
    else run(rule, analysis.settings);
  }
  const whole: PlatformSubject<Analysis> = { analysis, browserFor, host: input.host };
  for (const rule of input.platform.rules) run(rule, [whole]);
  return findings;
}

/** One finding for each rule and place: the gravest, and among equals the first. */
function distinct(findings: readonly RawFinding[]): RawFinding[] {
  const best = new Map<string, RawFinding>();
  for (const finding of findings) {
    const key = `${finding.rule.id}\0${placeKey(finding.place)}`;
    const known = best.get(key);
    if (!known || RANK[finding.severity] < RANK[known.severity]) best.set(key, finding);
  }
  return [...best.values()];
}

/** What the work gives, or undefined after telling of its crash. */
export function attempt<T>(input: LintInput, during: string, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    input.onCrash?.({ file: input.file, during, error });
    return undefined;
  }
}

function byPlace(a: RawFinding, b: RawFinding): number {
  if (a.place.file !== b.place.file) return a.place.file < b.place.file ? -1 : 1;
  return a.place.start - b.place.start || a.place.end - b.place.end || (a.rule.id < b.rule.id ? -1 : 1);
}
