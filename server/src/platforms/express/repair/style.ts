import type { SourceModule } from '../../../javascript';

/** How a file is written, so that an edit looks like the rest of it. */
export interface Style {
  readonly quote: "'" | '"';
  readonly semicolon: ';' | '';
  /** One level of indentation. */
  readonly indent: string;
  readonly newline: '\n' | '\r\n';
}

const known = new WeakMap<SourceModule, Style>();

export function styleOf(module: SourceModule): Style {
  const before = known.get(module);
  if (before) return before;
  const { text } = module;
  const style: Style = {
    quote: count(text, /'/g) >= count(text, /"/g) ? "'" : '"',
    semicolon: count(text, /;[ \t]*\r?$/gm) * 3 >= count(text, /[)\w'"`\]}][ \t]*\r?$/gm) ? ';' : '',
    indent: /^(\t| {2,8})\S/m.exec(text)?.[1] ?? '  ',
    newline: text.includes('\r\n') ? '\r\n' : '\n',
  };
  known.set(module, style);
  return style;
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

/** A string literal in the file's quotes. */
export function quoted(text: string, quote: string): string {
  return `${quote}${escaped(text, quote)}${quote}`;
}

/** Text to stand between quotes. */
export function escaped(text: string, quote: string): string {
  const plain = text.replace(/[\\\n\r]/g, (char) => ESCAPES[char] ?? char).replaceAll(quote, `\\${quote}`);
  return quote === '`' ? plain.replaceAll('${', '\\${') : plain;
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r' };

/** A list literal. */
export function listLiteral(texts: readonly string[], style: Style): string {
  return `[${texts.map((text) => quoted(text, style.quote)).join(', ')}]`;
}

/** A look for an origin in a list. In TypeScript `includes` is not to be asked for what may be undefined. */
export function isListed(module: SourceModule, texts: readonly string[], origin: string): string {
  const look = `${listLiteral(texts, styleOf(module))}.includes(${origin})`;
  return /\.[cm]?tsx?$/.test(module.path) ? `${origin} !== undefined && ${look}` : look;
}

/** A regular expression literal. */
export function regexpLiteral(source: string, flags: string): string {
  let inClass = false;
  let out = '';
  for (let i = 0; i < source.length; i++) {
    const char = source[i] ?? '';
    if (char === '\\') {
      out += char + (source[++i] ?? '');
      continue;
    }
    if (char === '[') inClass = true;
    if (char === ']') inClass = false;
    out += char === '/' && !inClass ? '\\/' : char;
  }
  return `/${out}/${flags}`;
}

/** The white space that the line of an offset begins with. */
export function indentationAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start))?.[0] ?? '';
}
