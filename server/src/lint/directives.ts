import type { Comment } from './types';

/**
 * A suppression as a comment writes it:
 *
 *     cors-lint-disable-next-line RULE, RULE -- reason
 *     cors-lint-disable-line RULE -- reason
 *     cors-lint-disable-file RULE -- reason
 */
export interface Directive {
  readonly scope: 'next-line' | 'line' | 'file';
  /** The rules' ids; empty for all of them. */
  readonly rules: readonly DirectiveRule[];
  /** UTF-16 offsets of the directive in the file, from its first word to the last rule. */
  readonly start: number;
  readonly end: number;
}

export interface DirectiveRule {
  readonly id: string;
  readonly start: number;
  readonly end: number;
}

const WORD = 'cors-lint-disable';
const DIRECTIVE = /cors-lint-disable-(next-line|line|file)(?![\w-])([^\n\r]*)/g;

/** Whether the text has any directive: a check so cheap that no comment is looked at without need. */
export function mayHaveDirectives(text: string): boolean {
  return text.includes(WORD);
}

/** The directives in the comments of a file. */
export function directivesOf(comments: readonly Comment[], text: string): Directive[] {
  return comments.flatMap((comment) => directivesIn(text.slice(comment.start, comment.end), comment.start));
}

/**
 * The directives of a file whose syntax is not known, taken from whatever follows a comment sign (`#`, `//`, `/*`) on
 * a line: for files that another file's analysis looked into.
 */
export function directivesByLine(text: string): Directive[] {
  const comments: Comment[] = [];
  for (const match of text.matchAll(/(?:#|\/\/|\/\*|^[\t ]*\*)[^\n\r]*/gm)) {
    comments.push({ start: match.index, end: match.index + match[0].length, text: match[0] });
  }
  return directivesOf(comments, text);
}

function directivesIn(comment: string, offset: number): Directive[] {
  const found: Directive[] = [];
  for (const match of comment.matchAll(DIRECTIVE)) {
    const [all, scope, rest = ''] = match;
    if (scope !== 'next-line' && scope !== 'line' && scope !== 'file') continue;
    const list = rest.split('--')[0]?.replace(/\*\/\s*$/, '') ?? '';
    const start = offset + match.index;
    const listStart = start + all.length - rest.length;
    const rules = [...list.matchAll(/[\w-]+/g)].map((word) => ({
      id: word[0],
      start: listStart + word.index,
      end: listStart + word.index + word[0].length,
    }));
    found.push({ scope, rules, start, end: listStart + list.trimEnd().length });
  }
  return found;
}
