/**
 * What the editor and the command line see of a workspace. Files are absolute paths in the system's own notation;
 * places hold UTF-16 offsets into the text as `FileResult.text` gives it.
 */
import type { Configuration, ConfigurationProblem, Settings } from '../config/settings';
import type { Caller } from '../cors/caller';
import type { Endpoint } from '../cors/endpoint';
import type { Place } from '../cors/place';
import type { Crash } from '../lint/find';
import type { FixedAll } from '../lint/fixAll';
import type { Address, Finding, Fix, Host, NeutralRule, Platform } from '../lint/types';
import type { Analysed } from './analyser';
import type { Disk } from './disk';

export interface WorkspaceOptions {
  /** An absolute folder. Nothing outside it is read, save `.corslintrc.json` and `.gitignore` of the folders above. */
  readonly root: string;
  /** What holds the folder: the machine's own file system, or what an editor hands over. */
  readonly disk: Disk;
  /** The editor's settings as they came: an object of the shape of `.corslintrc.json`. Checked like a file. */
  readonly editor?: unknown;
  /** What the command line says; stronger than any file. */
  readonly commandLine?: Configuration;
  /** False: no `.corslintrc.json` is read (`--no-config`). */
  readonly useFiles?: boolean;
  /** Told once of each crash of a rule or a platform, with the file it happened in. Nothing else is lost by it. */
  readonly onCrash?: (crash: Crash) => void;
  /**
   * Called when the results of these files may have changed for a reason that the caller did not bring in himself: a
   * file that includes or imports them was found in the background.
   */
  readonly onStale?: (files: readonly string[]) => void;
  /**
   * Whether fixes offer origins that other files let in. What is known of those depends on what was looked at before:
   * that is good for people who choose, and not for output that has to be the same each time. False when left out.
   */
  readonly offersSeenOrigins?: boolean;
  /** Every platform and rule there is (the registry); a test may bring fewer. */
  readonly platforms: readonly Platform[];
  readonly rules: readonly NeutralRule[];
}

/** Everything to show for one file. */
export interface FileResult {
  readonly file: string;
  /** The text that offsets count in; undefined when the file was not read (see `skipped`). */
  readonly text: string | undefined;
  /** As given to `setOverlay`; undefined when the text came from the disk. */
  readonly overlayVersion: number | undefined;
  /** Ids of the platforms that read it; empty when it does not concern CORS. */
  readonly platforms: readonly string[];
  /** By start, then by rule. Those that another file's analysis puts into this one are among them, each once. */
  readonly findings: readonly Finding[];
  /** For a `.corslintrc.json`: the mistakes in it. */
  readonly problems: readonly ConfigurationProblem[];
  /** Why it was not looked at, when it was not: ignored, too large, binary, gone. */
  readonly skipped?: string;
}

export interface Skipped {
  readonly file: string;
  /** In a few words: "listed in .gitignore", "larger than 1 MiB", "binary". */
  readonly reason: string;
}

export interface Progress {
  /** `walk` while files are being found (`total` is then undefined), `analyse` while they are read. */
  readonly phase: 'walk' | 'analyse';
  readonly done: number;
  readonly total: number | undefined;
  /** The file at hand. */
  readonly file?: string;
}

export interface AuditOptions {
  /** Absolute files and folders; the whole workspace when left out. A file that is named is looked at even if ignored. */
  readonly paths?: readonly string[];
  readonly onProgress?: (progress: Progress) => void;
  /** Called as soon as a file of its own is analysed; other files may still put findings into it. */
  readonly onFile?: (result: FileResult) => void;
  readonly signal?: AbortSignal;
}

export interface AuditResult {
  /** Only files that have findings, sorted by name; the findings in the order of the text. */
  readonly findings: ReadonlyMap<string, readonly Finding[]>;
  readonly files: {
    /** Files met on the walk, the skipped ones aside. */
    readonly seen: number;
    /** Files that some platform read. */
    readonly analysed: number;
    readonly skipped: readonly Skipped[];
  };
  /** The files that were read for it: those analysed, and those outside of the paths that include or pass on to them. */
  readonly sources: readonly string[];
  /** Mistakes in the configuration of the files looked at, each once. */
  readonly problems: readonly ConfigurationProblem[];
  /** True when the signal stopped it: what is here is right, but not all there is. */
  readonly cancelled: boolean;
}

/** One file of the workspace passes requests on to what another one makes listen. */
export interface Link {
  readonly from: string;
  /** As `from` writes it. */
  readonly address: Address;
  /** What makes the other one listen. */
  readonly to: Place;
  /** The circumstance in which it is the one that answers; undefined when it always is. */
  readonly when: string | undefined;
}

/** An endpoint with the platform that read it. */
export interface FoundEndpoint {
  readonly platform: Platform;
  readonly endpoint: Endpoint;
  /** The calls of pages that are known to reach it. */
  readonly callers: readonly Caller[];
}

export interface Workspace {
  readonly root: string;
  /** Read access as platforms have it: open texts first, then the disk, never outside the root. */
  readonly host: Host;
  /**
   * What to show for a file now. Quick: cached until the file, something it depends on or the settings change. Looks
   * in the background for files that include or import this one, and tells `onStale` when they add something.
   */
  lint(file: string, signal?: AbortSignal): Promise<FileResult>;
  /** As `lint`, once every file that may include or import this one has been looked at. */
  lintWhole(file: string, signal?: AbortSignal): Promise<FileResult>;
  /** Looks at every file that may concern CORS. Never rejects for what a file holds, only for a path that is not there. */
  audit(options?: AuditOptions): Promise<AuditResult>;
  /**
   * Works out every preferred fix of one file, round after round, without writing anything.
   * @param filter which fixes may be made, by their title and edits; all when left out
   */
  fixAll(file: string, filter?: (fix: Fix) => boolean): Promise<FixedAll>;
  /** The endpoints that analysing a file gives, in their order. */
  endpoints(file: string): Promise<readonly FoundEndpoint[]>;
  /** What the platforms that read a file make of it. Quick after `lint`; runs no rule. */
  analyses(file: string): Promise<readonly Analysed[]>;
  /** Who passes requests on to whom, as far as the analyses made so far have asked. */
  links(): readonly Link[];
  /** The platforms that a file of this name or text may be for: more than those that read it, which want signs of CORS. */
  platformsFor(file: string): readonly Platform[];
  /** The files that some platform reads, by their names and a quick look at them; what is known by then when stopped. */
  files(signal?: AbortSignal): Promise<readonly string[]>;
  /** The files that some platform may read, by their names alone: no text is looked at. */
  candidates(): Promise<readonly string[]>;
  /** The text that an editor has open, which wins over the disk; undefined when it was closed. */
  setOverlay(file: string, text: string | undefined, version?: number): void;
  /** The file, or a folder with all in it, was created, changed or deleted on disk (a watcher says so). */
  changed(file: string): void;
  /** The editor's settings changed. */
  configure(editor: unknown): void;
  settingsFor(file: string): Settings;
  /** The nearest configuration file, in the file's folder or above it; without a text when it cannot be read. */
  configurationFor(file: string): { readonly file: string; readonly text: string | undefined } | undefined;
  /** Mistakes in the editor's settings, the command line and the configuration file that holds for `file`. */
  problemsFor(file: string): readonly ConfigurationProblem[];
}
