import type { YamlLibrary } from './library';

/** A comment: from its `#` up to the line's end, which is not part of it. */
export interface YamlComment {
  readonly start: number;
  readonly end: number;
}

/** What the lexer puts before a scalar, so that a `#` inside a block scalar is not taken for a comment. */
const SCALAR_FOLLOWS = '\x1f';

/** The comments of a YAML text, in order, as UTF-16 offsets. Never throws. */
export function yamlComments(yaml: YamlLibrary, text: string): YamlComment[] {
  if (!text.includes('#')) return [];
  const comments: YamlComment[] = [];
  let offset = 0;
  let scalar = false;
  for (const token of new yaml.Lexer().lex(text)) {
    if (token === SCALAR_FOLLOWS) {
      scalar = true;
      continue;
    }
    // Document start and flow-error-end marks take no room in the text either.
    if (token === '\x02' || token === '\x18') continue;
    if (!scalar && token.startsWith('#')) comments.push({ start: offset, end: offset + token.length });
    offset += token.length;
    scalar = false;
  }
  return comments;
}
