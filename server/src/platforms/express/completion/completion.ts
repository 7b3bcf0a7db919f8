import { ALLOW_ORIGIN } from '../../../cors/names';
import { COMPLETED_HEADERS, usualValues } from '../../../cors/usualValues';
import type { CompletionContext, CompletionWord } from '../../../lint/types';
import { type OpenObject, openOptions, type Quote } from '../cors/openOptions';
import { optionsOf } from './completionOptions';

/** A header call has its arguments near; options may be long. */
const MOST_CHARACTERS = 500;

/** What could be written in a call that sets a header, and in the options of `cors({ … })`. */
export function completionAt(text: string, offset: number): CompletionContext | undefined {
  const line = text.slice(Math.max(text.lastIndexOf('\n', offset - 1) + 1, offset - MOST_CHARACTERS), offset);
  if (/^\s*(?:\/\/|\*)/.test(line)) return undefined;
  return headerName(text, offset) ?? headerValue(text, offset) ?? corsOption(text, offset);
}

const NAME =
  /(?:\b(?:res|resp|response|reply|ctx|c|headers)\.(?:set|header|append|setHeader|removeHeader)|\.setHeader)\(\s*(?:(['"`])([\w-]*))?$/;

function headerName(text: string, offset: number): CompletionContext | undefined {
  const match = NAME.exec(before(text, offset));
  if (match === null) return undefined;
  const quote = toQuote(match[1]);
  const replace = { start: offset - (match[2]?.length ?? 0), end: endOfWord(text, offset) };
  const words = COMPLETED_HEADERS.map(
    (name): CompletionWord => ({ text: quoted(name, quote), kind: 'header', header: name.toLowerCase() }),
  );
  return { replace, words };
}

/** `set('Name', …)`, and `'Name': …` in whatever object of headers. */
const VALUE = /(['"`])([\w-]+)\1\s*[,:]\s*(?:(['"`])([^'"`\n]*)|[\w*]*)$/;

function headerValue(text: string, offset: number): CompletionContext | undefined {
  const match = VALUE.exec(before(text, offset));
  const name = match?.[2]?.toLowerCase();
  const values = name === undefined ? undefined : usualValues(name);
  if (match === null || name === undefined || values === undefined) return undefined;
  const quote = toQuote(match[3]);
  const typed = quote === '' ? (/(?<![\w*])[\w*]+$/.exec(match[0])?.[0].length ?? 0) : (match[4]?.length ?? 0);
  const end = quote === '' ? endOfWord(text, offset) : endOfText(text, offset, quote);
  const words = values.map(
    ({ text: value, note }): CompletionWord => ({
      text: quoted(value, quote),
      kind: 'value',
      header: name,
      ...(note === undefined ? {} : { note }),
    }),
  );
  const context = { replace: { start: offset - typed, end }, words };
  return name === ALLOW_ORIGIN ? { ...context, originQuote: around(quote) } : context;
}

function corsOption(text: string, offset: number): CompletionContext | undefined {
  const open = openOptions(text, offset);
  if (open === undefined) return undefined;
  const replace = {
    start: open.start,
    end: open.quote === '' ? endOfWord(text, offset) : endOfText(text, offset, open.quote),
  };
  if (open.key === undefined)
    return open.quote === ''
      ? { replace, words: keys(open, /^\s*:/.test(text.slice(replace.end, replace.end + 20))), block: open.block }
      : undefined;
  const option = optionsOf(open.of).get(open.key);
  if (option === undefined || (open.isInList && !option.isList)) return undefined;
  const plain = open.quote === '' && !open.isInList ? option.bare : [];
  const word = (value: string, note: string | undefined): CompletionWord => ({
    text: value,
    kind: 'value',
    ...(option.header === undefined ? {} : { header: option.header }),
    ...(note === undefined ? {} : { note }),
  });
  const words = [
    ...option.texts.map((each) => word(quoted(each.text, open.quote), each.note)),
    ...plain.map((each) => word(each.text, each.note)),
  ];
  const context = { replace, words, block: open.block };
  return option.header === ALLOW_ORIGIN ? { ...context, originQuote: around(open.quote) } : context;
}

function keys({ of, present }: OpenObject, hasColon: boolean): CompletionWord[] {
  return [...optionsOf(of)]
    .filter(([name]) => !present.has(name))
    .map(([name, { header, note }]) => ({
      text: hasColon ? name : `${name}: `,
      kind: 'option',
      ...(header === undefined ? {} : { header }),
      ...(note === '' ? {} : { note }),
    }));
}

function before(text: string, offset: number): string {
  return text.slice(Math.max(0, offset - MOST_CHARACTERS), offset);
}

function toQuote(sign: string | undefined): Quote {
  return sign === "'" || sign === '"' || sign === '`' ? sign : '';
}

/** In quotes the text alone, outside with quotes around it. */
function quoted(value: string, quote: Quote): string {
  return around(quote) === '' ? value : `'${value}'`;
}

function around(quote: Quote): '' | "'" {
  return quote === '' ? "'" : '';
}

function endOfWord(text: string, offset: number): number {
  return offset + (/^[\w-]*/.exec(text.slice(offset, offset + MOST_CHARACTERS))?.[0].length ?? 0);
}

/** Up to the closing quote of the line; where there is none yet, to the end of the word. */
function endOfText(text: string, offset: number, quote: Quote): number {
  const line = /^[^\n]*/.exec(text.slice(offset, offset + MOST_CHARACTERS))?.[0] ?? '';
  const end = line.indexOf(quote);
  return end < 0 ? endOfWord(text, offset) : offset + end;
}
