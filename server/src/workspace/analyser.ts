import type { Settings } from '../config/settings';
import type { Caller } from '../cors/caller';
import type { Endpoint } from '../cors/endpoint';
import { type Place, samePlace } from '../cors/place';
import { callersByEndpoint } from '../lint/arrivals';
import { type LintResult, lint } from '../lint/engine';
import { attempt, type Crash, find, type LintInput } from '../lint/find';
import { bringsTrouble, failedBefore, withEdits } from '../lint/fixes';
import { originsOf } from '../lint/knownOrigins';
import type { LintSettings } from '../lint/settings';
import type { Analysis, Arrival, Finding, Fix, NeutralRule, OutgoingCall, Platform } from '../lint/types';
import type { WorkspaceHost } from './host';
import { NO_ARRIVALS } from './system/arrivals';
import type { Links, System } from './system/openSystem';

/** What one platform makes of one file. The syntax tree is not kept. */
export interface Run {
  readonly platform: Platform;
  /** In this file and in others. */
  readonly findings: readonly Finding[];
}

/** What is known of one file, and what that rests on. */
export interface Entry {
  readonly file: string;
  readonly runs: readonly Run[];
  /** Why there is no text. */
  readonly skipped?: string;
  readonly settings: Settings;
  readonly version: string | number | undefined;
  /** Whether another file was known that judges this one as a part of its own. */
  readonly isIncluded: boolean;
  /**
   * Files that are judged here as parts of this one, each with the places that bring it in; undefined where a platform
   * that read the file does not tell.
   */
  readonly parts: ReadonlyMap<string, readonly Place[]> | undefined;
  /** Where requests that the file passes on go, as it was known then. */
  readonly links: Links | undefined;
  /** The calls of pages that were known to arrive here then. */
  readonly arrivals: readonly Arrival[];
  /** Files that the runs looked at, or for, with their versions then. */
  readonly dependencies: ReadonlyMap<string, string | number | undefined>;
}

