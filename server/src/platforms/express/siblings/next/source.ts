import { searches } from '../../../../cors/pattern';

/**
 * `source` of an entry of `headers()` and of a middleware's matcher: a path in the syntax of path-to-regexp 6, which
 * Next.js matches whole and without regard to case (next/dist/lib/load-custom-routes.js).
 */
export interface Source {
  /** Undefined when it cannot be told: the pattern looks ahead, or has something else that is not worked out. */
  matches(path: string): boolean | undefined;
  /** A path that it matches; null when none is easily found. */
  readonly sample: string | null;
}

export function sourceOf(text: string): Source {
  // Everything but some beginnings: `/((?!api|_next/static).*)`.
  const except = /^\/\(\(\?!((?:[^()\\]|\([^()?]*\))*)\)\.\*\)$/.exec(text)?.[1];
  if (except !== undefined) return exceptOf(except);
  const tokens = tokensOf(text);
  if (tokens === null) return { matches: () => undefined, sample: null };
  const source = `^${tokens.map(patternOf).join('')}$`;
  const matches = (path: string): boolean | undefined =>
    searches({ kind: 'regex', source, flags: 'i', dialect: 'ecmascript' }, path);
  const samples = ['x', '1'].map((filling) =>
    `/${tokens.map((one) => sampleOf(one, filling)).join('')}`.replace(/^\/+/, '/'),
  );
  return { matches, sample: samples.find((one) => matches(one)) ?? null };
}

function exceptOf(beginnings: string): Source {
  const source = `^/(?:${beginnings})`;
  const matches = (path: string): boolean | undefined => {
    const found = searches({ kind: 'regex', source, flags: 'i', dialect: 'ecmascript' }, path);
    return found === undefined ? undefined : !found;
  };
  return { matches, sample: ['/', '/x'].find((path) => matches(path)) ?? null };
}

type Token =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'part';
      readonly prefix: string;
      readonly pattern: string;
      readonly suffix: string;
      readonly repeat: '' | '?' | '*' | '+';
    };

/** One segment: what `:name` stands for. */
const SEGMENT = '[^/]+?';

function tokensOf(text: string): readonly Token[] | null {
  const tokens: Token[] = [];
  let at = 0;
  const put = (of: string): void => {
    const last = tokens.at(-1);
    if (last?.kind === 'text') tokens[tokens.length - 1] = { kind: 'text', text: last.text + of };
    else tokens.push({ kind: 'text', text: of });
  };
  /** A slash or a full stop ahead of a parameter belongs to it. */
  const takePrefix = (): string => {
    const last = tokens.at(-1);
    if (last?.kind !== 'text' || !/[./]$/.test(last.text)) return '';
    tokens[tokens.length - 1] = { kind: 'text', text: last.text.slice(0, -1) };
    return last.text.slice(-1);
  };
  while (at < text.length) {
    const rest = text.slice(at);
    if (rest[0] === '\\') {
      put(rest[1] ?? '');
      at += 2;
      continue;
    }
    const braces = /^\{([^{}():*+?\\]*)\}([*+?]?)/.exec(rest);
    if (braces) {
      const [whole, inner = '', repeat = ''] = braces;
      tokens.push({ kind: 'part', prefix: '', pattern: escaped(inner), suffix: '', repeat: repeatOf(repeat) });
      at += whole.length;
      continue;
    }
    const name = /^:\w+/.exec(rest)?.[0] ?? '';
    const group = rest[name.length] === '(' ? groupAt(rest.slice(name.length)) : '';
    if (group === null) return null;
    if (name !== '' || group !== '') {
      at += name.length + group.length;
      const repeat = /^[*+?]/.exec(text.slice(at))?.[0] ?? '';
      at += repeat.length;
      const pattern = group === '' ? SEGMENT : group.slice(1, -1);
      tokens.push({ kind: 'part', prefix: takePrefix(), pattern, suffix: '', repeat: repeatOf(repeat) });
      continue;
    }
    if (/[{}()*+?]/.test(rest[0] ?? '')) return null;
    put(rest[0] ?? '');
    at += 1;
  }
  return tokens;
}

function repeatOf(text: string): '' | '?' | '*' | '+' {
  return text === '?' || text === '*' || text === '+' ? text : '';
}

/** The group that a text begins with, its brackets included; null when it is not closed. */
function groupAt(text: string): string | null {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '(') depth++;
    else if (text[i] === ')' && --depth === 0) return text.slice(0, i + 1);
  }
  return null;
}

function patternOf(token: Token): string {
  if (token.kind === 'text') return escaped(token.text);
  const { prefix, pattern, repeat } = token;
  const before = escaped(prefix);
  if (repeat === '*' || repeat === '+') {
    const many = `${before}(?:${pattern})(?:${before}(?:${pattern}))*`;
    return repeat === '*' ? `(?:${many})?` : many;
  }
  return `(?:${before}(?:${pattern}))${repeat}`;
}

function sampleOf(token: Token, filling: string): string {
  if (token.kind === 'text') return token.text;
  const { pattern, prefix, repeat } = token;
  if (repeat === '?' || repeat === '*') return '';
  const literal = /^[\w|-]+$/.test(pattern) ? (pattern.split('|')[0] ?? filling) : filling;
  return `${prefix}${literal}`;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
