import type { AST } from '@eslint-community/regexpp';
import { passes } from './admits';
import { witnesses } from './hostile';
import { isLoopbackHost, parseOrigin } from './origin';
import { pathsOf } from './patternPaths';
import { hostText } from './patternText';
import { parsePattern } from './patternTree';

import type { OriginEntry, OriginTest } from './policy';
import { registrationOf } from './publicSuffix';

/** A regular expression to put in a check's place. */
export interface Strengthened {
  readonly source: string;
  readonly flags: string;
}

const LABELS = '([a-z0-9-]+\\.)';

/**
 * A regular expression, anchored and escaped, that lets in what the check was written for and none of its
 * witnesses; undefined when that cannot be told from the check's text. It looks at the same part of the origin.
 */
export function strengthen(entry: OriginEntry): Strengthened | undefined {
  if (entry.kind !== 'match') return undefined;
  const mended = strengthenTest(entry.test);
  if (!mended) return undefined;
  const on = partOfTest(entry.test);
  const test: OriginTest = { kind: 'regex', ...mended, dialect: 'ecmascript', ...(on === undefined ? {} : { on }) };
  if (!parsePattern(test)) return undefined;
  const left = witnesses({ kind: 'match', test, place: entry.place });
  if (left.length > 0 || witnesses(entry).some(({ origin }) => passes(test, origin) !== 'no')) return undefined;
  return mended;
}

function partOfTest(test: OriginTest) {
  return 'on' in test ? test.on : undefined;
}

function strengthenTest(test: OriginTest): Strengthened | undefined {
  switch (test.kind) {
    case 'regex':
      return test.dialect === 'pcre' && /^\(\?/.test(test.source) ? undefined : strengthenRegex(test);
    case 'prefix':
    case 'suffix':
    case 'contains': {
      const source = sourceForText(test.text, test.kind, test.on ?? 'origin');
      return source === undefined ? undefined : { source, flags: '' };
    }
    default:
      return undefined;
  }
}

/** The pattern for `startsWith`, `endsWith` and `includes` of a text. */
function sourceForText(text: string, kind: 'prefix' | 'suffix' | 'contains', on: string): string | undefined {
  if (text.includes('://')) {
    return kind !== 'suffix' && on === 'origin' && parseOrigin(text) && /[a-z0-9\]]$/.test(text)
      ? `^${escaped(text)}${portFor(text.slice(text.indexOf('://') + 3))}$`
      : undefined;
  }
  const host = text.replace(/^\./, '');
  if (!/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$|^localhost$/.test(host)) return undefined;
  const sub = text.startsWith('.') ? `${LABELS}+` : `${LABELS}*`;
  const scheme = isLoopbackHost(host) ? 'https?://' : 'https://';
  if (on === 'hostname') return `^${sub}${escaped(host)}$`;
  if (on === 'host') return `^${sub}${escaped(host)}${portFor(host)}$`;
  return `^${scheme}${isLoopbackHost(host) ? '' : sub}${escaped(host)}${portFor(host)}$`;
}

function portFor(host: string): string {
  return isLoopbackHost(host) ? '(:\\d+)?' : '';
}

function strengthenRegex(test: Extract<OriginTest, { kind: 'regex' }>): Strengthened | undefined {
  const { source, flags } = test;
  const parsed = parsePattern(test);
  if (!parsed || parsed.multiline || (test.on !== undefined && test.on !== 'origin')) return undefined;
  const meant = pathsOf(test).map(hostText);
  const domains = meant.every((host) => registrationOf(host)?.domain === host);
  const branches = parsed.tree.alternatives.map((alternative) => strengthenBranch(alternative, source, domains));
  if (branches.includes(undefined)) return undefined;
  const body = branches.length === 1 ? branches[0] : `(?:${branches.join('|')})`;
  return { source: `^${body}$`, flags: flags.replace(/[gmy]/g, '') };
}

/**
 * One side of a `|` at the top: its own text, with what it lacks, and without its anchors.
 * @param domains whether the whole pattern is about domains, whose sub-domains are then let in as they were
 */
function strengthenBranch(alternative: AST.Alternative, source: string, domains: boolean): string | undefined {
  const { elements } = alternative;
  const anchored = elements[0]?.type === 'Assertion' && elements[0].kind === 'start';
  const inner = elements.filter((element) => element.type !== 'Assertion');
  const first = inner[0];
  if (!first || inner.length < elements.length - (anchored ? 1 : 0) - (endsAnchored(elements) ? 1 : 0))
    return undefined;
  const body = inner
    .map((element, i) => strengthenElement(element, { before: inner[i - 1], next: inner[i + 1] }, source))
    .join('');
  const text = body.replaceAll('\\/', '/').replaceAll('\\.', '.');
  if (/^https?\??:\/\//.test(text)) return body + portFor(text.replace(/^https?\??:\/\//, ''));
  if (/^\((?:\?:)?https?\??:\/\//.test(text)) return body;
  if (anchored || /^[^a-z0-9([.\\-]/.test(body)) return undefined;
  const host = text.replace(/^\./, '');
  const scheme = isLoopbackHost(host) ? 'https?://' : 'https://';
  if (text.startsWith('.')) return `${scheme}${LABELS}*[a-z0-9-]+${body}`;
  const sub = isLoopbackHost(host) || (/^[([]/.test(body) && !domains) ? '' : `${LABELS}*`;
  return `${scheme}${sub}${body}${portFor(host)}`;
}

function endsAnchored(elements: readonly AST.Element[]): boolean {
  const last = elements.at(-1);
  return last?.type === 'Assertion' && last.kind === 'end';
}

function strengthenElement(
  element: AST.Element,
  { before, next }: { before: AST.Element | undefined; next: AST.Element | undefined },
  source: string,
): string {
  if (isAny(element)) return next?.type === 'Quantifier' ? '.' : '\\.';
  if (element.type === 'Quantifier' && isAny(element.element)) {
    if (!next && before?.type === 'Character' && /[a-z0-9]/i.test(before.raw)) return '';
    if (next?.type === 'Character' && /[a-z0-9]/i.test(next.raw)) return `${LABELS}*`;
    if (next && isAny(next)) return `${LABELS}*[a-z0-9-]+`;
  }
  return source.slice(element.start, element.end);
}

function isAny(node: AST.Element): boolean {
  return node.type === 'CharacterSet' && node.kind === 'any';
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
