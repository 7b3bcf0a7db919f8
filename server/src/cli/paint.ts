/** Puts words into colours, or leaves them as they are. */
export type Paint = (style: Style, text: string) => string;

export type Style = keyof typeof CODES;

const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  underline: [4, 24],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  cyan: [36, 39],
} as const;

/** https://no-color.org and https://force-color.org: forcing wins over refusing, and both over what the stream is. */
export function paintFor(isTerminal: boolean, env: NodeJS.ProcessEnv): Paint {
  return wantsColour(isTerminal, env) ? colourful : plain;
}

export const plain: Paint = (_, text) => text;

const colourful: Paint = (style, text) => {
  const [on, off] = CODES[style];
  return `\u001B[${on}m${text}\u001B[${off}m`;
};

function wantsColour(isTerminal: boolean, env: NodeJS.ProcessEnv): boolean {
  const { FORCE_COLOR: force, NO_COLOR: no, TERM: term } = env;
  if (force !== undefined) return force !== '0' && force !== 'false';
  if (no !== undefined && no !== '') return false;
  return isTerminal && term !== 'dumb';
}
