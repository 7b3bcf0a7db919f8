import type { Edit } from '../../cors/repair';
import type { YamlScalar } from '../tree';
import { edit } from './text';

export type Quote = 'plain' | 'single' | 'double';

const SCRIPT = /\.[cm]?[jt]s$/i;

/** The quotes for new texts of a file: a module's strings have them always. */
export function usualQuote(file: string): Quote {
  return SCRIPT.test(file) ? 'single' : 'plain';
}

/** The quotes of a value, as far as others like it would have them: `'*'` needs its quotes, an origin does not. */
export function quoteOf({ style, value, source }: YamlScalar): Quote {
  if (style === 'block') return 'plain';
  if (style === 'single' && scalarText(String(value), 'plain').startsWith("'")) return usualQuote(source.file);
  return style === 'plain' ? usualQuote(source.file) : style;
}

/** Text as a YAML scalar in the wanted style, or in quotes where it needs them. */
export function scalarText(text: string, style: Quote): string {
  if (style === 'double') return JSON.stringify(text);
  if (style === 'plain' && isPlain(text)) return text;
  return /[\n\r\t]/.test(text) ? JSON.stringify(text) : `'${text.replace(/'/g, "''")}'`;
}

/**
 * Whether the text means itself without quotes, in block and flow alike: no indicator at its start, nothing that reads
 * as another type, no `: ` or ` #`. https://yaml.org/spec/1.2.2/#733-plain-style
 */
function isPlain(text: string): boolean {
  if (text === '' || text !== text.trim()) return false;
  if (/^[-?:,[\]{}#&*!|>'"%@`]/.test(text) || /[,[\]{}\n\r\t]|: |:$| #/.test(text)) return false;
  return !/^(?:true|false|null|~|yes|no|on|off|[-+]?(?:\d[\d_.eE+-]*|\.\d+|0[xo][\da-fA-F]+|\.inf|\.nan))$/i.test(text);
}

/** Puts text for a scalar's value; quotes stay as they are. Undefined for block scalars and computed values. */
export function replaceScalar(node: YamlScalar, text: string): Edit | undefined {
  if (node.computed || node.style === 'block') return undefined;
  return edit(node.source, node.start, node.end, scalarText(text, node.style));
}

/** A value put as code, not text: `true`, `600`. */
export function replaceRaw(node: YamlScalar, text: string): Edit | undefined {
  if (node.computed || node.style === 'block') return undefined;
  return edit(node.source, node.start, node.end, text);
}
