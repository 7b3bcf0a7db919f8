/** A fault that keeps a YAML text from meaning what it seems to mean. */
export interface YamlProblem {
  readonly kind:
    | 'empty-alias'
    | 'unknown-alias'
    | 'duplicate-key'
    | 'tab'
    | 'indent'
    | 'unclosed'
    | 'reserved-start'
    | 'nested-map'
    | 'implicit-key'
    | 'unexpected'
    | 'too-deep'
    | 'other';
  readonly start: number;
  readonly end: number;
  /** What is wrong and the way out, in one or two short sentences. */
  readonly message: string;
}

/** The error codes of the `yaml` package that have words of their own here; others keep the package's words. */
const KINDS: Readonly<Record<string, YamlProblem['kind']>> = {
  BAD_ALIAS: 'empty-alias',
  TAB_AS_INDENT: 'tab',
  BAD_INDENT: 'indent',
  MISSING_CHAR: 'unclosed',
  BAD_SCALAR_START: 'reserved-start',
  BLOCK_AS_IMPLICIT_KEY: 'nested-map',
  BLOCK_IN_FLOW: 'indent',
  MULTILINE_IMPLICIT_KEY: 'implicit-key',
  UNEXPECTED_TOKEN: 'unexpected',
};

/**
 * Words for an error of the `yaml` package: its code, its own message and the text at fault (offsets UTF-16,
 * half-open, clamped to the text).
 */
export function describeProblem(
  code: string,
  message: string,
  text: string,
  at: readonly [number, number],
): YamlProblem {
  const start = Math.min(Math.max(at[0], 0), text.length);
  const end = Math.min(Math.max(at[1], start), text.length);
  const kind = KINDS[code] ?? 'other';
  return { kind, start, end, message: wordsFor(kind, message, text.slice(start, end)) };
}

function wordsFor(kind: YamlProblem['kind'], message: string, found: string): string {
  switch (kind) {
    case 'empty-alias':
      return "An unquoted * starts a YAML alias, so this file does not load. Write '*' in quotes.";
    case 'tab':
      return 'YAML does not take tabs as indentation. Indent with spaces.';
    case 'indent':
      return `${message}. Line this up with its neighbours.`;
    case 'unclosed':
      return `${message}. Close it on this value's line.`;
    case 'reserved-start':
      return `A plain value cannot start with ${quoted(found)}. Put the value in quotes.`;
    case 'nested-map':
      return 'A second key cannot stand on this line. Start a new line, or put the value in quotes.';
    case 'implicit-key':
      return 'This key runs over several lines. Put a colon and a space after the key, or quote the text.';
    case 'unexpected':
      return `${quoted(found)} is not expected here. Put the value in quotes, or fix the line's indentation.`;
    default:
      return `${message.replace(/\.$/, '')}.`;
  }
}

function quoted(found: string): string {
  const line = found.split(/[\r\n]/, 1)[0] ?? '';
  const short = line.length > 30 ? `${line.slice(0, 29)}…` : line;
  return short === '' ? 'This' : `"${short}"`;
}
