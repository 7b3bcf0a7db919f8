/** Something that must be so for an answer to hold, and what else there is. */
export interface Circumstance {
  readonly holds: string;
  readonly otherwise: string;
}

/** A text as Compose reads it, and the circumstance in which it reads it so; undefined when it always does. */
export interface Written {
  readonly text: string;
  readonly provided: Circumstance | undefined;
}

/** What a file of variables gives one; the value is undefined where the file does not tell it plainly. */
export interface Variable {
  readonly value: string | undefined;
  /** The file's name, for people: `.env`. */
  readonly file: string;
}

export type Variables = ReadonlyMap<string, Variable>;

/** Variables in one text, those in defaults included, and characters of the result: beyond these it is not known. */
const MOST_VARIABLES = 16;
const MOST_CHARACTERS = 10_000;

/**
 * A text of a Compose file with its variables filled in: `${PORT:-3000}`, `$PORT`, and `$$` for a dollar sign. A value
 * out of a file of variables or a default is a circumstance, since where Compose is started the variable may be set to
 * another. Undefined for what is not known, and for what Compose refuses.
 * https://docs.docker.com/reference/compose-file/interpolation/
 */
export function interpolate(text: string, variables: Variables): Written | undefined {
  return fill(text, variables, { left: MOST_VARIABLES });
}

/** The circumstance in which both hold. */
export function both(a: Circumstance | undefined, b: Circumstance | undefined): Circumstance | undefined {
  if (a === undefined || b === undefined || a.holds === b.holds) return a ?? b;
  return { holds: `${a.holds} and ${b.holds}`, otherwise: `${a.otherwise} or ${b.otherwise}` };
}

/** A longer value of a variable is not known: it is no port and no path, and it would have to be shown to people. */
const LONGEST_VALUE = 200;

/** The value of a variable out of a file. Undefined where the file does not tell it. */
export function fromFile(name: string, { value, file }: Variable): Written | undefined {
  if (value === undefined || value.length > LONGEST_VALUE) return undefined;
  const provided = { holds: `${name} is ${value}, as in ${file}`, otherwise: `${name} is not ${value}` };
  return { text: value, provided };
}

function fill(text: string, variables: Variables, budget: { left: number }): Written | undefined {
  let filled = '';
  let provided: Circumstance | undefined;
  let at = 0;
  for (let dollar = text.indexOf('$'); dollar >= 0; dollar = text.indexOf('$', at)) {
    filled += text.slice(at, dollar);
    if (text.charAt(dollar + 1) === '$') {
      filled += '$';
      at = dollar + 2;
      continue;
    }
    if (budget.left === 0) return undefined;
    budget.left -= 1;
    const end = endOf(text, dollar + 1);
    const value = referred(text.slice(dollar + 1, end), variables, budget);
    if (value === undefined) return undefined;
    filled += value.text;
    provided = both(provided, value.provided);
    at = end;
  }
  filled += text.slice(at);
  return filled.length > MOST_CHARACTERS ? undefined : { text: filled, provided };
}

/** Where the variable that begins at an offset ends: after its name or its closing brace. */
function endOf(text: string, start: number): number {
  if (text.charAt(start) !== '{') {
    NAME.lastIndex = start;
    return start + (NAME.exec(text)?.[0].length ?? 0);
  }
  let open = 0;
  for (let i = start; i < text.length; i++) {
    if (text.charAt(i) === '{') open += 1;
    else if (text.charAt(i) === '}') open -= 1;
    if (open === 0) return i + 1;
  }
  return text.length;
}

const NAME = /[A-Za-z_]\w*/y;
const PLAIN = /^([A-Za-z_]\w*)$/;
const BRACED = /^\{([A-Za-z_]\w*)(?:(:?[-?+])(.*))?\}$/s;

/** @param reference what stands behind the dollar sign: `PORT`, `{PORT:-3000}` */
function referred(reference: string, variables: Variables, budget: { left: number }): Written | undefined {
  const [, name, operator = '', rest = ''] = PLAIN.exec(reference) ?? BRACED.exec(reference) ?? [];
  // What stands in for a variable that is set says nothing of its value.
  if (name === undefined || operator.endsWith('+')) return undefined;
  const variable = variables.get(name);
  const isTaken = variable !== undefined && (variable.value !== '' || !operator.startsWith(':'));
  if (isTaken) return fromFile(name, variable);
  if (!operator.endsWith('-')) return undefined;
  const fallback = fill(rest, variables, budget);
  const unset = { holds: `${name} is unset`, otherwise: `${name} is set` };
  return fallback && { text: fallback.text, provided: both(unset, fallback.provided) };
}
