import type { Settings } from '../config/settings';
import type { Place } from '../cors/place';
import type { Arrival, Finding, Platform } from '../lint/types';
import type { Links } from './system/links';

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
