import { type Browser, openBrowser } from '../cors/browser';
import type { Endpoint } from '../cors/endpoint';
import { type Place, placeKey } from '../cors/place';
import { callersByEndpoint } from './arrivals';
import { type Judgements, openCourt } from './judgements';
import { withoutReplaced } from './replaced';
import type { LintSettings } from './settings';
import { RANK, severityOf } from './severity';
import { suppress } from './suppress';
import type {
  Analysis,
  Arrival,
  EndpointRule,
  Host,
  NeutralRule,
  Platform,
  PlatformSubject,
  RawFinding,
  RuleOn,
  Subject,
} from './types';

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
  /** The calls of the workspace's pages that the file's endpoints are known to answer. */
  readonly arrivals?: readonly Arrival[];
  /** The origins that other files of the workspace let in; asked for only when a fix needs an origin. */
  readonly seenOrigins?: () => readonly string[];
  /** What an earlier lint of nearly the same text came to: saves work, and never changes what is found. */
  readonly before?: Judgements;
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
  /** For the next lint of the file; undefined when reading it crashed. */
  readonly judgements: Judgements | undefined;
}

/**
 * Reads one file into endpoints, runs every rule that is on, and applies severities and suppressions. Never throws.
 */
export function find(input: LintInput): Found {
  const analysis = attempt(input, 'reading the file', () =>
    input.platform.analyse(input.file, input.text, input.host, input.settings.platform),
  );
  if (analysis === undefined) return { analysis, findings: [], judgements: undefined };
  const { raw, judgements } = runRules(input, analysis);
  // What a finding replaces may rest on another endpoint than the finding that is kept for its place.
  const found = distinct(withoutReplaced(raw));
  const all = [...input.rules, ...input.platform.rules].map((rule) => rule.meta.id);
  const findings = suppress(found, { analysis, host: input.host, ruleIds: all, settings: input.settings });
  return { analysis, findings: findings.sort(byPlace), judgements };
}

interface Ruled {
  readonly raw: readonly RawFinding[];
  readonly judgements: Judgements;
}

function runRules(input: LintInput, analysis: Analysis): Ruled {
  const raw: RawFinding[] = [];
  const browsers = new Map<Endpoint, Browser>();
  const callers = callersByEndpoint(analysis.endpoints, input.arrivals ?? []);
  const browserFor = (endpoint: Endpoint): Browser => {
    const known = browsers.get(endpoint);
    if (known) return known;
    const browser = openBrowser(endpoint, callers.get(endpoint));
    browsers.set(endpoint, browser);
    return browser;
  };
  const add = (found: readonly RawFinding[]): void => {
    for (const finding of found) {
      const severity = severityOf(finding.rule, finding.severity, input.settings);
      if (severity !== 'off') raw.push({ ...finding, severity });
    }
  };
  const run = <S>(rule: RuleOn<S>, subjects: readonly S[]): void =>
    add(attempt(input, rule.meta.id, () => subjects.flatMap((subject) => rule.run(subject))) ?? []);
  const isOn = ({ meta }: RuleOn<never>) => severityOf(meta, meta.severity, input.settings) !== 'off';
  const neutral = input.rules.filter(isOn);
  const endpointRules = neutral.filter((rule) => rule.on === 'endpoint');
  const expectedOrigins = input.settings.origins;
  const subjects = analysis.endpoints.map((endpoint) => ({ endpoint, browser: browserFor(endpoint), expectedOrigins }));
  const { found, judgements } = judge(input, endpointRules, subjects);
  add(found);
  for (const rule of neutral) if (rule.on === 'setting') run(rule, analysis.settings);
  const whole: PlatformSubject<Analysis> = { analysis, browserFor, host: input.host };
  for (const rule of input.platform.rules.filter(isOn)) run(rule, [whole]);
  return { raw, judgements };
}

/** Runs the rules on each endpoint, those aside that have said the same of an endpoint like it. */
function judge(input: LintInput, rules: readonly EndpointRule[], subjects: readonly Subject[]) {
  const others = [...input.rules, ...input.platform.rules].flatMap(({ meta }) => meta.replaces ?? []);
  const court = openCourt({ rules, settings: input.settings, before: input.before, replaced: new Set(others) });
  const findings = new Map<EndpointRule, RawFinding[] | 'crashed'>();
  const isBehind = askBehind(input.settings.origins);
  for (const subject of subjects) {
    const { browser } = subject;
    // Who is called by pages is known by that too, and not only by what it answers.
    const precedent = browser.callers.length > 0 ? undefined : court.precedentFor(browser);
    const places = new Map<EndpointRule, readonly Place[] | 'everywhere'>();
    for (const rule of rules) {
      if (precedent?.mustRun(rule) === false) continue;
      const known = findings.get(rule) ?? [];
      const found = known === 'crashed' ? undefined : attempt(input, rule.meta.id, () => rule.run(subject));
      if (found?.length === 0) continue;
      places.set(rule, found?.map(({ place }) => place) ?? 'everywhere');
      const own = found !== undefined && isBehind(rule, subject) ? [] : found;
      findings.set(rule, own === undefined || known === 'crashed' ? 'crashed' : [...known, ...own]);
    }
    if (!precedent?.isOfThisLint && browser.callers.length === 0)
      court.keep({ browser, asked: [...browser.asked], found: places });
  }
  const found = [...findings.values()].flatMap((each) => (each === 'crashed' ? [] : each));
  return { found, judgements: court.judgements };
}

/**
 * Whether a rule finds the same already in the application that an endpoint passes requests on to: that is reported
 * there, and not for everything in front of it as well.
 */
function askBehind(expectedOrigins: Subject['expectedOrigins']): (rule: EndpointRule, subject: Subject) => boolean {
  const subjects = new Map<object, { readonly subject: Subject; readonly found: Map<EndpointRule, boolean> }>();
  return (rule, { endpoint: { behind }, browser }) => {
    if (behind === undefined) return false;
    const callers = browser.callers.filter(({ path, method }) => behind.matches(path, method) === true);
    const key = callers.length > 0 ? browser : behind;
    const known = subjects.get(key) ?? {
      subject: { endpoint: behind, browser: openBrowser(behind, callers), expectedOrigins },
      found: new Map(),
    };
    subjects.set(key, known);
    const before = known.found.get(rule);
    if (before !== undefined) return before;
    const finds = rule.run(known.subject).length > 0;
    known.found.set(rule, finds);
    return finds;
  };
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
