import { sep } from 'node:path';
import type { IgnoreList } from '../config/settings';
import { withoutEnd } from '../cors/trim';
import { compileGlob } from './glob';
import { isInside, relativePath } from './paths';

/** Patterns as in .gitignore, ready to be asked. */
export interface Matcher {
  /**
   * Whether the patterns ignore the path itself or take an ignoring back; undefined when they say nothing of it.
   * Whoever asks has asked of the folders above first: what is in an ignored folder is ignored, and stays so.
   * @param path absolute, in the patterns' folder or not
   */
  verdict(path: string, isFolder: boolean): Verdict | undefined;
}

export type Verdict = 'ignored' | 'kept';

/**
 * Understands patterns as https://git-scm.com/docs/gitignore has them, case-sensitive. No pattern takes longer than
 * its length times the path's, so that a hostile one does no harm.
 */
export function compilePatterns({ folder, patterns }: IgnoreList): Matcher {
  const lastFirst = patterns.flatMap(compilePattern).reverse();
  return {
    verdict(path, isFolder) {
      if (lastFirst.length === 0 || path === folder || !isInside(folder, path)) return undefined;
      const segments = relativePath(folder, path).split('/');
      const hit = lastFirst.find((pattern) => (isFolder || !pattern.foldersOnly) && pattern.matches(segments));
      return hit?.verdict;
    },
  };
}

/** The verdict of the last matcher that has one. */
export function lastVerdict(matchers: readonly Matcher[], path: string, isFolder: boolean): Verdict | undefined {
  for (let i = matchers.length - 1; i >= 0; i--) {
    const verdict = matchers[i]?.verdict(path, isFolder);
    if (verdict !== undefined) return verdict;
  }
  return undefined;
}

/** Whether the patterns ignore a folder, or whatever is in it. */
export function ignoresFolder(matcher: Matcher, folder: string): boolean {
  const anything = `${folder}${sep}\0`;
  return matcher.verdict(folder, true) === 'ignored' || matcher.verdict(anything, false) === 'ignored';
}

interface Pattern {
  readonly verdict: Verdict;
  readonly foldersOnly: boolean;
  /** @param segments of the path, seen from the patterns' folder */
  matches(segments: readonly string[]): boolean;
}

function compilePattern(line: string): Pattern[] {
  const text = withoutTrailingSpaces(line);
  if (text === '' || text.startsWith('#')) return [];
  const negated = text.startsWith('!');
  const whole = negated ? text.slice(1) : text;
  const foldersOnly = whole.endsWith('/');
  const body = foldersOnly ? whole.slice(0, -1) : whole;
  if (body === '' || body.endsWith('/')) return [];
  return [{ verdict: negated ? 'kept' : 'ignored', foldersOnly, matches: compileBody(body) }];
}

/** A space at the end counts only after a backslash. */
function withoutTrailingSpaces(line: string): string {
  let end = line.length;
  while (end > 0 && line.charAt(end - 1) === ' ' && line.charAt(end - 2) !== '\\') end--;
  return withoutEnd(line.slice(0, end), '\r\n');
}

/** Any number of segments. */
const ANY_DEPTH = '**';
type Segment = typeof ANY_DEPTH | ((name: string) => boolean);

function compileBody(body: string): Pattern['matches'] {
  // Without a slash before its end a pattern is about the name, however deep.
  if (!body.includes('/')) {
    const name = compileGlob(body);
    return (segments) => name(segments.at(-1) ?? '');
  }
  const parts = body.replace(/^\//, '').split('/');
  const wanted = parts.flatMap((part, i): Segment[] => {
    if (part !== ANY_DEPTH) return [compileGlob(part)];
    // At the end it stands for everything inside, not for the folder itself.
    return i === parts.length - 1 ? [ANY_DEPTH, () => true] : [ANY_DEPTH];
  });
  return (segments) => matchesSegments(segments, wanted);
}

function matchesSegments(segments: readonly string[], wanted: readonly Segment[]): boolean {
  let at = 0;
  let next = 0;
  let depth = -1;
  let resume = 0;
  while (at < segments.length) {
    const segment = wanted[next];
    if (segment === ANY_DEPTH) {
      depth = next++;
      resume = at;
    } else if (segment?.(segments[at] ?? '')) {
      at++;
      next++;
    } else if (depth >= 0) {
      next = depth + 1;
      at = ++resume;
    } else {
      return false;
    }
  }
  while (wanted[next] === ANY_DEPTH) next++;
  return next === wanted.length;
}
