import path from 'node:path';
import { type Directive, directivesByLine } from '../lint/directives';
import type { Positions } from './positions';

/** How a suppression is written into a file. Offsets are UTF-16. */
export interface Suppression {
  /** Where the text goes in. */
  readonly at: number;
  /** The text to insert, up to the reason. */
  readonly before: string;
  /** What the user is to replace by his reason; empty where a reason stands already. */
  readonly reason: string;
  readonly after: string;
}

export interface Target {
  readonly file: string;
  readonly text: string;
  readonly positions: Positions;
  readonly rule: string;
  /** Where the finding starts. */
  readonly offset: number;
}

/** A comment on the line before; a comment that stands there already gets one more rule. Undefined without comments. */
export function suppressLine(target: Target): Suppression | undefined {
  const { file, text, positions, rule, offset } = target;
  const sign = lineComment(file);
  if (sign === undefined) return undefined;
  const line = positions.line(offset);
  const start = positions.lineStart(line);
  const previousStart = line === 0 ? start : positions.lineStart(line - 1);
  const written = directivesByLine(text.slice(previousStart, start)).find(isForNextLine);
  if (written) return { at: previousStart + written.end, before: `, ${rule}`, reason: '', after: '' };
  const indent = /^[\t ]*/.exec(text.slice(start))?.[0] ?? '';
  return {
    at: start,
    before: `${indent}${sign} cors-lint-disable-next-line ${rule} -- `,
    reason: 'reason',
    after: lineEnd(text),
  };
}

/** A comment at the top, after a byte order mark and a `#!` line; one that stands there already gets one more rule. */
export function suppressFile({ file, text, rule }: Target): Suppression | undefined {
  const sign = lineComment(file);
  if (sign === undefined) return undefined;
  const at = /^\uFEFF?(?:#![^\n]*\n)?/.exec(text)?.[0].length ?? 0;
  const firstLine = text.slice(at).split('\n', 1)[0] ?? '';
  const written = directivesByLine(firstLine).find(isForFile);
  if (written) return { at: at + written.end, before: `, ${rule}`, reason: '', after: '' };
  return {
    at,
    before: `${sign} cors-lint-disable-file ${rule} -- `,
    reason: 'reason',
    after: lineEnd(text),
  };
}

function isForNextLine({ scope, rules }: Directive): boolean {
  return scope === 'next-line' && rules.length > 0;
}

function isForFile({ scope, rules }: Directive): boolean {
  return scope === 'file' && rules.length > 0;
}

/** What starts a comment in a file of that name; undefined where there are none, as in JSON. */
function lineComment(file: string): string | undefined {
  const extension = path.extname(file).toLowerCase();
  if (extension === '.json') return undefined;
  return /^\.[cm]?[jt]sx?$/.test(extension) ? '//' : '#';
}

function lineEnd(text: string): string {
  return /\r?\n/.exec(text)?.[0] ?? '\n';
}
