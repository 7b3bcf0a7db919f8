import type { Place, Range } from '../../../cors/place';
import type { Edit } from '../../../cors/repair';
import type { Host } from '../../../lint/types';
import type { NginxAnalysis } from '../analysis';
import { readTree } from '../config/load';
import { innerRange } from '../config/node';
import type { Directive, Tree, Word } from '../syntax/tree';

/** One file to write into: its tree, and how it is laid out. */
export interface Source {
  readonly file: string;
  readonly text: string;
  readonly tree: Tree;
  readonly newline: '\n' | '\r\n';
  /** One step of indentation. */
  readonly indent: string;
}

/** The file that an analysis read, itself or by `include`; undefined when it cannot be read, or does not parse. */
export function sourceOf(analysis: NginxAnalysis, file: string, host: Host): Source | undefined {
  const tree = file === analysis.file ? analysis.tree : readTree(file, host);
  if (tree === undefined || tree.faults.length > 0) {
    return undefined;
  }
  const { text } = tree;
  return { file, text, tree, newline: text.includes('\r\n') ? '\r\n' : '\n', indent: indentStep(tree) };
}

/** What the first nested directive on a line of its own is indented by, more than its parent. */
function indentStep({ text, directives }: Tree): string {
  const stack = [...directives].reverse();
  for (let directive = stack.pop(); directive !== undefined; directive = stack.pop()) {
    const inner = directive.block?.directives ?? [];
    const [first] = inner;
    if (first !== undefined && startsLine(text, first.range.start) && startsLine(text, directive.range.start)) {
      const outer = indentAt(text, directive.range.start);
      const own = indentAt(text, first.range.start);
      if (own.length > outer.length && own.startsWith(outer)) {
        return own.slice(outer.length);
      }
    }
    stack.push(...[...inner].reverse());
  }
  return '    ';
}

/** The innermost directive that holds the place. */
export function directiveAt(source: Source, place: Range): Directive | undefined {
  let found: Directive | undefined;
  let candidates: readonly Directive[] = source.tree.directives;
  for (;;) {
    const inner = candidates.find(({ range }) => range.start <= place.start && place.end <= range.end);
    if (inner === undefined) {
      return found;
    }
    found = inner;
    candidates = inner.block?.directives ?? [];
  }
}

/** The directive that is exactly at the place. */
export function directiveWithRange(source: Source, place: Range): Directive | undefined {
  const found = directiveAt(source, place);
  return found?.range.start === place.start && found.range.end === place.end ? found : undefined;
}

/** A word of the innermost directive that holds the place. */
export function wordAt(source: Source, place: Range): { directive: Directive; word: Word } | undefined {
  const directive = directiveAt(source, place);
  const word = directive && [directive.name, ...directive.args].find(({ range }) => holds(range, place));
  return directive && word && { directive, word };
}

/** Whether the place is the word's text, all of it. */
export function isWholeWord(word: Word, place: Range): boolean {
  const inner = innerRange(word);
  return inner.start === place.start && inner.end === place.end;
}

function holds(outer: Range, inner: Range): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

export function startsLine(text: string, offset: number): boolean {
  return /^[ \t]*$/.test(text.slice(lineStart(text, offset), offset));
}

export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

export function indentAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset), offset))?.[0] ?? '';
}

/** An edit of the source. */
export function edit({ file }: Source, start: number, end: number, text: string): Edit {
  return { file, start, end, text };
}

export function samePlaces(a: Place, b: Place): boolean {
  return a.file === b.file && a.start === b.start && a.end === b.end;
}
