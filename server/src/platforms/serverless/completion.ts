import {
  ALLOW_CREDENTIALS,
  ALLOW_HEADERS,
  ALLOW_METHODS,
  ALLOW_ORIGIN,
  EXPOSE_HEADERS,
  MAX_AGE,
} from '../../cors/names';
import { ANY_ORIGIN, USUAL_EXPOSED, USUAL_HEADERS, USUAL_MAX_AGES, USUAL_METHODS } from '../../cors/usualValues';
import type { CompletionContext, CompletionWord } from '../../lint/types';
import { typedYaml, type YamlQuote } from '../../yaml/typed';
import { type Concept, DIALECTS, type Dialect } from './service/dialects';

/** A statement that no YAML starts with: the configuration is a module. */
const MODULE = /^(?:import|export|const|module\.exports)\b/m;

/**
 * What could be written below or behind a `cors` key, by where that stands: REST API, HTTP API or function URL. Not in
 * a module, where TypeScript knows the keys.
 */
export function completionAt(text: string, offset: number): CompletionContext | undefined {
  if (MODULE.test(text)) return undefined;
  const typed = typedYaml(text, offset);
  if (typed === undefined) return undefined;
  const { at, path, quote, replace, block } = typed;
  const [first = '', second, ...rest] = path;
  if (at === 'value' && first === 'cors') {
    return dialectOf(second) && quote === '' ? { replace, words: [CORS_TRUE] } : undefined;
  }
  if (at === 'key') {
    const dialect = first === 'cors' ? dialectOf(second) : undefined;
    return dialect && quote === ''
      ? { replace, words: keys(dialect, typed.siblings, typed.hasColon), block }
      : undefined;
  }
  const dialect = second === 'cors' ? dialectOf(rest[0]) : undefined;
  const concept = dialect && conceptOf(dialect, first);
  if (concept === undefined) return undefined;
  if (at === 'item' || (concept === 'origins' && first === 'origin')) return items(concept, quote, { replace, block });
  const values = PLAIN[concept];
  return values && quote === '' ? { replace, words: values, block } : undefined;
}

const CORS_TRUE: CompletionWord = {
  text: 'true',
  kind: 'value',
  header: ALLOW_ORIGIN,
  note: 'Every origin, with the usual methods and headers.',
};

const HEADERS: Readonly<Partial<Record<Concept, string>>> = {
  origins: ALLOW_ORIGIN,
  headers: ALLOW_HEADERS,
  methods: ALLOW_METHODS,
  credentials: ALLOW_CREDENTIALS,
  expose: EXPOSE_HEADERS,
  'max-age': MAX_AGE,
};

const PLAIN: Readonly<Partial<Record<Concept, readonly CompletionWord[]>>> = {
  credentials: [
    { text: 'true', kind: 'value', header: ALLOW_CREDENTIALS },
    { text: 'false', kind: 'value', header: ALLOW_CREDENTIALS },
  ],
  'max-age': USUAL_MAX_AGES.map((each) => ({ ...each, kind: 'value', header: MAX_AGE })),
};

const ITEMS: Readonly<Partial<Record<Concept, readonly string[]>>> = {
  headers: USUAL_HEADERS,
  methods: USUAL_METHODS,
  expose: USUAL_EXPOSED,
};

function items(
  concept: Concept | undefined,
  quote: YamlQuote,
  where: Pick<CompletionContext, 'replace' | 'block'>,
): CompletionContext | undefined {
  const header = concept && HEADERS[concept];
  if (concept === undefined || header === undefined) return undefined;
  if (concept === 'origins') {
    // `*` begins an alias in YAML.
    const any = quote === '' ? `'${ANY_ORIGIN.text}'` : ANY_ORIGIN.text;
    return {
      ...where,
      words: [{ ...ANY_ORIGIN, text: any, kind: 'value', header }],
      originQuote: quote === '' ? "'" : '',
    };
  }
  const words = ITEMS[concept]?.map((text): CompletionWord => ({ text, kind: 'value', header }));
  return words && { ...where, words };
}

function keys(dialect: Dialect, present: ReadonlySet<string>, hasColon: boolean): CompletionWord[] {
  return Object.entries(HEADERS).flatMap(([concept, header]) =>
    (DIALECTS[dialect].keys[concept as Concept] ?? [])
      .filter((name) => !present.has(name))
      .map((name): CompletionWord => ({ text: hasColon ? name : `${name}:`, kind: 'option', header })),
  );
}

/** @param key the one that `cors` is below */
function dialectOf(key: string | undefined): Dialect | undefined {
  if (key === 'http') return 'rest';
  if (key === 'httpApi') return 'http-api';
  return key === 'url' ? 'url' : undefined;
}

function conceptOf(dialect: Dialect, key: string): Concept | undefined {
  const found = Object.entries(DIALECTS[dialect].keys).find(([, names]) => names.includes(key));
  return found && (Object.keys(HEADERS) as Concept[]).find((concept) => concept === found[0]);
}
