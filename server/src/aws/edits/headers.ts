import type { Edit } from '../../cors/repair';
import type { ObjectValue, Property } from '../../javascript';
import { property } from '../../javascript';
import { lineBreak, lineStart } from '../../yaml/edits/text';

/** Headers to write into a response: names and values. */
export type NewHeaders = readonly (readonly [name: string, value: string])[];

/**
 * Adds headers to a response that is written out: into its headers where these are written out too, else as a
 * `headers` property. Keeps the way the object is laid out and the quotes that the file uses.
 */
export function addHeaders(
  response: ObjectValue,
  headers: ObjectValue | undefined,
  added: NewHeaders,
): Edit | undefined {
  const quote = quoteOf(response);
  const pairs = added.map(([name, value]) => `${quoted(name, quote)}: ${quoted(value, quote)}`);
  if (headers !== undefined) return addProperties(headers, pairs, undefined);
  if (property(response, 'headers') !== undefined) return undefined;
  return addProperties(response, [`headers: { ${pairs.join(', ')} }`], property(response, 'statusCode'));
}

/** Adds one property, `headers` or `headers: corsHeaders`, behind the status. */
export function addProperty(response: ObjectValue, text: string): Edit | undefined {
  return addProperties(response, [text], property(response, 'statusCode'));
}

/** @param after the property to stand behind; the last one when left out */
function addProperties(object: ObjectValue, pairs: readonly string[], after: Property | undefined): Edit | undefined {
  const { node, module } = object;
  const { text } = module;
  const file = module.path;
  if (node.type !== 'ObjectExpression') return undefined;
  const own = node.properties.filter(({ type }) => type === 'Property');
  const last = node.properties.at(-1);
  if (last === undefined) {
    const [start, end] = node.range;
    return { file, start, end, text: `{ ${pairs.join(', ')} }` };
  }
  const anchor = after !== undefined && own.some((one) => one === after.node) ? after.node : last;
  const start = anchor.range[1];
  const opening = lineStart(text, anchor.range[0]);
  const isOwnLine = text.slice(opening, anchor.range[0]).trim() === '';
  const gap = isOwnLine ? `${lineBreak(text)}${text.slice(opening, anchor.range[0])}` : ' ';
  return { file, start, end: start, text: pairs.map((pair) => `,${gap}${pair}`).join('') };
}

/** The quotes that the file's strings have, as far as a look at it tells. */
function quoteOf({ module: { text } }: ObjectValue): string {
  const single = text.split("'").length;
  const double = text.split('"').length;
  return double > single ? '"' : "'";
}

function quoted(text: string, quote: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`);
  return `${quote}${escaped}${quote}`;
}
