import type { TSESTree } from '@typescript-eslint/types';
import type { Range } from '../cors/place';
import { libraries } from './load';

export interface SyntaxFault {
  readonly message: string;
  readonly range: Range;
}

export interface Comment {
  readonly kind: 'line' | 'block';
  /** The text between the comment's marks. */
  readonly text: string;
  readonly range: Range;
}

export interface Parsed {
  readonly program: TSESTree.Program;
  readonly errors: readonly SyntaxFault[];
}

/**
 * Parses JavaScript, JSX, TypeScript or TSX, chosen by the file's name (a `.json` file is one
 * expression), and always returns a tree: broken text gives a
 * tree with holes (identifiers with an empty name) and `errors`. Text that no tree can be made of, nested hundreds of
 * levels deep for one, gives an empty program and one error. Never throws; runs nothing of the file.
 *
 * TypeScript's own parser recovers from errors but typescript-estree refuses a tree that has any, so the errors are
 * taken out of the source file before the conversion.
 */
export function parse(path: string, text: string): Parsed {
  try {
    const { sourceFile, errors } = createSourceFile(path, text);
    const { parse: convert } = libraries();
    const program = convert(sourceFile, CONVERSION);
    return { program, errors };
  } catch (error) {
    const message =
      error instanceof RangeError
        ? 'This file is nested too deeply to be read.'
        : 'This file could not be read as JavaScript or TypeScript.';
    return { program: emptyProgram(text), errors: [{ message, range: { start: 0, end: 0 } }] };
  }
}

/**
 * The comments of a file, in order. They cost as much as a parse: ask only where the text shows that one matters.
 * Returns none for text that cannot be parsed at all. Never throws.
 */
export function commentsOf(path: string, text: string): readonly Comment[] {
  try {
    const { sourceFile } = createSourceFile(path, text);
    const { comments } = libraries().parse(sourceFile, { ...CONVERSION, comment: true });
    return (comments ?? []).map((comment) => ({
      kind: comment.type === 'Line' ? 'line' : 'block',
      text: comment.value,
      range: { start: comment.range[0], end: comment.range[1] },
    }));
  } catch {
    return [];
  }
}

const CONVERSION = {
  allowInvalidAST: true,
  range: true,
  loc: false,
  suppressDeprecatedPropertyWarnings: true,
} as const;

function createSourceFile(path: string, text: string) {
  const { ts } = libraries();
  const sourceFile = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, scriptKind(path));
  // TypeScript keeps the list of syntax errors in a property that its types do not show.
  const diagnosed: { parseDiagnostics?: readonly import('typescript').DiagnosticWithLocation[] } = sourceFile as object;
  const errors = (diagnosed.parseDiagnostics ?? []).map(
    ({ start, length, messageText }): SyntaxFault => ({
      message: ts.flattenDiagnosticMessageText(messageText, ' '),
      range: { start, end: start + length },
    }),
  );
  diagnosed.parseDiagnostics = [];
  return { sourceFile, errors };
}

/**
 * A `.js` file may hold JSX or Flow's types: TypeScript's JSX mode reads both. The scripts of a component or a page may
 * be TypeScript's.
 */
function scriptKind(path: string) {
  const { ScriptKind } = libraries().ts;
  if (/\.json$/i.test(path)) return ScriptKind.JSON;
  if (/\.tsx$/i.test(path)) return ScriptKind.TSX;
  if (/\.(?:[cm]?ts|vue|svelte|html?)$/i.test(path)) return ScriptKind.TS;
  return ScriptKind.JSX;
}

function emptyProgram(text: string): TSESTree.Program {
  const program: Pick<TSESTree.Program, 'body' | 'comments' | 'range' | 'sourceType' | 'tokens'> & { type: string } = {
    type: 'Program',
    body: [],
    comments: [],
    range: [0, text.length],
    sourceType: 'module',
    tokens: [],
  };
  return program as TSESTree.Program;
}
