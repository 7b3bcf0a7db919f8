import type { Edit } from '../../../cors/repair';
import type { Level } from '../config/level';
import type { HeaderLine } from '../evaluate/header-lines';
import type { Comment, Directive } from '../syntax/tree';
import { removeDirective } from './lines';
import { type Source, startsLine } from './source';

/**
 * Those of the lines that stand in the block, one after the other as they are written, each with the comments above it.
 *
 * @param written what to write for a line
 */
export function movedText(
  source: Source,
  { node }: Level,
  lines: readonly HeaderLine[],
  written: (line: HeaderLine) => string,
): string[] {
  const texts: string[] = [];
  for (const directive of node?.directive.block?.directives ?? []) {
    const line = lines.find((each) => each.node.directive === directive);
    if (line === undefined) {
      continue;
    }
    const { end } = directive.range;
    const beside = commentBeside(source, directive);
    texts.push(
      ...textsAbove(source, directive),
      written(line) + (beside === undefined ? '' : source.text.slice(end, beside.range.end)),
    );
  }
  return texts;
}

/** Takes lines out, with the comments that belong to them. */
export function withoutLines(source: Source, lines: readonly HeaderLine[]): Edit[] {
  return lines.map(({ node }) => {
    const { range, ...directive } = withCommentsAbove(source, node.directive);
    const end = commentBeside(source, node.directive)?.range.end ?? range.end;
    return removeDirective(source, { ...directive, range: { start: range.start, end } });
  });
}

/** The directive as if it began with the comments above it. */
export function withCommentsAbove(source: Source, directive: Directive): Directive {
  const [first] = commentsAbove(source, directive);
  const { start, end } = directive.range;
  return { ...directive, range: { start: first?.range.start ?? start, end } };
}

/** The comments on lines of their own right above the directive. */
export function textsAbove(source: Source, directive: Directive): string[] {
  return commentsAbove(source, directive).map(({ range }) => source.text.slice(range.start, range.end));
}

function commentsAbove(source: Source, { range, parent }: Directive): Comment[] {
  const found: Comment[] = [];
  let { start } = range;
  for (const comment of [...source.tree.comments].reverse()) {
    if (comment.range.end > start) {
      continue;
    }
    const touches = /^\r?\n[ \t]*$/.test(source.text.slice(comment.range.end, start));
    if (!touches || comment.range.start < (parent?.range.start ?? 0) || !startsLine(source.text, comment.range.start)) {
      break;
    }
    found.unshift(comment);
    start = comment.range.start;
  }
  return found;
}

/** The comment behind the directive on its line. */
function commentBeside(source: Source, { range }: Directive): Comment | undefined {
  return source.tree.comments.find(
    (comment) => comment.range.start >= range.end && /^[ \t]*$/.test(source.text.slice(range.end, comment.range.start)),
  );
}
