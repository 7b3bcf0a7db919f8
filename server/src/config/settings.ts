import type { Range } from '../cors/place';
import type { Severity } from '../lint/types';

/** How loud a rule is: one of the severities, or not at all. */
export type Level = Severity | 'off';

/** Every level, quietest first, as written in configuration and on the command line. */
export const LEVELS: readonly Level[] = ['off', 'hint', 'info', 'warning', 'error'];

/** What one source (the editor, a file, the command line) says. What it leaves out stays as it was. */
export interface Configuration {
  /** Rule id → level. */
  readonly rules?: Readonly<Record<string, Level>>;
  /** Platform id → whether its files are read. */
  readonly platforms?: Readonly<Record<string, boolean>>;
  /** Patterns as in .gitignore, seen from `folder` of the source. */
  readonly ignore?: readonly string[];
  /** The origins of the project's front ends, serialised as a browser does: `https://app.example.com`. */
  readonly origins?: readonly string[];
  /** `1.29.3`: what `add_header` inherits depends on it. */
  readonly nginxVersion?: string;
}

/** Patterns as in .gitignore, and the folder (absolute) that they are seen from. */
export interface IgnoreList {
  readonly folder: string;
  readonly patterns: readonly string[];
}

/** What holds for one file after all sources are merged. */
export interface Settings {
  /** Rule id → level, for the rules that some source mentions. Others keep their usual severity. */
  readonly rules: ReadonlyMap<string, Level>;
  /** Platform id → whether its files are read, for the platforms that some source mentions. Others are on. */
  readonly platforms: ReadonlyMap<string, boolean>;
  /** Weakest source first: a later `!pattern` takes an earlier one back. */
  readonly ignore: readonly IgnoreList[];
  readonly origins: readonly string[];
  readonly nginxVersion?: string;
}

/** Where a configuration was read. */
export type Source =
  | { readonly kind: 'editor' }
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'command-line' };

/** A mistake in a configuration. What is wrong is left out, and the rest holds. */
export interface ConfigurationProblem {
  readonly source: Source;
  /** In a file: what to underline (UTF-16 offsets). */
  readonly range?: Range;
  /** What is wrong and the way out, in one or two sentences. */
  readonly message: string;
}
