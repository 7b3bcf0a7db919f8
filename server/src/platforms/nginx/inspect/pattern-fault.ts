/**
 * Why PCRE would not compile a pattern, in PCRE2's words, or undefined: also for every pattern with a construct that
 * is not looked into here. The pattern is read once from left to right and never run.
 */
export function patternFault(pattern: string): string | undefined {
  const names = new Set<string>();
  let open = 0;
  /** Whether a quantifier may follow. */
  let repeatable = false;
  for (let at = 0; at < pattern.length; ) {
    const rest = pattern.slice(at, at + LOOK_AHEAD);
    switch (pattern[at]) {
      case '\\': {
        if (at + 1 === pattern.length) return '\\ at end of pattern';
        if (!PLAIN_ESCAPE.test(rest)) return undefined;
        repeatable = true;
        at += 2;
        continue;
      }
      case '[': {
        const end = endOfClass(pattern, at);
        if (end === undefined) return undefined;
        if (end === -1) return 'missing terminating ] for character class';
        repeatable = true;
        at = end;
        continue;
      }
      case '(': {
        const group = GROUP.exec(rest);
        if (group === null) return undefined;
        const [, name] = group;
        if (name !== undefined && names.has(name)) {
          return 'two named subpatterns have the same name (PCRE2_DUPNAMES not set)';
        }
        if (name !== undefined) names.add(name);
        open += 1;
        repeatable = false;
        at += group[0].length;
        continue;
      }
      case ')':
        if (open === 0) return 'unmatched closing parenthesis';
        open -= 1;
        repeatable = true;
        break;
      case '*':
      case '+':
      case '?':
      case '{': {
        const quantifier = QUANTIFIER.exec(rest);
        if (quantifier === null) {
          // A brace that is no quantifier stands for itself; what counts as one has changed over the versions.
          if (/^\{[\s\d,]*\}/.test(rest)) return undefined;
          repeatable = true;
          break;
        }
        const [whole, least, most] = quantifier;
        if (Number(least) > 65_535 || Number(most) > 65_535) return 'number too big in {} quantifier';
        if (most && Number(most) < Number(least)) return 'numbers out of order in {} quantifier';
        if (!repeatable) return 'quantifier does not follow a repeatable item';
        repeatable = false;
        at += whole.length;
        continue;
      }
      case '|':
      case '^':
        repeatable = false;
        break;
      case '$':
        // Whether it can be repeated depends on the version.
        if (/^\$[*+?{]/.test(rest)) return undefined;
        break;
      default:
        repeatable = true;
    }
    at += 1;
  }
  return open > 0 ? 'missing closing parenthesis' : undefined;
}

/** Longer than any token but a class. */
const LOOK_AHEAD = 64;

/** Escapes that stand for one character or kind of characters, whatever follows. */
const PLAIN_ESCAPE = /^\\(?:[dDwWsShHvVRrnft]|[^A-Za-z0-9])/;

const GROUP = /^\((?!\*)(?:\?(?::|=|!|<=|<!|P?<([A-Za-z_]\w{0,30})>))?(?!\?)/;

const QUANTIFIER = /^(?:[*+?]|\{(\d+)(?:,(\d*))?\})[+?]?/;

/** The offset after the class, -1 where it does not end, undefined where it holds more than plain characters. */
function endOfClass(pattern: string, open: number): number | undefined {
  let at = open + 1;
  if (pattern[at] === '^') at += 1;
  if (pattern[at] === ']') at += 1;
  for (; at < pattern.length; at += 1) {
    if (pattern[at] === ']') return at + 1;
    if (pattern[at] === '[' && /[:.=]/.test(pattern[at + 1] ?? '')) return undefined;
    if (pattern[at] === '\\') {
      if (!PLAIN_ESCAPE.test(pattern.slice(at, at + 2)) && at + 1 < pattern.length) return undefined;
      at += 1;
    } else if (isBackwards(pattern, at)) {
      return undefined;
    }
  }
  return -1;
}

/** Whether a range starts here that is not plainly in order. */
function isBackwards(pattern: string, at: number): boolean {
  const last = pattern[at + 2];
  return pattern[at + 1] === '-' && last !== undefined && last !== ']' && (last === '\\' || last < (pattern[at] ?? ''));
}
