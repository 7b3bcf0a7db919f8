/**
 * Whether a name matches a pattern of `*` (any run), `?` (any one) and `[a-z]`, `[!a-z]` (one of), as glob(7) has it:
 * a leading dot must be matched by a dot. For one name without slashes. Takes time in proportion to both lengths at
 * the worst, whatever the pattern.
 */
export function matchesGlob(name: string, pattern: string): boolean {
  if (name.startsWith('.') && !pattern.startsWith('.')) return false;
  const wanted = tokens(pattern);
  let at = 0;
  let token = 0;
  let star = -1;
  let resume = 0;
  while (at < name.length) {
    const next = wanted[token];
    if (next === '*') {
      star = token++;
      resume = at;
    } else if (next?.(name.charAt(at))) {
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
  while (wanted[token] === '*') token++;
  return token === wanted.length;
}

/** Whether the text has any of the characters that make it a pattern. */
export function isGlob(text: string): boolean {
  return /[*?[]/.test(text);
}

type Token = '*' | ((character: string) => boolean);

function tokens(pattern: string): Token[] {
  const result: Token[] = [];
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern.charAt(i);
    if (character === '*') {
      if (result.at(-1) !== '*') result.push('*');
      continue;
    }
    if (character === '?') {
      result.push(() => true);
      continue;
    }
    const close = character === '[' ? closingBracket(pattern, i) : -1;
    if (close < 0) {
      result.push((other) => other === character);
      continue;
    }
    result.push(oneOf(pattern.slice(i + 1, close)));
    i = close;
  }
  return result;
}

/** A `]` right after the opening (or its `!`) is one of the characters. */
function closingBracket(pattern: string, open: number): number {
  const first = /[!^]/.test(pattern.charAt(open + 1)) ? open + 2 : open + 1;
  return pattern.indexOf(']', first + 1);
}

function oneOf(set: string): (character: string) => boolean {
  const negated = /^[!^]/.test(set);
  const members = negated ? set.slice(1) : set;
  return (character) => negated !== includes(members, character);
}

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
