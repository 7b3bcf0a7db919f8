/**
 * Holes in a template: `${PORT}`, which `envsubst` fills in before nginx reads the file, and `<your domain>`, which a
 * reader does. The variables of an environment are written in capitals, nginx's own never are.
 */

const HOLE = /\$\{[A-Z_][A-Z0-9_]*\}|\$[A-Z_][A-Z0-9_]+(?![A-Za-z0-9_])/;
const WHOLE = /^(?:\$\{[A-Z_][A-Z0-9_]*\}|\$[A-Z_][A-Z0-9_]+)$/;

/** Whether the text is a hole and nothing else. */
export function isHole(text: string): boolean {
  return WHOLE.test(text);
}

/** Whether something is filled in here before nginx reads it: what it will be is not known. */
export function hasHole(text: string): boolean {
  return (text.includes('$') && HOLE.test(text)) || PLACEHOLDER.test(text);
}

/** A word of `<http or https>`. */
const PLACEHOLDER = /^<[A-Za-z]|[A-Za-z]>$|^\.\.\.$/;
