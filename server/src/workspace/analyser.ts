import type { Settings } from '../config/settings';
import type { Caller } from '../cors/caller';
import type { Endpoint } from '../cors/endpoint';
import { type Place, samePlace } from '../cors/place';
import { callersByEndpoint } from '../lint/arrivals';
import type { LintResult } from '../lint/engine';
import { attempt, type Crash, find, type LintInput } from '../lint/find';
import { bringsTrouble, failedBefore, withEdits } from '../lint/fixes';
import { originsOf } from '../lint/knownOrigins';
import type { Analysis, Arrival, Finding, Fix, NeutralRule, OutgoingCall, Platform } from '../lint/types';
import { openEntries } from './entries';
import type { Entry, Run } from './entry';
import type { WorkspaceHost } from './host';
import { linkedSettings, lintSettings } from './lintSettings';
import { openOriginsSeen } from './originsSeen';
import { openClaims } from './platformClaims';
import { openPreparations } from './preparations';
import { NO_ARRIVALS } from './system/arrivals';
import type { Links } from './system/links';
import type { System } from './system/openSystem';
import { openWholeResults } from './wholeResults';

export interface AnalyserOptions {
  readonly host: WorkspaceHost;
  readonly platforms: readonly Platform[];
  readonly rules: readonly NeutralRule[];
  readonly settingsFor: (file: string) => Settings;
  /** Left out: files are read without what other servers answer. */
  readonly system?: Pick<System, 'linksOf' | 'unlink' | 'arrivalsAt' | 'learn'>;
  readonly onCrash: (crash: Crash) => void;
  /** As the workspace's option of that name. */
  readonly offersSeenOrigins: boolean;
}

/** What a platform makes of a file. */
export interface Analysed {
  readonly platform: Platform;
  readonly analysis: Analysis;
  /** The calls of pages that are known to reach the endpoints. */
  readonly callers: ReadonlyMap<Endpoint, readonly Caller[]>;
}

export interface Analyser {
  /** Whether any platform may read a file of this name. Looks at the name only. */
  concernsByName(file: string): boolean;
  /** The platforms that may read the file, by its name, and those that do, by its text. */
  platformsFor(file: string): readonly Platform[];
  /** The platforms that read the file, by its name and text. Remembered until the file changes. */
  platformsOf(file: string): readonly Platform[];
  /** Lints a file, unless nothing that it rests on has changed since it was done last. Never rejects. */
  entry(file: string): Promise<Entry>;
  /** The last entry, fresh or not. */
  known(file: string): Entry | undefined;
  /** Files whose last analysis looked at this one, or for it, sorted. */
  dependents(file: string): readonly string[];
  /** Of these, the ones whose last analysis judges the file as a part of theirs. */
  includers(file: string): readonly string[];
  /** Whether it has turned out since that the file is a part of another, or no longer, or that others call it. */
  isMisjudged(entry: Entry): boolean;
  /** Whether a fix that the input's lint offers does no harm where its files are parts of others. */
  isHarmless(fix: Pick<Fix, 'edits'>, input: LintInput): boolean;
  /** What the platforms that read the file make of it now, trees and all. Runs no rule. */
  analyses(file: string): Promise<readonly Analysed[]>;
  /** The engine's input for each platform that reads the file. */
  inputs(file: string): Promise<readonly LintInput[]>;
}

/** A snippet can have hundreds of includers: a fix is tried in this many of them. */
const MOST_CONTEXTS = 12;

