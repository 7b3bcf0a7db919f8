import { type LintResult, lint } from '../lint/engine';
import type { LintInput } from '../lint/find';
import type { Platform } from '../lint/types';

/** Whole results, with their trees, that are kept because fixes are likely to be asked for next. */
const MOST_WHOLE = 4;

export interface WholeResults {
  /** The last result for a file of that version; it may rest on other files that have changed since. */
  get(platform: Platform, file: string, version: string | number | undefined): LintResult | undefined;
  /** Lints, and keeps the whole result for a while. */
  lint(input: LintInput, version: string | number | undefined): LintResult;
}

export function openWholeResults(): WholeResults {
  const whole = new Map<string, { readonly version: string | number | undefined; readonly result: LintResult }>();
  return {
    get(platform, file, version) {
      const kept = whole.get(wholeKey(file, platform));
      return kept?.version === version ? kept?.result : undefined;
    },
    lint(input, version) {
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
    },
  };
}

function wholeKey(file: string, platform: Platform): string {
  return `${platform.id}\0${file}`;
}
