import type { Range } from '../cors/place';

export type YamlQuote = '' | "'" | '"';

/** Where the cursor is in YAML that is being typed. Offsets are UTF-16. */
export interface TypedYaml {
  readonly at: 'key' | 'value' | 'item';
  /** The keys that it is below, from the nearest: a value's own key, or that of an item's list, is the first. */
  readonly path: readonly string[];
  readonly quote: YamlQuote;
  /** The word or text under the cursor, on both sides, without quotes. */
  readonly replace: Range;
  /** Whether a colon follows. */
  readonly hasColon: boolean;
  /** The keys of the same map, that of the line aside; for an item, of the map that its list is in. */
  readonly siblings: ReadonlySet<string>;
  /** The lines of that map. */
  readonly block: Range;
  /** The value of a key beside the path's key number `index`, if it stands on the key's line. */
  beside(index: number, key: string): string | undefined;
}

const LINE =
  /^( *)(?! )(- +(?! ))?(?:(["']?)([\w-]+)\3:(?: +(?! )|$))?(\[(?:[^\]#]*,)?\s*(?!\s))?(["']?)([^"'#,[\]{}]*)$/;
const KEY_LINE = /^( *)(- +)?(?:(["']?)([\w-]+)\3:(?:\s+(.*))?)?/;

/** Who is above by indentation is found within so many lines, so deep. */
const MOST_LINES = 200;
const MOST_KEYS = 6;

/**
 * Reads the lines around the cursor by their indentation, since YAML that is being typed is mostly broken. Undefined in
 * comments, behind what is no plain key, item or list in brackets, and in maps in braces.
 */
export function typedYaml(text: string, offset: number): TypedYaml | undefined {
  const line = lineAt(text, offset);
  const before = text.slice(line.start, offset);
  const match = LINE.exec(before);
  if (match === null || match[7]?.includes(': ')) return undefined;
  const [, indent = '', dash = '', , key, list, sign = '', word = ''] = match;
  if (
    list === undefined &&
    key !== undefined &&
    !/\s/.test(before.charAt(before.length - word.length - sign.length - 1))
  )
    return undefined;
  if (list !== undefined && key === undefined) return undefined;
  const quote = sign === "'" || sign === '"' ? sign : '';
  const at = list !== undefined || (dash !== '' && key === undefined) ? 'item' : key === undefined ? 'key' : 'value';
  const rest = (list !== undefined ? /^[^\s"'#,\]]*/ : at === 'key' ? /^[^\s"'#:]*/ : /^[^\s"'#]*/).exec(
    text.slice(offset, line.end),
  );
  const replace = { start: offset - word.length, end: offset + (rest?.[0].length ?? 0) };
  const lines = linesAround(text, line);
  const isItem = at === 'item' && list === undefined;
  // A key of a list's item stands as deep as the text behind the dash.
  const column = indent.length + (isItem ? 0 : dash.length);
  const above = parents(lines.above, isItem ? column : column - 1);
  const map = mapAt(lines, isItem ? (above[0]?.column ?? column) : column, line, dash !== '' && !isItem);
  return {
    at,
    path: [...(key === undefined ? [] : [key]), ...above.map((parent) => parent.key)],
    quote,
    replace,
    hasColon: text.charAt(replace.end) === ':',
    siblings: new Set(map.keys),
    block: map.block,
    beside(index, name) {
      const parent = above[index - (key === undefined ? 0 : 1)];
      return parent && mapAt(linesAround(text, parent), parent.column, parent, parent.isItem).values.get(name);
    },
  };
}

interface Line extends Range {
  readonly text: string;
}

interface Parent extends Line {
  readonly key: string;
  readonly column: number;
  readonly isItem: boolean;
}

/** Of the lines from the nearest: those that are less deep each than the one before. */
function parents(lines: readonly Line[], deepest: number): Parent[] {
  const found: Parent[] = [];
  for (const line of lines) {
    const [, spaces = '', dash = '', , key] = KEY_LINE.exec(line.text) ?? [];
    const column = spaces.length + dash.length;
    if (key === undefined || column > deepest) continue;
    found.push({ ...line, key, column, isItem: dash !== '' });
    if (found.length === MOST_KEYS) break;
    deepest = column - 1;
  }
  return found;
}

interface MapLines {
  readonly keys: readonly string[];
  readonly values: ReadonlyMap<string, string>;
  readonly block: Range;
}

/**
 * The map around a line whose keys stand in that column.
 * @param isFirst the line is the first of a list's item
 */
function mapAt({ above, below }: Lines, column: number, line: Range, isFirst: boolean): MapLines {
  const keys: string[] = [];
  const values = new Map<string, string>();
  let { start, end } = line;
  const take = ({ text }: Line): 'in' | 'first' | 'out' => {
    if (/^\s*(?:#|$)/.test(text)) return 'in';
    const [, spaces = '', dash = '', , key, value = ''] = KEY_LINE.exec(text) ?? [];
    const isFirstHere = spaces.length < column && spaces.length + dash.length === column && dash !== '';
    if (spaces.length < column && !isFirstHere) return 'out';
    if (key !== undefined && spaces.length + dash.length === column && (dash === '' || isFirstHere)) {
      keys.push(key);
      values.set(key, value.replace(/^(["'])(.*)\1$/, '$2').trim());
    }
    return isFirstHere ? 'first' : 'in';
  };
  for (const each of isFirst ? [] : above) {
    const taken = take(each);
    if (taken === 'out') break;
    start = each.start;
    if (taken === 'first') break;
  }
  for (const each of below) {
    if (take(each) !== 'in') break;
    end = each.end;
  }
  return { keys, values, block: { start, end } };
}

interface Lines {
  /** From the nearest. */
  readonly above: readonly Line[];
  readonly below: readonly Line[];
}

function linesAround(text: string, line: Range): Lines {
  const above: Line[] = [];
  for (let end = line.start - 1; end >= 0 && above.length < MOST_LINES; end = (above.at(-1)?.start ?? 0) - 1) {
    const start = end === 0 ? 0 : text.lastIndexOf('\n', end - 1) + 1;
    above.push({ start, end, text: text.slice(start, end) });
  }
  const below: Line[] = [];
  for (let start = line.end + 1; start < text.length && below.length < MOST_LINES; ) {
    const next = lineAt(text, start);
    below.push({ ...next, text: text.slice(next.start, next.end) });
    start = next.end + 1;
  }
  return { above, below };
}

function lineAt(text: string, offset: number): Range {
  const end = text.indexOf('\n', offset);
  return { start: offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1, end: end < 0 ? text.length : end };
}
