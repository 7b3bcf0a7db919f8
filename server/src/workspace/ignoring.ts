import ignore, { type Ignore } from 'ignore';
import type { IgnoreList } from '../config/settings';
import { isInside, relativePath } from './paths';

/** Patterns as in .gitignore, ready to be asked. */
export interface Matcher {
  /**
   * @param path absolute, inside the patterns' folder or not
   * @returns whether the patterns ignore it or take an ignoring back; undefined when they say nothing of it
   */
  verdict(path: string, isFolder: boolean): 'ignored' | 'kept' | undefined;
}

/** A pattern with more wildcards than this is nobody's work, and could be slow to match. */
const MOST_WILDCARDS = 12;

export function compilePatterns({ folder, patterns }: IgnoreList): Matcher {
  const usable = patterns.filter((pattern) => (pattern.match(/[*?]/g)?.length ?? 0) <= MOST_WILDCARDS);
  const compiled: Ignore = ignore().add(usable);
  return {
    verdict(path, isFolder) {
      if (usable.length === 0 || path === folder || !isInside(folder, path)) return undefined;
      const { ignored, unignored } = compiled.test(relativePath(folder, path) + (isFolder ? '/' : ''));
      if (ignored) return 'ignored';
      return unignored ? 'kept' : undefined;
    },
  };
}

/** The verdict of the last matcher that has one. */
export function lastVerdict(
  matchers: readonly Matcher[],
  path: string,
  isFolder: boolean,
): 'ignored' | 'kept' | undefined {
  for (let i = matchers.length - 1; i >= 0; i--) {
    const verdict = matchers[i]?.verdict(path, isFolder);
    if (verdict !== undefined) return verdict;
  }
  return undefined;
}
