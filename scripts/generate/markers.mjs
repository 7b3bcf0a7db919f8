/** The text with what stands between the comments `<!-- name: … -->` and `<!-- /name -->` replaced. */
export function between(file, text, name, replacement) {
  const start = new RegExp(`<!-- ${name}: [^\\n]* -->\\n`).exec(text);
  const end = text.indexOf(`<!-- /${name} -->`);
  if (start === null || end < start.index)
    throw new Error(`${file} has no "<!-- ${name}: … -->" … "<!-- /${name} -->"`);
  return `${text.slice(0, start.index + start[0].length)}\n${replacement}\n\n${text.slice(end)}`;
}