export interface AnalyserOptions {
  readonly host: WorkspaceHost;
  readonly platforms: readonly Platform[];
  readonly rules: readonly NeutralRule[];
  readonly settingsFor: (file: string) => Settings;
  /** Left out: files are read without what other servers answer. */
  readonly system?: Pick<System, 'linksOf' | 'arrivalsAt' | 'learn'>;
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

/** The platforms that read a file of that version, under those settings: they may switch some off. */
interface Claims {
  readonly version: string | number | undefined;
  readonly settings: Settings;
  readonly platforms: readonly Platform[];
}

/** A snippet can have hundreds of includers: a fix is tried in this many of them. */
const MOST_CONTEXTS = 12;

/** A fix that names more origins than these, found in other files, is of no use. */
const MOST_SEEN_ORIGINS = 5;

/** Whole results, with their trees, that are kept because fixes are likely to be asked for next. */
const MOST_WHOLE = 4;

export function openAnalyser(options: AnalyserOptions): Analyser {
  const { host, platforms, rules, settingsFor, system, onCrash, offersSeenOrigins } = options;
  const entries = new Map<string, Entry>();
  const claims = new Map<string, Claims>();
  const originsIn = new Map<string, readonly string[]>();
  const dependentsOf = new Map<string, Set<string>>();
  const preparations = new Map<Platform, Promise<boolean>>();
  const whole = new Map<string, { readonly version: string | number | undefined; readonly result: LintResult }>();
  const crashes = new Set<string>();

  return {
    concernsByName: (file) => platforms.some((platform) => claim(platform, file, undefined)),
    platformsFor: (file) => {
      const reading = platformsOf(file);
      return platforms.filter((platform) => reading.includes(platform) || claim(platform, file, undefined));
    },
    platformsOf,
    entry,
    known: (file) => entries.get(file),
    dependents,
    includers,
    isMisjudged,
    isHarmless,
    analyses,
    inputs,
  };

  function dependents(file: string): string[] {
    return [...(dependentsOf.get(file) ?? [])].sort();
  }

  function includers(file: string): string[] {
    return dependents(file).filter((other) => other !== file && entries.get(other)?.parts?.has(file) === true);
  }

  function platformsOf(file: string): readonly Platform[] {
    const known = claims.get(file);
    if (known?.settings === settingsFor(file) && known.version === host.version(file)) return known.platforms;
    const content = host.content(file);
    return content.kind === 'none' ? [] : claimsOf(file, content);
  }

  function claimsOf(file: string, content: { readonly text: string; readonly version: string }): readonly Platform[] {
    const claiming = platforms.filter(
      (platform) => claim(platform, file, undefined) && claim(platform, file, content.text),
    );
    claims.set(file, { version: content.version, settings: settingsFor(file), platforms: claiming });
    return claiming;
  }

  function claim(platform: Platform, file: string, text: string | undefined): boolean {
    try {
      return platform.claims(file, text);
    } catch (error) {
      tell({ file, during: `asking ${platform.name}`, error });
      return false;
    }
  }

  async function entry(file: string): Promise<Entry> {
    const settings = settingsFor(file);
    const known = entries.get(file);
    if (known !== undefined && isFresh(known, settings)) return known;
    const made = await analyse(file, settings);
    keep(made);
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
    return isIncluded !== includers(file).length > 0 || arrivals !== arrivalsAt(file);
  }

  function arrivalsAt(file: string): readonly Arrival[] {
    return system?.arrivalsAt(file) ?? NO_ARRIVALS;
  }

  async function analyse(file: string, settings: Settings): Promise<Entry> {
    const content = host.content(file);
    const isIncluded = includers(file).length > 0;
    let parts: Map<string, readonly Place[]> | undefined = new Map();
    const dependencies = new Map<string, string | number | undefined>();
    const arrivals = arrivalsAt(file);
    const nothing = { file, runs: [], settings, isIncluded, parts, dependencies, links: undefined, arrivals };
    const claiming = content.kind === 'none' ? [] : claimsOf(file, content);
    if (content.kind === 'none' || claiming.length === 0) system?.learn(file, []);
    if (content.kind === 'none') return { ...nothing, skipped: content.reason, version: host.version(file) };
    const { text, version } = content;
    if (claiming.length === 0) return { ...nothing, version };
    const ready = await prepared(claiming);
    const runs: Run[] = [];
    const origins: string[] = [];
    const outgoing: OutgoingCall[] = [];
    const links = linksFor(file, ready);
    for (const platform of ready) {
      const { analysis, findings } = lintWhole(inputFor(platform, file, text, settings), version);
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
    if (origins.length > 0) originsIn.set(file, origins);
    else originsIn.delete(file);
    return { ...nothing, runs, version, parts, links };
  }

  /** What files that were analysed let in, those that most of them do first, then by name. */
  function seenOrigins(file: string): string[] {
    const counts = new Map<string, number>();
    for (const [other, origins] of originsIn) {
      if (other === file) continue;
      for (const origin of new Set(origins)) counts.set(origin, (counts.get(origin) ?? 0) + 1);
    }
    const byUse = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([origin]) => origin);
    return byUse.slice(0, MOST_SEEN_ORIGINS);
  }

  async function inputs(file: string): Promise<LintInput[]> {
    const settings = settingsFor(file);
    const content = host.content(file);
    if (content.kind === 'none') return [];
    const ready = await prepared(claimsOf(file, content));
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
    const kept = whole.get(wholeKey(file, platform));
    const known = entries.get(file);
    if (kept === undefined || kept.version !== version || known === undefined) return undefined;
    return isFresh(known, settingsFor(file)) ? kept.result : undefined;
  }

  async function prepared(claiming: readonly Platform[]): Promise<Platform[]> {
    const ready: Platform[] = [];
    for (const platform of claiming) if (await prepare(platform)) ready.push(platform);
    return ready;
  }

  function prepare(platform: Platform): Promise<boolean> | boolean {
    if (platform.prepare === undefined) return true;
    const known = preparations.get(platform);
    if (known !== undefined) return known;
    const preparing = platform.prepare().then(
      () => true,
      (error: unknown) => {
        tell({ file: '', during: `preparing to read ${platform.name}`, error });
        return false;
      },
    );
    preparations.set(platform, preparing);
    return preparing;
  }

  function inputFor(platform: Platform, file: string, text: string, settings: Settings): LintInput {
    const plain = linkedSettings(lintSettings(settings), linksFor(file, [platform]));
    const own = includers(file).length > 0 ? { ...plain, platform: { ...plain.platform, isIncluded: true } } : plain;
    const arrivals = arrivalsAt(file);
    const input = { platform, file, text, host, settings: own, rules, arrivals, onCrash: tell };
    return offersSeenOrigins ? { ...input, seenOrigins: () => seenOrigins(file) } : input;
  }

  function linksFor(file: string, reading: readonly Platform[]): Links | undefined {
    return reading.some(({ passesOn }) => passesOn !== undefined) ? system?.linksOf(file) : undefined;
  }

  /** Lints, and keeps the whole result for a while. */
  function lintWhole(input: LintInput, version = host.version(input.file)): LintResult {
    const key = wholeKey(input.file, input.platform);
    const before = whole.get(key)?.result.judgements;
    const result = lint(before === undefined ? input : { ...input, before });
    whole.delete(key);
    whole.set(key, { version, result });
    for (const first of whole.keys()) {
      if (whole.size <= MOST_WHOLE) break;
      whole.delete(first);
    }
    return result;
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
    const others = new Set([...edited, ...[...edited].flatMap(includers)]);
    others.delete(file);
    return [...others].slice(0, MOST_CONTEXTS).every((other) => {
      const text = before.read(other);
      if (text === undefined || !claim(platform, other, text)) return true;
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
    return kept ?? lintWhole(inputFor(platform, file, content.text, settings), content.version);
  }

  function keep(entry: Entry): void {
    const { file } = entry;
    for (const dependency of entries.get(file)?.dependencies.keys() ?? []) dependentsOf.get(dependency)?.delete(file);
    entries.set(file, entry);
    for (const dependency of entry.dependencies.keys()) {
      const known = dependentsOf.get(dependency);
      if (known === undefined) dependentsOf.set(dependency, new Set([file]));
      else known.add(file);
    }
  }

  function tell(crash: Crash): void {
    const key = `${crash.file}\0${crash.during}`;
    if (crashes.has(key)) return;
    crashes.add(key);
    onCrash(crash);
  }
}

const translated = new WeakMap<Settings, LintSettings>();

function lintSettings(settings: Settings): LintSettings {
  const known = translated.get(settings);
  if (known !== undefined) return known;
  const { rules, origins, nginxVersion } = settings;
  const made = { rules, origins, platform: nginxVersion === undefined ? {} : { nginxVersion } };
  translated.set(settings, made);
  return made;
}

const linked = new WeakMap<Links, { readonly plain: LintSettings; readonly made: LintSettings }>();

/** The same object for the same settings and links. */
function linkedSettings(plain: LintSettings, links: Links | undefined): LintSettings {
  if (links === undefined) return plain;
  const known = linked.get(links);
  if (known?.plain === plain) return known.made;
  const made = { ...plain, platform: { ...plain.platform, upstream: links.upstream } };
  linked.set(links, { plain, made });
  return made;
}

function wholeKey(file: string, platform: Platform): string {
  return `${platform.id}\0${file}`;
}
