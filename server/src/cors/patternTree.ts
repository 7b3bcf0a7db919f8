import { type AST, RegExpParser } from '@eslint-community/regexpp';
import type { OriginTest } from './policy';

/** A parsed regular expression with the flags that matter for a search. */
export interface ParsedPattern {
  readonly tree: AST.Pattern;
  readonly ignoreCase: boolean;
  readonly dotAll: boolean;
  readonly multiline: boolean;
  /** Must match at the subject's start. */
  readonly sticky: boolean;
}

/** Longer patterns are not looked at. */
const MOST_CHARACTERS = 4096;
const parser = new RegExpParser({ ecmaVersion: 2025 });

/**
 * The tree of a regular expression; undefined when it has a syntax error or means something in its own dialect that
 * ECMAScript's grammar does not. Never throws.
 */
export function parsePattern(test: Extract<OriginTest, { kind: 'regex' }>): ParsedPattern | undefined {
  let { source, flags } = test;
  if (source.length > MOST_CHARACTERS) return undefined;
  if (test.dialect === 'pcre') {
    const inline = /^\(\?([ims]+)\)/.exec(source);
    if (inline) {
      source = source.slice(inline[0].length);
      flags += inline[1] ?? '';
    }
    if (!isCommonPcre(source)) return undefined;
  }
  try {
    const tree = parser.parsePattern(source, 0, source.length, {
      unicode: flags.includes('u'),
      unicodeSets: flags.includes('v'),
    });
    return {
      tree,
      ignoreCase: flags.includes('i'),
      dotAll: flags.includes('s'),
      multiline: flags.includes('m'),
      sticky: flags.includes('y'),
    };
  } catch {
    return undefined;
  }
}

/**
 * Whether what PCRE reads is what ECMAScript reads: no escapes, class names or verbs of its own.
 * https://www.pcre.org/current/doc/html/pcre2pattern.html
 */
function isCommonPcre(source: string): boolean {
  if (/\[:|\[\^?\]|\(\*|\(\?[#|&PR0-9'+(]/.test(source)) return false;
  for (const [, escaped = ''] of source.matchAll(/\\(.|$)/gs)) {
    if (/[A-Za-z0-9]/.test(escaped) && !/[dDwWsSbBntrfx]/.test(escaped)) return false;
  }
  return !/\\x(?![0-9a-fA-F]{2})/.test(source);
}
