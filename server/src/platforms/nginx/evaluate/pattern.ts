import type { RE2JS } from 're2js';

/** A PCRE of the configuration on a linear-time engine; undefined when that engine cannot read it. */
export interface Pattern {
  /** The groups of the first match, the whole match first; undefined when nothing matches. */
  exec(subject: string): readonly (string | undefined)[] | undefined;
  /** Lower-case names of its groups, with their numbers. */
  readonly names: ReadonlyMap<string, number>;
}

const compiled = new Map<string, Pattern | undefined>();
const MAX_KEPT = 2000;
let engine: typeof RE2JS | undefined;

/** Loads the engine. Until then every pattern counts as one that cannot be read. */
export async function loadPatterns(): Promise<void> {
  engine = (await import('re2js')).RE2JS;
}

/** Compiles, or remembers, a pattern. PCRE's lookarounds, back references and possessive quantifiers are not read. */
export function compilePattern(source: string, ignoreCase: boolean): Pattern | undefined {
  if (engine === undefined) {
    return undefined;
  }
  const key = `${ignoreCase ? 'i' : ''}/${source}`;
  if (!compiled.has(key)) {
    if (compiled.size >= MAX_KEPT) {
      compiled.clear();
    }
    compiled.set(key, compile(engine, source, ignoreCase));
  }
  return compiled.get(key);
}

/**
 * Whether a pattern that cannot be read certainly does not match: a lookaround only ever narrows what the rest of the
 * pattern matches.
 */
export function cannotMatch(source: string, ignoreCase: boolean, subject: string): boolean {
  const wider = source.replace(/\(\?<?[=!](?:[^()\\]|\\.)*\)/g, '');
  return (
    wider !== source && compilePattern(wider, ignoreCase)?.exec(subject) === undefined && isReadable(wider, ignoreCase)
  );
}

function isReadable(source: string, ignoreCase: boolean): boolean {
  return compilePattern(source, ignoreCase) !== undefined;
}

function compile(re2: typeof RE2JS, source: string, ignoreCase: boolean): Pattern | undefined {
  try {
    const program = re2.compile(source, ignoreCase ? re2.CASE_INSENSITIVE : 0);
    const names = new Map(Object.entries(program.namedGroups()).map(([name, group]) => [name.toLowerCase(), group]));
    const groups = program.groupCount();
    return {
      names,
      exec(subject) {
        const matcher = program.matcher(subject);
        if (!matcher.find()) {
          return undefined;
        }
        return Array.from({ length: groups + 1 }, (_, group) => matcher.group(group) ?? undefined);
      },
    };
  } catch {
    return undefined;
  }
}
