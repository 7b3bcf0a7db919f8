import {
  ALLOW_CREDENTIALS,
  ALLOW_HEADERS,
  ALLOW_METHODS,
  ALLOW_ORIGIN,
  EXPOSE_HEADERS,
  MAX_AGE,
} from '../../cors/names';
import { ANY_ORIGIN, USUAL_EXPOSED, USUAL_HEADERS, USUAL_MAX_AGES, USUAL_METHODS } from '../../cors/usualValues';
import type { CompletionContext, CompletionWord } from '../../lint/types';
import { type Concept, DIALECTS, type Dialect } from './service/dialects';

/** A statement that no YAML starts with: the configuration is a module. */
const MODULE = /^(?:import|export|const|module\.exports)\b/m;

/**
 * What could be written below or behind a `cors` key, by where that stands: REST API, HTTP API or function URL. Not in
 * a module, where TypeScript knows the keys.
 */
export function completionAt(text: string, offset: number): CompletionContext | undefined {
  if (MODULE.test(text)) return undefined;
  const line = lineAt(text, offset);
  const typed = /^( *)(- +)?(?:(["']?)([\w-]+)\3:(?: +|$))?(["']?)([^"'#]*)$/.exec(text.slice(line.start, offset));
  if (typed === null || typed[6]?.includes(': ')) return undefined;
  const [, indent = '', dash = '', , key, sign = '', word = ''] = typed;
  if (key !== undefined && !/\s/.test(text.slice(line.start, offset).slice(-1 - word.length - sign.length)[0] ?? '')) {
    return undefined;
  }
  const end = offset + (/^[^\s"'#:]*/.exec(text.slice(offset, line.end))?.[0].length ?? 0);
  const replace = { start: offset - word.length, end };
  const quote = sign === "'" || sign === '"' ? sign : '';
  // A key of a list's item stands as deep as the text behind the dash.
  const above = parents(
    text,
    line.start,
    dash === '' || key === undefined ? indent.length : indent.length + dash.length,
    dash !== '' && key === undefined,
  );
  if (key === 'cors') return dialectOf(above) && quote === '' ? { replace, words: [CORS_TRUE] } : undefined;
  if (dash !== '') {
    const [list = '', cors, ...rest] = above;
    const dialect = key === undefined && cors === 'cors' ? dialectOf(rest) : undefined;
    return dialect && items(conceptOf(dialect, list), quote, replace);
  }
  const [cors, ...rest] = above;
  const dialect = cors === 'cors' ? dialectOf(rest) : undefined;
  if (dialect === undefined) return undefined;
  if (key === undefined) {
    const hasColon = text.charAt(end) === ':';
    return quote === ''
      ? { replace, words: keys(dialect, siblings(text, line.start, indent.length), hasColon) }
      : undefined;
  }
  const concept = conceptOf(dialect, key);
  if (concept === 'origins' && dialect === 'rest' && key === 'origin') return items(concept, quote, replace);
  const values = concept && PLAIN[concept];
  return values && quote === '' ? { replace, words: values } : undefined;
}

const CORS_TRUE: CompletionWord = {
  text: 'true',
  kind: 'value',
  header: ALLOW_ORIGIN,
  note: 'Every origin, with the usual methods and headers.',
};

const HEADERS: Readonly<Partial<Record<Concept, string>>> = {
  origins: ALLOW_ORIGIN,
  headers: ALLOW_HEADERS,
  methods: ALLOW_METHODS,
  credentials: ALLOW_CREDENTIALS,
  expose: EXPOSE_HEADERS,
  'max-age': MAX_AGE,
};

const PLAIN: Readonly<Partial<Record<Concept, readonly CompletionWord[]>>> = {
  credentials: [
    { text: 'true', kind: 'value', header: ALLOW_CREDENTIALS },
    { text: 'false', kind: 'value', header: ALLOW_CREDENTIALS },
  ],
  'max-age': USUAL_MAX_AGES.map((each) => ({ ...each, kind: 'value', header: MAX_AGE })),
};

const ITEMS: Readonly<Partial<Record<Concept, readonly string[]>>> = {
  headers: USUAL_HEADERS,
  methods: USUAL_METHODS,
  expose: USUAL_EXPOSED,
};

function items(
  concept: Concept | undefined,
  quote: '' | "'" | '"',
  replace: CompletionContext['replace'],
): CompletionContext | undefined {
  const header = concept && HEADERS[concept];
  if (concept === undefined || header === undefined) return undefined;
  if (concept === 'origins') {
    // `*` begins an alias in YAML.
    const any = quote === '' ? `'${ANY_ORIGIN.text}'` : ANY_ORIGIN.text;
    return {
      replace,
      words: [{ ...ANY_ORIGIN, text: any, kind: 'value', header }],
      originQuote: quote === '' ? "'" : '',
    };
  }
  const words = ITEMS[concept]?.map((text): CompletionWord => ({ text, kind: 'value', header }));
  return words && { replace, words };
}

function keys(dialect: Dialect, present: ReadonlySet<string>, hasColon: boolean): CompletionWord[] {
  return Object.entries(HEADERS).flatMap(([concept, header]) =>
    (DIALECTS[dialect].keys[concept as Concept] ?? [])
      .filter((name) => !present.has(name))
      .map((name): CompletionWord => ({ text: hasColon ? name : `${name}:`, kind: 'option', header })),
  );
}

/** @param above the keys above `cors`, from the nearest */
function dialectOf([nearest]: readonly string[]): Dialect | undefined {
  if (nearest === 'http') return 'rest';
  if (nearest === 'httpApi') return 'http-api';
  return nearest === 'url' ? 'url' : undefined;
}

function conceptOf(dialect: Dialect, key: string): Concept | undefined {
  const found = Object.entries(DIALECTS[dialect].keys).find(([, names]) => names.includes(key));
  return found && (Object.keys(HEADERS) as Concept[]).find((concept) => concept === found[0]);
}

/** Who is above by indentation is found within so many lines. */
const MOST_LINES = 200;

/**
 * The keys above a line, from the nearest, at most three.
 * @param isItem the line is an item, whose list may stand as deep as its key
 */
function parents(text: string, lineStart: number, indent: number, isItem: boolean): string[] {
  const found: string[] = [];
  let deepest = isItem ? indent : indent - 1;
  for (const line of linesAbove(text, lineStart)) {
    const match = KEY_LINE.exec(line);
    if (match === null) continue;
    const [, spaces = '', dash = '', , key = ''] = match;
    const column = spaces.length + dash.length;
    if (column > deepest) continue;
    found.push(key);
    if (found.length === 3) break;
    deepest = column - 1;
  }
  return found;
}

/** The keys of the same map above and below a line. */
function siblings(text: string, lineStart: number, indent: number): Set<string> {
  const found = new Set<string>();
  const below = text.slice(lineStart).split('\n', MOST_LINES).slice(1);
  for (const lines of [linesAbove(text, lineStart), below]) {
    for (const line of lines) {
      if (/^\s*(?:#|$)/.test(line)) continue;
      const column = line.length - line.trimStart().length;
      if (column < indent) break;
      const key = column === indent ? KEY_LINE.exec(line)?.[4] : undefined;
      if (key !== undefined) found.add(key);
    }
  }
  return found;
}

const KEY_LINE = /^( *)(- +)?(["']?)([\w-]+)\3:(?:\s|$)/;

/** From the nearest. */
function linesAbove(text: string, lineStart: number): string[] {
  return text
    .slice(Math.max(0, lineStart - MOST_LINES * 100), lineStart)
    .split('\n')
    .slice(0, -1)
    .slice(-MOST_LINES)
    .reverse();
}

function lineAt(text: string, offset: number): { readonly start: number; readonly end: number } {
  const end = text.indexOf('\n', offset);
  return { start: offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1, end: end < 0 ? text.length : end };
}
