/** A start tag of a page or a component. */
export interface Tag {
  /** In lower case. */
  readonly name: string;
  /** By name, in lower case; of one name the first, as browsers have it. */
  readonly attributes: ReadonlyMap<string, Attribute>;
}

/** An attribute, with the range of all of it. */
export interface Attribute {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** Made anew for every text, because each keeps its place. */
const openingTag = (): RegExp => /<!--|<([a-z][^\s/>]*)/gi;
const attributePart = (): RegExp =>
  /[\s/]*(?:(>)|([^\s/>=][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>][^\s>]*)))?)/y;
/** Elements whose text holds no tags, and those whose content is not shown. */
const CLOSED = new Set(['script', 'style', 'textarea', 'title', 'noscript', 'iframe', 'xmp']);

/**
 * The start tags of a text in HTML, without those in comments, scripts, styles and the like. It ends at the first tag
 * that has no end. https://html.spec.whatwg.org/multipage/parsing.html#tag-open-state
 * @param closed further elements whose content is left out
 */
export function tagsIn(text: string, closed: readonly string[]): readonly Tag[] {
  const tags: Tag[] = [];
  const opening = openingTag();
  for (let found = opening.exec(text); found !== null; found = opening.exec(text)) {
    const name = found[1]?.toLowerCase();
    if (name === undefined) {
      const end = text.indexOf('-->', opening.lastIndex);
      if (end < 0) break;
      opening.lastIndex = end;
      continue;
    }
    const rest = attributesAt(text, opening.lastIndex);
    if (rest === undefined) break;
    tags.push({ name, attributes: rest.attributes });
    opening.lastIndex = rest.end;
    if (!CLOSED.has(name) && !closed.includes(name)) continue;
    const end = endOf(text, name, rest.end);
    if (end === undefined) break;
    opening.lastIndex = end;
  }
  return tags;
}

function attributesAt(
  text: string,
  from: number,
): { readonly attributes: ReadonlyMap<string, Attribute>; readonly end: number } | undefined {
  const attributes = new Map<string, Attribute>();
  const part = attributePart();
  part.lastIndex = from;
  for (let found = part.exec(text); found !== null; found = part.exec(text)) {
    const [all, isEnd, name, double, single, bare] = found;
    const end = found.index + all.length;
    if (isEnd !== undefined) return { attributes, end };
    const key = name?.toLowerCase();
    if (name === undefined || key === undefined || attributes.has(key)) continue;
    const start = found.index + all.search(/[^\s/]/);
    attributes.set(key, { value: double ?? single ?? bare ?? '', start, end });
  }
  return undefined;
}

/** Where the end tag of an element begins. */
function endOf(text: string, name: string, from: number): number | undefined {
  const end = /<\/([a-z][^\s/>]*)/gi;
  end.lastIndex = from;
  for (let found = end.exec(text); found !== null; found = end.exec(text)) {
    if (found[1]?.toLowerCase() === name) return found.index;
  }
  return undefined;
}
