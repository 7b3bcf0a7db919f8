import { basename, dirname, normalize } from 'node:path';
import { CONFIGURATION_FILE, type ConfigurationLoader, openLoader } from '../config/loader';
import type { Settings } from '../config/settings';
import { type FixedAll, fixAll as fixOneFile } from '../lint/fixAll';
import { UNUSED_SUPPRESSION } from '../lint/suppress';
import type { Finding, Fix, Host } from '../lint/types';
import { type Entry, openAnalyser } from './analyser';
import { audit } from './audit';
import { openFinder } from './finder';
import { openHost } from './host';
import { mergeFindings } from './merge';
import { isInside } from './paths';
import type { FileResult, FoundEndpoint, Workspace, WorkspaceOptions } from './types';
import { whySkipped } from './walk';

/** Opens a folder for the editor or the command line. Reads nothing yet. */
export function openWorkspace(options: WorkspaceOptions): Workspace {
  const { platforms, rules, onStale } = options;
  const root = normalize(options.root).replace(/(?<=.)[\\/]$/, '');
  const ruleIds = new Set([...rules, ...platforms.flatMap((each) => each.rules)].map(({ meta }) => meta.id));
  ruleIds.add(UNUSED_SUPPRESSION.id);
  const host = openHost(root);
  let loader = makeLoader(options.editor);
  const ignoreFor = (folder: string) => loader.load(folder).settings.ignore;
  const settingsFor = (file: string): Settings => loader.load(dirname(file)).settings;
  const analyser = openAnalyser({
    host,
    platforms,
    rules,
    settingsFor,
    onCrash: (crash) => options.onCrash?.(crash),
  });
  const finder = openFinder(root, host, analyser, ignoreFor);
  /** Files whose namers were looked for, or are being looked for. */
  const searched = new Map<string, Promise<void>>();
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
        { root, analyser, finder, ignoreFor, problemsIn: (folder) => loader.load(folder).problems, resultOf },
        auditOptions,
      ),
    fixAll,
    endpoints,
    setOverlay(file, text, version) {
      host.setOverlay(file, text === undefined ? undefined : { text, version });
      if (basename(file) === CONFIGURATION_FILE) forgetSettings();
    },
    changed,
    configure(editor) {
      loader = makeLoader(editor);
      forgetSettings();
    },
    settingsFor,
    problemsFor: (file) => loader.load(dirname(file)).problems,
  };

  function makeLoader(editor: unknown): ConfigurationLoader {
    const { commandLine = {}, useFiles = true } = options;
    return openLoader({ root, ruleIds, editor, commandLine, useFiles, openText: (file) => host.overlay(file)?.text });
  }

  async function lint(file: string, signal?: AbortSignal): Promise<FileResult> {
    const reason = isConfiguration(file) ? undefined : skipReason(file);
    if (reason !== undefined) return { ...empty(file), skipped: reason };
    if (isConfiguration(file)) return configurationResult(file);
    let entry = await analyser.entry(file);
    const others = analyser.dependents(file).filter((other) => other !== file);
    const findings: Finding[] = [];
    for (const other of others) {
      if (signal?.aborted) break;
      findings.push(...findingsOf(await analyser.entry(other), file));
    }
    // The text may have changed meanwhile; what is shown must be of the text that it is shown in.
    if (entry.version !== host.version(file)) entry = await analyser.entry(file);
    if (onStale && entry.skipped === undefined) void search(file);
    const own = findingsOf(entry, file).filter(
      // What seems unused in this file alone may have been used by the analysis of another.
      ({ rule }) => others.length === 0 || rule.id !== UNUSED_SUPPRESSION.id,
    );
    return { ...resultOf(entry), findings: mergeFindings([...own, ...findings]) };
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
    for (const namer of await finder.namers([file])) await analyser.entry(namer);
    const fresh = analyser.dependents(file).filter((other) => !before.includes(other));
    if (fresh.some((other) => findingsOf(analyser.known(other), file).length > 0)) onStale?.([file]);
  }

  async function fixAll(file: string, filter?: (fix: Fix) => boolean): Promise<FixedAll> {
    const texts = new Map<string, string>();
    const made: Fix[] = [];
    for (const input of await analyser.inputs(file)) {
      const over = withTexts(host, texts);
      const fixed = fixOneFile({ ...input, text: texts.get(file) ?? input.text, host: over }, filter);
      for (const [changedFile, text] of fixed.texts) texts.set(changedFile, text);
      made.push(...fixed.made);
    }
    return { texts, made };
  }

  async function endpoints(file: string): Promise<FoundEndpoint[]> {
    const results = await analyser.results(file);
    return results.flatMap(({ platform, result }) =>
      (result.analysis?.endpoints ?? []).map((endpoint) => ({ platform, endpoint })),
    );
  }

  function resultOf(entry: Entry): FileResult {
    const { file, runs, skipped } = entry;
    return {
      ...empty(file),
      platforms: runs.map(({ platform }) => platform.id),
      findings: mergeFindings(findingsOf(entry, file)),
      ...(skipped === undefined ? {} : { skipped }),
    };
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

  function isConfiguration(file: string): boolean {
    return basename(file) === CONFIGURATION_FILE;
  }

  function skipReason(file: string): string | undefined {
    const settings = settingsFor(file);
    const known = reasons.get(file);
    if (known !== undefined && known.settings === settings) return known.reason;
    const reason = isInside(root, file) ? whySkipped(root, file, false, ignoreFor) : 'outside the workspace';
    reasons.set(file, { settings, reason });
    return reason;
  }

  function changed(file: string): void {
    host.forget();
    reasons.clear();
    searched.clear();
    if (basename(file) === CONFIGURATION_FILE) forgetSettings();
    // Only a file that comes or goes changes what there is to walk.
    if (analyser.known(file) === undefined || host.version(file) === undefined) finder.forget();
  }

  function forgetSettings(): void {
    loader.forget();
    reasons.clear();
    searched.clear();
    finder.forget();
  }
}

/** The findings of an analysis that lie in one file. */
function findingsOf(entry: Entry | undefined, file: string): Finding[] {
  return (entry?.runs ?? []).flatMap(({ findings }) => findings.filter(({ place }) => place.file === file));
}

function withTexts(host: Host, texts: ReadonlyMap<string, string>): Host {
  if (texts.size === 0) return host;
  return {
    read: (file) => texts.get(file) ?? host.read(file),
    resolve: (from, relative) => host.resolve(from, relative),
    glob: (from, pattern) => host.glob(from, pattern),
    version: (file) =>
      texts.has(file) ? `edited ${texts.get(file)?.length} ${host.version(file)}` : host.version(file),
  };
}
