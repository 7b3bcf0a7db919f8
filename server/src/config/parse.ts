import { checkConfiguration, type Mistake } from './check';
import type { Configuration, ConfigurationProblem, Source } from './settings';
import { readTree, type Stumble, treeOf } from './tree';

/** What one source says, and the mistakes in it. */
export interface Read {
  readonly configuration: Configuration;
  readonly problems: readonly ConfigurationProblem[];
}

/**
 * Reads the text of a `.corslintrc.json`: JSON with comments and trailing commas. A mistake costs what it stands in
 * and nothing else; an empty file is an empty configuration. Never throws.
 */
export function parseConfiguration(file: string, text: string, ruleIds: ReadonlySet<string>): Read {
  const source: Source = { kind: 'file', file };
  if (text.replace('\uFEFF', '').trim() === '') return { configuration: {}, problems: [] };
  const { tree, errors } = readTree(text);
  // One slip makes the parser stumble several times; the first place is the one to mend.
  const broken = errors.slice(0, 1).map((error) => ({ range: error.range, message: syntaxMessage(error) }));
  if (tree === undefined) return { configuration: {}, problems: toProblems(source, broken) };
  const { configuration, mistakes } = checkConfiguration(tree, { ruleIds, reportUnknownKeys: true });
  return { configuration, problems: toProblems(source, [...broken, ...mistakes]) };
}

/** Reads the editor's settings, an object of the same shape; keys that it does not know are the editor's own. */
export function readEditorSettings(settings: unknown, ruleIds: ReadonlySet<string>): Read {
  if (settings === undefined || settings === null) return { configuration: {}, problems: [] };
  const { configuration, mistakes } = checkConfiguration(treeOf(settings), { ruleIds, reportUnknownKeys: false });
  return { configuration, problems: toProblems({ kind: 'editor' }, mistakes) };
}

function toProblems(source: Source, mistakes: readonly Mistake[]): ConfigurationProblem[] {
  return mistakes
    .map((mistake) => ({ source, ...mistake }))
    .sort((a, b) => (a.range?.start ?? 0) - (b.range?.start ?? 0));
}

/** The numbers are jsonc-parser's `ParseErrorCode`, a const enum that cannot be imported by name. */
const SYNTAX_MESSAGES: ReadonlyMap<number, string> = new Map([
  [1, 'This is not JSON. Texts need double quotes.'],
  [2, 'This is not a number that JSON knows.'],
  [3, 'A property name in double quotes is expected here.'],
  [4, 'A value is expected here.'],
  [5, 'A colon is expected here.'],
  [6, 'A comma is expected here.'],
  [7, 'A closing brace is expected here.'],
  [8, 'A closing bracket is expected here.'],
  [9, 'The file should end here; take the rest out.'],
  [11, 'This comment is never closed; end it with */.'],
  [12, 'This text is never closed; end it with a double quote.'],
  [13, 'This number is cut off.'],
  [14, 'This is not a \\u escape; it needs four hexadecimal digits.'],
  [15, 'JSON does not know this escape.'],
  [16, 'This character cannot stand here.'],
]);

function syntaxMessage({ error }: Stumble): string {
  return SYNTAX_MESSAGES.get(error) ?? 'This is not JSON.';
}
