import type { Directive, Range, Word } from '../syntax/tree';

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
  | { readonly kind: 'condition' }
  /** A statement runs into the next one: the `;` belongs after this offset. */
  | { readonly kind: 'missing-semicolon'; readonly at: number }
  /** A value of several words stands without quotes. */
  | { readonly kind: 'unquoted-value'; readonly words: readonly Word[] }
  /** `Always`, `allways`. */
  | { readonly kind: 'misspelt-always'; readonly word: Word }
  /** A name or value that is close to one that nginx knows. */
  | { readonly kind: 'misspelt'; readonly range: Range; readonly meant: string }
  /** A directive in a block that does not take it. */
  | { readonly kind: 'not-allowed'; readonly directive: Directive }
  /** The same is said again, here, word for word. */
  | { readonly kind: 'repeated'; readonly directive: Directive }
  /** Something is said a second time, otherwise. */
  | { readonly kind: 'contradicted'; readonly first: Directive }
  /** A pattern that PCRE does not compile. */
  | { readonly kind: 'pattern' }
  /** A path behind the address, where nginx cannot replace the matched part of the request's. */
  | { readonly kind: 'proxied-path' };

/** A refusal that nothing more is known about. */
export function refusal(said: string, range: Range, cause: Cause = { kind: 'other' }): Refusal {
  return { said, range, cause };
}

/** A directive's name and arguments, without its block. */
export function headRange({ name, args }: Directive): Range {
  return { start: name.range.start, end: (args.at(-1) ?? name).range.end };
}

/** The same statement again, or another one in its place. */
export function again(said: string, first: Directive, second: Directive): Refusal {
  const same =
    first.args.length === second.args.length &&
    first.args.every(({ value }, i) => value === second.args[i]?.value) &&
    second.block === undefined;
  const cause: Cause = same ? { kind: 'repeated', directive: second } : { kind: 'contradicted', first };
  return refusal(said, headRange(second), cause);
}

/** An `add_header` in a block that takes none: `nginx-directive-not-allowed` tells of it, and how to move it. */
export function isHeaderInWrongBlock({ cause }: Refusal): boolean {
  if (cause.kind !== 'not-allowed' || cause.directive.name.value !== 'add_header') return false;
  const block = cause.directive.parent?.name.value;
  return block === 'if' || block === 'limit_except';
}
