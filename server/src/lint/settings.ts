import type { PlatformOptions, Severity } from './types';

/** What a user may set about linting one file, after every source of configuration is merged. */
export interface LintSettings {
  /** Severities that differ from the rules' own. */
  readonly rules: ReadonlyMap<string, Severity | 'off'>;
  /** The front ends' origins, where the user named them. */
  readonly origins: readonly string[];
  readonly platform: PlatformOptions;
}

export const DEFAULT_SETTINGS: LintSettings = { rules: new Map(), origins: [], platform: {} };
