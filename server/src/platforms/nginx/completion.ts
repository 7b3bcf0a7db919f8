import { ALLOW_ORIGIN } from '../../cors/names';
import { COMPLETED_HEADERS, usualValues } from '../../cors/usualValues';
import type { CompletionContext, CompletionWord } from '../../lint/types';

/** Enough for a directive over several lines; what stands further away does not matter. */
const MOST_CHARACTERS = 2000;

/** What could be written in a directive that sets or hides a header, and in a `map` of origins. */
export function completionAt(text: string, offset: number): CompletionContext | undefined {
  return inHeader(text, offset) ?? inMap(text, offset);
}

/** https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header */
function inHeader(text: string, offset: number): CompletionContext | undefined {
  const typed = argumentsBefore(text, offset);
  if (typed === undefined) return undefined;
  const { finished, start, quote } = typed;
  const [directive, header] = finished;
  const end = offset + (/^[^\s;{}"'#]*/.exec(text.slice(offset))?.[0].length ?? 0);
  const replace = quote === '' ? { start, end } : { start, end: endOfQuoted(text, offset, quote) };
  if (directive !== 'add_header' && directive !== 'proxy_hide_header') return undefined;
  if (finished.length === 1) return { replace, words: names() };
  if (directive !== 'add_header' || header === undefined) return undefined;
  const values = usualValues(header);
  if (values === undefined) return undefined;
  if (finished.length === 3 && quote === '') return { replace, words: [ALWAYS] };
  if (finished.length !== 2) return undefined;
  const lower = header.toLowerCase();
  const words = values.map(
    ({ text: value, note }): CompletionWord => ({
      text: quote === '' && /[\s,]/.test(value) ? `"${value}"` : value,
      kind: 'value',
      header: lower,
      ...(note === undefined ? {} : { note }),
    }),
  );
  if (lower !== ALLOW_ORIGIN) return { replace, words };
  return { replace, words: [...words, REFLECTED], originQuote: '' };
}

/** What is typed of a `map $http_origin $name { … }`, without entries whose patterns have braces. */
const MAP = /(?:^|[\s;{}])map\s+\$http_origin\s+\$\w+\s*\{([^{}]*)$/;

/** https://nginx.org/en/docs/http/ngx_http_map_module.html#map */
function inMap(text: string, offset: number): CompletionContext | undefined {
  const body = MAP.exec(text.slice(Math.max(0, offset - MOST_CHARACTERS), offset))?.[1];
  if (body === undefined) return undefined;
  const entry = body.slice(body.lastIndexOf(';') + 1).replace(/^(?:\s+|#[^\n]*\n)*/, '');
  const typed = /^(?:([^\s"'#]+)\s+)?([^\s"'#]*)$/.exec(entry);
  if (typed === null) return undefined;
  const [, origin, word = ''] = typed;
  const end = offset + (/^[^\s;{}"'#]*/.exec(text.slice(offset))?.[0].length ?? 0);
  const replace = { start: offset - word.length, end };
  return origin === undefined
    ? { replace, words: [OTHERS], originQuote: '' }
    : { replace, words: [SENT_BACK, NOTHING] };
}

const OTHERS: CompletionWord = {
  text: 'default',
  kind: 'value',
  note: 'All other origins. With `""` behind it they get no header, and are refused; so it is without this line.',
};

const SENT_BACK: CompletionWord = {
  text: '$http_origin',
  kind: 'value',
  header: ALLOW_ORIGIN,
  note: 'Sends the origin back, which has been checked here.',
};

const NOTHING: CompletionWord = { text: '""', kind: 'value', note: 'No header is sent where the value is empty.' };

const ALWAYS: CompletionWord = {
  text: 'always',
  kind: 'value',
  note: 'Sends the header with errors too. Without it nginx leaves it off a 404 or a 500, and the page sees a network error.',
};

const REFLECTED: CompletionWord = {
  text: '$http_origin',
  kind: 'value',
  header: ALLOW_ORIGIN,
  note: '**Careful:** this lets in every origin. Use a `map` of `$http_origin` that knows your own, and send `Vary: Origin`.',
};

function names(): CompletionWord[] {
  return COMPLETED_HEADERS.map((name) => ({ text: name, kind: 'header', header: name.toLowerCase() }));
}

interface Typed {
  /** The directive's name and the arguments before the one that is being typed, without quotes. */
  readonly finished: readonly string[];
  /** Where the argument that is being typed starts, its quote left out. */
  readonly start: number;
  readonly quote: '' | "'" | '"';
}

/** Undefined in a comment, and where no directive that sets or hides a header is open. */
function argumentsBefore(text: string, offset: number): Typed | undefined {
  const from = directiveStart(text, offset);
  if (from === undefined) return undefined;
  const before = text.slice(0, offset);
  const finished: string[] = [];
  const token = /\s+|#[^\n]*|"((?:[^"\\]|\\[\s\S])*)"|'((?:[^'\\]|\\[\s\S])*)'|["'][\s\S]*|[;{}]|[^\s;{}"']+/y;
  token.lastIndex = from;
  for (let at = from; at < offset; at = token.lastIndex) {
    const match = token.exec(before);
    if (match === null) return undefined;
    const [all, double, single] = match;
    const [first] = all;
    const atEnd = token.lastIndex === offset;
    if (/^[;{}]/.test(all) || (first === '#' && atEnd)) return undefined;
    if (/^\s/.test(all) || first === '#') continue;
    if (double !== undefined || single !== undefined) finished.push(double ?? single ?? '');
    else if (first === '"' || first === "'") {
      return all.includes('\n') ? undefined : { finished, start: at + 1, quote: first };
    } else if (atEnd) return { finished, start: at, quote: '' };
    else finished.push(all);
  }
  return /\s/.test(text[offset - 1] ?? '') ? { finished, start: offset, quote: '' } : undefined;
}

/** The last directive before the cursor that sets or hides a header; not one in a comment. */
function directiveStart(text: string, offset: number): number | undefined {
  const before = text.slice(Math.max(0, offset - MOST_CHARACTERS), offset);
  const all = [...before.matchAll(/(?<![^\s;{}])(?:add_header|proxy_hide_header)(?=\s)/g)];
  const last = all.findLast(({ index }) => before.lastIndexOf('#', index) <= before.lastIndexOf('\n', index));
  return last === undefined ? undefined : offset - before.length + last.index;
}

function endOfQuoted(text: string, offset: number, quote: string): number {
  const line = /^[^\n]*/.exec(text.slice(offset))?.[0] ?? '';
  const end = line.indexOf(quote);
  return end < 0 ? offset + (/^[^\s;{}"'#]*/.exec(line)?.[0].length ?? 0) : offset + end;
}
