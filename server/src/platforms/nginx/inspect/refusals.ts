import type { Node } from '../config/node';
import { readTest } from '../evaluate/condition';
import type { Directive, Range, Tree, Word } from '../syntax/tree';
import { ARITY } from './arity';

/** A reason why nginx does not load the file. */
export interface Refusal {
  /** As `nginx -t` words it. */
  readonly said: string;
  /** The place to blame. */
  readonly range: Range;
  /** What is behind it, where that shows. */
  readonly cause: Cause;
}

export type Cause =
  | { readonly kind: 'structure' }
  | { readonly kind: 'other' }
  /** A statement runs into the next one: the `;` belongs after this offset. */
  | { readonly kind: 'missing-semicolon'; readonly at: number }
  /** A value of several words stands without quotes. */
  | { readonly kind: 'unquoted-value'; readonly words: readonly Word[] }
  /** `Always`, `allways`. */
  | { readonly kind: 'misspelt-always'; readonly word: Word };

/**
 * What of the file nginx refuses, for certain: its structure first and alone, as nothing after it is sure; else the
 * number of arguments of well-known directives and the conditions of `if`.
 */
export function refusals(tree: Tree): Refusal[] {
  const [fault] = tree.faults;
  if (fault !== undefined) {
    return [{ said: fault.message, range: fault.range, cause: { kind: 'structure' } }];
  }
  const found: Refusal[] = [];
  const stack = [...tree.directives].reverse();
  for (let directive = stack.pop(); directive !== undefined; directive = stack.pop()) {
    const name = directive.name.value;
    // Their entries are no directives, and other protocols have directives of their own.
    if (FOREIGN.has(name)) {
      continue;
    }
    const refusal = judge(directive, tree.text);
    if (refusal !== undefined) {
      found.push(refusal);
    }
    if (!isTable(name)) {
      stack.push(...[...(directive.block?.directives ?? [])].reverse());
    }
  }
  return found;
}

const FOREIGN = new Set(['stream', 'mail', 'rtmp']);

function isTable(name: string): boolean {
  return ['map', 'geo', 'types', 'split_clients', 'upstream', 'charset_map'].includes(name);
}

function judge(directive: Directive, text: string): Refusal | undefined {
  const { name, args, block } = directive;
  if (name.value === 'if' && block !== undefined) {
    return judgeCondition(directive);
  }
  const arity = ARITY.get(name.value);
  const wrongNumber = arity !== undefined && (args.length < arity[0] || args.length > arity[1]);
  const [, value, third] = args;
  const badThird = name.value === 'add_header' && args.length === 3 && third !== undefined && third.value !== 'always';
  if (!wrongNumber && !badThird) {
    return undefined;
  }
  const said = wrongNumber
    ? `invalid number of arguments in "${name.value}" directive`
    : `invalid parameter "${third?.value ?? ''}"`;
  const last = args.at(-1) ?? name;
  const at = swallowedStatement(directive, text);
  if (at !== undefined) {
    return {
      said,
      range: { start: Math.max(name.range.start, at - 1), end: at },
      cause: { kind: 'missing-semicolon', at },
    };
  }
  if (badThird && third !== undefined && /^.?a?l?l?way?s?$/i.test(third.value)) {
    return { said, range: third.range, cause: { kind: 'misspelt-always', word: third } };
  }
  if (
    name.value === 'add_header' &&
    args.length > 2 &&
    value !== undefined &&
    args.every(({ quote }) => quote === 'none')
  ) {
    const words = args.slice(1, last.value === 'always' ? -1 : undefined);
    const range = { start: value.range.start, end: words.at(-1)?.range.end ?? value.range.end };
    return { said, range, cause: { kind: 'unquoted-value', words } };
  }
  return { said, range: { start: name.range.start, end: last.range.end }, cause: { kind: 'other' } };
}

function judgeCondition(directive: Directive): Refusal | undefined {
  const node: Node = { name: 'if', args: directive.args, file: '', directive, children: [] };
  const test = readTest(node);
  return test.kind === 'invalid' ? { said: test.message, range: test.word.range, cause: { kind: 'other' } } : undefined;
}

/** The end of the last word before one that starts a line and is a directive's name. */
function swallowedStatement({ name, args }: Directive, text: string): number | undefined {
  let before = name;
  for (const word of args) {
    const between = text.slice(before.range.end, word.range.start);
    if (word.quote === 'none' && between.includes('\n') && (ARITY.has(word.value) || word.value === 'if')) {
      return before.range.end;
    }
    before = word;
  }
  return undefined;
}