export function openAnalyser(options: AnalyserOptions): Analyser {
  const { host, platforms, rules, settingsFor, system, onCrash, offersSeenOrigins } = options;
  const crashes = new Set<string>();
  const entries = openEntries();
  const claims = openClaims({ host, platforms, settingsFor, onCrash: tell });
  const prepared = openPreparations(tell);
  const whole = openWholeResults();
  const seen = openOriginsSeen();

  return {
    concernsByName: claims.byName,
    platformsFor: claims.platformsFor,
    platformsOf: claims.platformsOf,
    entry,
    known: entries.get,
    dependents: entries.dependents,
    includers: entries.includers,
    isMisjudged,
    isHarmless,
    analyses,
    inputs,
  };

  async function entry(file: string): Promise<Entry> {
    const settings = settingsFor(file);
    const known = entries.get(file);
    if (known !== undefined && isFresh(known, settings)) return known;
    const made = await analyse(file, settings);
    entries.keep(made);
    return made;
  }

  function isFresh(entry: Entry, settings: Settings): boolean {
    if (entry.settings !== settings || entry.version !== host.version(entry.file)) return false;
    if (isMisjudged(entry)) return false;
    const reading = entry.runs.map(({ platform }) => platform);
    if (entry.links !== linksFor(entry.file, reading)) return false;
    for (const [file, version] of entry.dependencies) if (host.version(file) !== version) return false;
    return true;
  }

  function isMisjudged({ file, isIncluded, arrivals }: Entry): boolean {
    return isIncluded !== entries.includers(file).length > 0 || arrivals !== arrivalsAt(file);
  }

  function arrivalsAt(file: string): readonly Arrival[] {
    return system?.arrivalsAt(file) ?? NO_ARRIVALS;
  }

  async function analyse(file: string, settings: Settings): Promise<Entry> {
    const content = host.content(file);
    const isIncluded = entries.includers(file).length > 0;
    let parts: Map<string, readonly Place[]> | undefined = new Map();
    const dependencies = new Map<string, string | number | undefined>();
    const arrivals = arrivalsAt(file);
    const nothing = { file, runs: [], settings, isIncluded, parts, dependencies, links: undefined, arrivals };
    const claiming = content.kind === 'none' ? [] : claims.reading(file, content);
    if (content.kind === 'none' || claiming.length === 0) system?.learn(file, []);
    if (content.kind === 'none') return { ...nothing, skipped: content.reason, version: host.version(file) };
    const { text, version } = content;
    if (claiming.length === 0) return { ...nothing, version };
    const ready = await prepared(claiming);
    const runs: Run[] = [];
    const origins: string[] = [];
    const outgoing: OutgoingCall[] = [];
    system?.unlink(file);
    const links = linksFor(file, ready);
    for (const platform of ready) {
      const { analysis, findings } = whole.lint(inputFor(platform, file, text, settings), version);
      runs.push({ platform, findings: findings.map((finding) => lighten(finding, platform, file)) });
      if (analysis !== undefined && offersSeenOrigins) origins.push(...originsOf(analysis));
      outgoing.push(...(analysis?.outgoing ?? []));
      for (const dependency of analysis?.dependencies ?? []) {
        if (dependency !== file) dependencies.set(dependency, host.version(dependency));
      }
      if (analysis?.parts === undefined) parts = undefined;
      for (const [part, places] of analysis?.parts ?? []) parts?.set(part, [...(parts.get(part) ?? []), ...places]);
    }
    for (const linked of links?.files() ?? []) {
      if (linked !== file) dependencies.set(linked, host.version(linked));
    }
    system?.learn(file, outgoing);
    seen.learn(file, origins);
    return { ...nothing, runs, version, parts, links };
  }

  async function inputs(file: string): Promise<LintInput[]> {
    const settings = settingsFor(file);
    const content = host.content(file);
    if (content.kind === 'none') return [];
    const ready = await prepared(claims.reading(file, content));
    return ready.map((platform) => inputFor(platform, file, content.text, settings));
  }

  async function analyses(file: string): Promise<Analysed[]> {
    const made: Analysed[] = [];
    for (const input of await inputs(file)) {
      const { platform } = input;
      const analysis =
        keptResult(platform, file, host.version(file))?.analysis ??
        attempt(input, 'reading the file', () => platform.analyse(file, input.text, host, input.settings.platform));
      if (analysis === undefined) continue;
      made.push({ platform, analysis, callers: callersByEndpoint(analysis.endpoints, arrivalsAt(file)) });
    }
    return made;
  }

  /** The last whole result, if nothing that it rests on has changed since. */
  function keptResult(platform: Platform, file: string, version: string | number | undefined): LintResult | undefined {
    const kept = whole.get(platform, file, version);
    const known = entries.get(file);
    return known !== undefined && isFresh(known, settingsFor(file)) ? kept : undefined;
  }

  function inputFor(platform: Platform, file: string, text: string, settings: Settings): LintInput {
    const plain = linkedSettings(lintSettings(settings), linksFor(file, [platform]));
    const own =
      entries.includers(file).length > 0 ? { ...plain, platform: { ...plain.platform, isIncluded: true } } : plain;
    const arrivals = arrivalsAt(file);
    const input = { platform, file, text, host, settings: own, rules, arrivals, onCrash: tell };
    return offersSeenOrigins ? { ...input, seenOrigins: () => seen.elsewhere(file) } : input;
  }

  function linksFor(file: string, reading: readonly Platform[]): Links | undefined {
    return reading.some(({ passesOn }) => passesOn !== undefined) ? system?.linksOf(file) : undefined;
  }

  /** The finding without what its fixes hold on to: they are worked out from the file again when asked for. */
  function lighten(finding: Finding, platform: Platform, file: string): Finding {
    // What the function below mentions of the finding is kept; the finding itself would keep the tree.
    const { rule, severity, place, message, exchange, related } = finding;
    let fixes: readonly Fix[] | undefined;
    return {
      rule,
      severity,
      place,
      message,
      ...(exchange === undefined ? {} : { exchange }),
      related,
      fixes: () => {
        fixes ??=
          again(platform, file)
            ?.findings.find((other) => other.rule.id === rule.id && samePlace(other.place, place))
            ?.fixes()
            .filter((fix) => isHarmlessHere(fix, platform, file)) ?? [];
        return fixes;
      },
    };
  }

  function isHarmlessHere(fix: Fix, platform: Platform, file: string): boolean {
    const content = host.content(file);
    return content.kind === 'text' && isHarmless(fix, inputFor(platform, file, content.text, settingsFor(file)));
  }

  function isHarmless(fix: Pick<Fix, 'edits'>, { file, platform, host: before }: LintInput): boolean {
    const edited = new Set(fix.edits.map((edit) => edit.file));
    const others = new Set([...edited, ...[...edited].flatMap(entries.includers)]);
    others.delete(file);
    return [...others].slice(0, MOST_CONTEXTS).every((other) => {
      const text = before.read(other);
      if (text === undefined || !claims.isRead(platform, other, text)) return true;
      const input = { ...inputFor(platform, other, text, settingsFor(other)), host: before };
      const after = withEdits(input, fix);
      const { analysis, findings } = find(input);
      if (analysis === undefined) return true;
      return after !== undefined && !bringsTrouble(findings, find(after).findings, failedBefore(analysis));
    });
  }

  function again(platform: Platform, file: string): LintResult | undefined {
    const settings = settingsFor(file);
    const content = host.content(file);
    if (content.kind === 'none') return undefined;
    const kept = keptResult(platform, file, content.version);
    return kept ?? whole.lint(inputFor(platform, file, content.text, settings), content.version);
  }

  function tell(crash: Crash): void {
    const key = `${crash.file}\0${crash.during}`;
    if (crashes.has(key)) return;
    crashes.add(key);
    onCrash(crash);
  }
}
