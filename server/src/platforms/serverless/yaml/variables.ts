/**
 * The syntax of the Serverless Framework's variables: `${type(param):address, fallback}` inside a string.
 * https://www.serverless.com/framework/docs/guides/variables; the framework's own reader is
 * `lib/configuration/variables/parse.js`. Text that does not fit (`${AWS::Region}` of `Fn::Sub`) stays text.
 */

/** A string cut into text and variables, in order. */
export type VariableText = readonly (string | Variable)[];

export interface Variable {
  /** As written, `${` and `}` included. */
  readonly text: string;
  /** The first that has a value counts. Never empty. */
  readonly sources: readonly VariableSource[];
}

export type VariableSource =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'nested'; readonly variable: Variable }
  | {
      readonly kind: 'named';
      /** `self`, `env`, `opt`, `param`, `file`, `sls`, `ssm`, … */
      readonly type: string;
      readonly params: readonly VariableText[];
      readonly address: VariableText | undefined;
    };

/** Deeper nesting than this is left as text. */
const MAX_DEPTH = 16;

/** Whether it is worth parsing: a plain string is the usual case. */
export function hasVariable(text: string): boolean {
  return text.includes('${');
}

/** Cuts a string at its variables. Linear, never throws; `\${` is an escaped `${`. */
export function parseVariables(text: string): VariableText {
  const parts: (string | Variable)[] = [];
  let plain = '';
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf('${', at);
    if (open === -1) break;
    if (text[open - 1] === '\\') {
      plain += `${text.slice(at, open - 1)}\${`;
      at = open + 2;
      continue;
    }
    const reader = new Reader(text, open);
    const variable = reader.variable(0);
    plain += text.slice(at, open);
    if (variable === undefined) {
      plain += '${';
      at = open + 2;
      continue;
    }
    if (plain !== '') parts.push(plain);
    plain = '';
    parts.push(variable);
    at = reader.at;
  }
  plain += text.slice(at);
  if (plain !== '') parts.push(plain);
  return parts;
}

class Reader {
  constructor(
    private readonly text: string,
    public at: number,
  ) {}

  /** From `${` to past its `}`; undefined where it is no variable. */
  variable(depth: number): Variable | undefined {
    if (depth > MAX_DEPTH) return undefined;
    const start = this.at;
    this.at += 2;
    const sources: VariableSource[] = [];
    for (;;) {
      this.space();
      const source = this.source(depth);
      if (source === undefined) return undefined;
      sources.push(source);
      this.space();
      const next = this.text[this.at];
      this.at += 1;
      if (next === '}') return { text: this.text.slice(start, this.at), sources };
      if (next !== ',') return undefined;
    }
  }

  private source(depth: number): VariableSource | undefined {
    const next = this.text[this.at];
    if (next === "'" || next === '"') return this.string(next);
    if (this.text.startsWith('${', this.at)) {
      const variable = this.variable(depth + 1);
      return variable && { kind: 'nested', variable };
    }
    const word = this.match(/[a-zA-Z0-9.+-]+/y);
    const follows = this.text[this.at];
    if (follows !== ':' && follows !== '(') return literal(word);
    if (!/^[a-z][a-zA-Z0-9]*$/.test(word)) return undefined;
    let params: VariableText[] = [];
    if (follows === '(') {
      this.at += 1;
      const read = this.params(depth);
      if (read === undefined) return undefined;
      params = read;
    }
    if (this.text[this.at] !== ':') return { kind: 'named', type: word, params, address: undefined };
    this.at += 1;
    const address = this.pieces(depth, /[,}]/);
    return address && { kind: 'named', type: word, params, address: address.length === 0 ? undefined : address };
  }

  private params(depth: number): VariableText[] | undefined {
    const params: VariableText[] = [];
    for (;;) {
      this.space();
      const piece = this.pieces(depth, /[,)]/);
      if (piece === undefined) return undefined;
      params.push(piece);
      const next = this.text[this.at];
      this.at += 1;
      if (next === ')') return params;
    }
  }

  /** Text with nested variables, up to (not including) a character that ends it. */
  private pieces(depth: number, ends: RegExp): VariableText | undefined {
    const parts: (string | Variable)[] = [];
    let plain = '';
    for (;;) {
      const next = this.text[this.at];
      if (next === undefined) return undefined;
      if (ends.test(next)) break;
      if (this.text.startsWith('${', this.at)) {
        if (plain !== '') parts.push(plain);
        plain = '';
        const nested = this.variable(depth + 1);
        if (nested === undefined) return undefined;
        parts.push(nested);
        continue;
      }
      plain += next;
      this.at += 1;
    }
    plain = plain.trimEnd();
    if (plain !== '') parts.push(plain);
    return parts;
  }

  private string(quote: string): VariableSource | undefined {
    const close = this.text.indexOf(quote, this.at + 1);
    if (close === -1) return undefined;
    const value = this.text.slice(this.at + 1, close);
    this.at = close + 1;
    return { kind: 'literal', value };
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.at += found.length;
    return found;
  }

  private space(): void {
    this.match(/\s*/y);
  }
}

function literal(word: string): VariableSource | undefined {
  if (word === 'true' || word === 'false') return { kind: 'literal', value: word === 'true' };
  if (word === 'null') return { kind: 'literal', value: null };
  if (word === '' || Number.isNaN(Number(word))) return undefined;
  return { kind: 'literal', value: Number(word) };
}
