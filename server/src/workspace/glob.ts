/**
 * A pattern for one name without slashes, ready to be asked: `*` (any run), `?` (any one), `[a-z]` and `[!a-z]` (one
 * of, or none of), `\x` (x itself), as glob(7) and gitignore(5) have them. Asking takes time in proportion to both
 * lengths at the worst, whatever the pattern.
 */
export function compileGlob(pattern: string): (name: string) => boolean {
  const wanted = tokens(pattern);
  if (wanted.every((token) => typeof token === 'string' && token !== ANY_RUN)) {
    const literal = wanted.join('');
    return (name) => name === literal;
  }
  return (name) => matches(name, wanted);
}

/** As `compileGlob`, for once; and as a shell has it, a leading dot must be matched by a dot. */
export function matchesGlob(name: string, pattern: string): boolean {
  return name.startsWith('.') === pattern.startsWith('.') && compileGlob(pattern)(name);
}

/** Whether the text has any of the characters that make it a pattern. */
export function isGlob(text: string): boolean {
  return /[*?[]/.test(text);
}

const ANY_RUN = '';

/** A character, a test of one, or `ANY_RUN`. */
type Token = string | ((character: string) => boolean);

function matches(name: string, wanted: readonly Token[]): boolean {
  let at = 0;
  let token = 0;
  let star = -1;
  let resume = 0;
  while (at < name.length) {
    const next = wanted[token];
    const character = name.charAt(at);
    if (next === ANY_RUN) {
      star = token++;
      resume = at;
    } else if (next !== undefined && (typeof next === 'string' ? next === character : next(character))) {
      at++;
      token++;
    } else if (star >= 0) {
      // Let the last star take one character more; earlier stars need no second look.
      token = star + 1;
      at = ++resume;
    } else {
      return false;
    }
  }
  while (wanted[token] === ANY_RUN) token++;
  return token === wanted.length;
}

function tokens(pattern: string): Token[] {
  const result: Token[] = [];
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern.charAt(i);
    const close = character === '[' ? closingBracket(pattern, i) : -1;
    if (character === '*') {
      if (result.at(-1) !== ANY_RUN) result.push(ANY_RUN);
    } else if (character === '?') {
      result.push(() => true);
    } else if (close >= 0) {
      result.push(oneOf(pattern.slice(i + 1, close)));
      i = close;
    } else if (character === '\\' && i + 1 < pattern.length) {
      result.push(pattern.charAt(++i));
    } else {
      result.push(character);
    }
  }
  return result;
}

/** A `]` right after the opening (or its `!`) is one of the characters. */
function closingBracket(pattern: string, open: number): number {
  const first = /[!^]/.test(pattern.charAt(open + 1)) ? open + 2 : open + 1;
  // The first character may be a bracket itself.
  let i = pattern.startsWith('[:', first) ? first : first + 1;
  for (; i < pattern.length; i++) {
    const classEnd = pattern.startsWith('[:', i) ? pattern.indexOf(':]', i + 2) : -1;
    if (classEnd >= 0) i = classEnd + 1;
    else if (pattern.charAt(i) === ']' && pattern.charAt(i - 1) !== '\\') return i;
  }
  return -1;
}

function oneOf(set: string): (character: string) => boolean {
  const negated = /^[!^]/.test(set);
  const classes: RegExp[] = [];
  const members = set
    .slice(negated ? 1 : 0)
    .replace(/\[:([a-z]+):\]/g, (_all, name: string) => {
      classes.push(CLASSES.get(name) ?? /^(?!)/);
      return '';
    })
    .replace(/\\(.)/g, '$1');
  return (character) =>
    negated !== (includes(members, character) || classes.some((characters) => characters.test(character)));
}

/** Character classes as the C locale has them. */
const CLASSES: ReadonlyMap<string, RegExp> = new Map([
  ['alnum', /[A-Za-z0-9]/],
  ['alpha', /[A-Za-z]/],
  ['blank', /[ \t]/],
  ['digit', /[0-9]/],
  ['lower', /[a-z]/],
  ['punct', /[!-/:-@[-`{-~]/],
  ['space', /[ \t-\r]/],
  ['upper', /[A-Z]/],
  ['xdigit', /[0-9A-Fa-f]/],
]);

function includes(members: string, character: string): boolean {
  for (let i = 0; i < members.length; i++) {
    const low = members.charAt(i);
    const high = members.charAt(i + 1) === '-' && i + 2 < members.length ? members.charAt(i + 2) : undefined;
    if (high === undefined) {
      if (character === low) return true;
      continue;
    }
    if (character >= low && character <= high) return true;
    i += 2;
  }
  return false;
}
