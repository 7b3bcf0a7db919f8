import type { AuditResult, FoundEndpoint, Link } from '../../workspace/types';
import type { FileLines } from '../lines';

/** What there is to report of an audit. */
export interface Report {
  readonly result: AuditResult;
  /** The working directory: files are named from here. */
  readonly cwd: string;
  readonly lines: FileLines;
  /** Undefined when nobody asked for them. */
  readonly endpoints?: readonly FoundEndpoint[];
  /** Beside `endpoints`. */
  readonly links?: readonly Link[];
  /** What `--fix` mended, by file; undefined without `--fix`. */
  readonly mended?: readonly MendedFile[];
}

export interface MendedFile {
  readonly file: string;
  /** The titles of the fixes made, in order. */
  readonly titles: readonly string[];
}
