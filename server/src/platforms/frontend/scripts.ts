const COMPONENT = /\.(?:vue|svelte|html?)$/i;

/** Whether a file has its scripts between tags: a component of Vue or Svelte, or a page. */
export function hasScripts(file: string): boolean {
  return COMPONENT.test(file);
}

/**
 * The scripts of a component or a page at the offsets at which they stand in the file, and blanks for all else, so that
 * what is read of them has its places in the file. Any other file is one script.
 */
export function scriptsOf(file: string, text: string): string {
  if (!hasScripts(file)) return text;
  const start = /<script\b/gi;
  let scripts = '';
  for (let found = start.exec(text); found !== null; found = start.exec(text)) {
    const from = endOfTag(text, start.lastIndex);
    if (from === undefined) break;
    const end = /<\/script\b/gi;
    end.lastIndex = from;
    const to = end.exec(text)?.index ?? text.length;
    // Without it a script would go on where the one before ends.
    if (isScript(text.slice(start.lastIndex, from)))
      scripts += `${blank(text.slice(scripts.length, from - 1))};${text.slice(from, to)}`;
    start.lastIndex = to;
  }
  return scripts + blank(text.slice(scripts.length));
}

/** The offset behind the `>` that ends a tag; undefined where none does. */
function endOfTag(text: string, from: number): number | undefined {
  const part = /"[^"]*"|'[^']*'|>/g;
  part.lastIndex = from;
  for (let found = part.exec(text); found !== null; found = part.exec(text)) {
    if (found[0] === '>') return part.lastIndex;
  }
  return undefined;
}

function isScript(attributes: string): boolean {
  return isScriptType(/\btype\s*=\s*["']?([^"'\s>]+)/i.exec(attributes)?.[1] ?? '');
}

/** https://html.spec.whatwg.org/multipage/scripting.html#prepare-the-script-element: data blocks have other types. */
export function isScriptType(type: string): boolean {
  return /^(?:|module|(?:text|application)\/(?:java|ecma|type)script|jsx|text\/babel)$/i.test(type.trim());
}

function blank(text: string): string {
  return text.replace(/[^\r\n]/g, ' ');
}
