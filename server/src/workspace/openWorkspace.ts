import { basename, dirname, normalize } from 'node:path';
import { CONFIGURATION_FILE, type ConfigurationLoader, type FileText, openLoader } from '../config/loader';
import type { Settings } from '../config/settings';
import { UNUSED_SUPPRESSION } from '../lint/suppress';
import type { Platform } from '../lint/types';
import { openAnalyser } from './analyser';
import { audit } from './audit';
import { readThrough } from './disk';
import type { Entry } from './entry';
import { openFinder } from './finder';
import { openFixAll } from './fixAll';
import { openHost } from './host';
import { namedAs } from './links';
import { mergeFindings, toldBy } from './merge';
import { isInside, relativePath } from './paths';
import { openSystem } from './system/openSystem';
import type { FileResult, FoundEndpoint, Link, Workspace, WorkspaceOptions } from './types';
import { whySkipped } from './walk';

/** Includers of includers: more rounds than this are not made. */
const MOST_ROUNDS = 5;

/** Opens a folder for the editor or the command line. Reads nothing yet. */
export function openWorkspace(options: WorkspaceOptions): Workspace {
  const { disk, rules, onStale } = options;
  const root = normalize(options.root).replace(/(?<=.)[\\/]$/, '');
  const ruleIds = new Set([...rules, ...options.platforms.flatMap((each) => each.rules)].map(({ meta }) => meta.id));
  ruleIds.add(UNUSED_SUPPRESSION.id);
  const host = openHost(root, disk);
  let loader = makeLoader(options.editor);
  const ignoreFor = (folder: string) => loader.load(folder).settings.ignore;
  const settingsFor = (file: string): Settings => loader.load(dirname(file)).settings;
  const platforms = options.platforms.map((platform) => switchable(platform, settingsFor));
  const system = openSystem({ host, platforms, files: () => finder.all(), shown });
  const analyser = openAnalyser({
    host,
    platforms,
    rules,
    settingsFor,
    system,
    onCrash: (crash) => options.onCrash?.(crash),
    offersSeenOrigins: options.offersSeenOrigins === true,
  });
  const finder = openFinder(root, disk, host, analyser, ignoreFor);
  /** Files whose namers were looked for, or are being looked for. */
  const searched = new Map<string, Promise<void>>();
  /** Files that were edited, and those that rest on one: what they call may have changed. */
  const edited = new Map<string, 'itself' | 'below'>();
  const reasons = new Map<string, { readonly settings: Settings; readonly reason: string | undefined }>();

  return {
    root,
    host,
    lint,
    lintWhole: async (file, signal) => {
      await search(file);
      return lint(file, signal);
    },
    audit: (auditOptions) =>
      audit(
        {
          root,
          disk,
          analyser,
          finder,
          system,
          ignoreFor,
          problemsIn: (folder) => loader.load(folder).problems,
          resultOf,
        },
        auditOptions?.paths === undefined ? auditOptions : { ...auditOptions, paths: auditOptions.paths.map(real) },
      ),
    fixAll: openFixAll(host, analyser),
    endpoints,
    analyses: (file) => analyser.analyses(real(file)),
    platformsFor: (file) => analyser.platformsFor(real(file)),
    links,
    files: (signal) => finder.files(signal),
    candidates: () => finder.candidates(),
    setOverlay(file, text, version) {
      host.setOverlay(file, text === undefined ? undefined : { text, version });
      const real = host.canonical(file) ?? file;
      system.touch(real);
      for (const each of analyser.dependents(real)) if (!edited.has(each)) edited.set(each, 'below');
      edited.set(real, 'itself');
      if (basename(file) === CONFIGURATION_FILE) forgetSettings();
    },
    changed,
    configure(editor) {
      loader = makeLoader(editor);
      forgetSettings();
    },
    settingsFor,
    configurationFor,
    problemsFor: (file) => loader.load(dirname(file)).problems,
  };

  function makeLoader(editor: unknown): ConfigurationLoader {
    const { commandLine = {}, useFiles = true } = options;
    return openLoader({ root, ruleIds, editor, commandLine, useFiles, read });
  }

  /** A configuration file may lie above the workspace, where no platform looks. */
  function read(file: string): FileText | undefined {
    const open = host.overlay(file);
    return open === undefined ? readThrough(disk, file) : { kind: 'text', text: open.text };
  }

  function configurationFor(name: string): { file: string; text: string | undefined } | undefined {
    const { file } = loader.load(dirname(name));
    if (file === undefined) return undefined;
    const content = read(file);
    return { file, text: content?.kind === 'text' ? content.text : undefined };
  }

  function links(): Link[] {
    return system
      .forwarders()
      .flatMap((from) =>
        [...system.askedBy(from)].flatMap(({ address, answer }) =>
          answer === undefined
            ? []
            : [{ from, address, to: answer.found.listener.place, when: answer.provided?.holds }],
        ),
      );
  }

  /** A link shows what is known of the file that it leads to. */
  async function lint(name: string, signal?: AbortSignal): Promise<FileResult> {
    const file = host.canonical(name) ?? name;
    const result = await lintReal(file, signal);
    return file === name ? result : namedAs(name, result);
  }

  async function lintReal(file: string, signal?: AbortSignal): Promise<FileResult> {
    const reason = isConfiguration(file) ? undefined : skipReason(file);
    if (reason !== undefined) return { ...empty(file), skipped: reason };
    if (isConfiguration(file)) return configurationResult(file);
    if (system.serves(file)) await learnCalls();
    const others = await analysedDependents(file, signal);
    const entry = await analyser.entry(file);
    if (onStale && entry.skipped === undefined) void search(file);
    const own = toldBy(entry, file).filter(
      // What seems unused in this file alone may have been used by the analysis of another.
      ({ finding }) => others.length === 0 || finding.rule.id !== UNUSED_SUPPRESSION.id,
    );
    const includers = others.filter(({ parts }) => parts?.has(file) === true);
    const told = [...own, ...others.flatMap((other) => toldBy(other, file))];
    return { ...resultOf(entry), findings: mergeFindings(told, { file, includers, show: shown }) };
  }

  /**
   * Reads again what was edited of the files that pass requests on: a call that went nowhere may arrive now. Servers that
   * rest on what was edited, as the sites of one nginx do on each other, call nobody by themselves.
   */
  async function learnCalls(): Promise<void> {
    if (edited.size === 0) return;
    for (const forwarder of system.forwarders()) {
      const how = edited.get(forwarder);
      if (how === 'itself' || (how === 'below' && !system.serves(forwarder))) await analyser.entry(forwarder);
    }
    edited.clear();
  }

  /**
   * The analyses that look at this file, up to date. One that turns out to be a part of another is made again, and
   * then includes nothing by itself.
   */
  async function analysedDependents(file: string, signal: AbortSignal | undefined): Promise<Entry[]> {
    const others = analyser.dependents(file).filter((other) => other !== file && concerns(analyser.known(other), file));
    let entries: Entry[] = [];
    for (let round = 0; round < MOST_ROUNDS; round++) {
      entries = [];
      for (const other of others) {
        if (signal?.aborted) return entries;
        entries.push(await analyser.entry(other));
      }
      if (!entries.some(analyser.isMisjudged)) break;
    }
    return entries;
  }

  /**
   * Whether an analysis that looked at the file can say something of it. Of a platform that tells what its files are
   * parts of, the others have only seen it in passing: the sites of one server look at each other.
   */
  function concerns(entry: Entry | undefined, file: string): boolean {
    if (entry === undefined || entry.parts === undefined) return true;
    return entry.parts.has(file) || entry.links?.files().has(file) === true || toldBy(entry, file).length > 0;
  }

  /** Looks once for the files that name this one, and analyses them, so that they become known as its dependents. */
  function search(file: string): Promise<void> {
    const known = searched.get(file);
    if (known !== undefined) return known;
    const searching = findNamers(file).catch((error: unknown) => {
      options.onCrash?.({ file, during: 'looking for the files that name it', error });
    });
    searched.set(file, searching);
    return searching;
  }

  async function findNamers(file: string): Promise<void> {
    const before = analyser.dependents(file);
    const own = analyser.known(file);
    await system.ready();
    if (system.serves(file)) for (const forwarder of system.forwarders()) await analyser.entry(forwarder);
    if (own !== undefined && own !== (await analyser.entry(file))) onStale?.([file]);
    for (const namer of await finder.namers([file])) await analyser.entry(namer);
    const fresh = analyser.dependents(file).filter((other) => !before.includes(other));
    const tells = (entry: Entry | undefined): boolean =>
      entry !== undefined && (entry.parts?.has(file) === true || toldBy(entry, file).length > 0);
    if (fresh.some((other) => tells(analyser.known(other)))) onStale?.([file]);
  }

  async function endpoints(file: string): Promise<FoundEndpoint[]> {
    const analyses = await analyser.analyses(file);
    return analyses.flatMap(({ platform, analysis, callers }) =>
      analysis.endpoints.map((endpoint) => ({ platform, endpoint, callers: callers.get(endpoint) ?? [] })),
    );
  }

  function resultOf(entry: Entry): FileResult {
    const { file, runs, skipped } = entry;
    return {
      ...empty(file),
      platforms: runs.map(({ platform }) => platform.id),
      findings: mergeFindings(toldBy(entry, file), { file, includers: [], show: shown }),
      ...(skipped === undefined ? {} : { skipped }),
    };
  }

  function shown(file: string): string {
    return relativePath(root, file);
  }

  function configurationResult(file: string): FileResult {
    const { problems } = loader.load(dirname(file));
    return {
      ...empty(file),
      problems: problems.filter(({ source }) => source.kind === 'file' && source.file === file),
    };
  }

  function empty(file: string): FileResult {
    const content = host.content(file);
    return {
      file,
      text: content.kind === 'text' ? content.text : undefined,
      overlayVersion: host.overlay(file)?.version,
      platforms: [],
      findings: [],
      problems: [],
    };
  }

  function real(path: string): string {
    return host.canonical(path) ?? path;
  }

  function isConfiguration(file: string): boolean {
    return basename(file) === CONFIGURATION_FILE;
  }

  function skipReason(file: string): string | undefined {
    const settings = settingsFor(file);
    const known = reasons.get(file);
    if (known !== undefined && known.settings === settings) return known.reason;
    const reason = isInside(root, file) ? whySkipped(disk, root, file, false, ignoreFor) : 'outside the workspace';
    reasons.set(file, { settings, reason });
    return reason;
  }

  function changed(file: string): void {
    host.forget();
    reasons.clear();
    searched.clear();
    if (basename(file) === CONFIGURATION_FILE) forgetSettings();
    // Only a file that comes or goes changes what there is to walk.
    if (analyser.known(file) === undefined || host.version(file) === undefined) {
      finder.forget();
      system.forget();
    }
    system.touch(file);
  }

  function forgetSettings(): void {
    loader.forget();
    reasons.clear();
    searched.clear();
    finder.forget();
    system.forget();
  }
}

/** The platform, which claims no file whose settings switch it off. */
function switchable(platform: Platform, settingsFor: (file: string) => Settings): Platform {
  const isOn = (file: string): boolean => settingsFor(file).platforms.get(platform.id) !== false;
  return { ...platform, claims: (file, text) => isOn(file) && platform.claims(file, text) };
}
