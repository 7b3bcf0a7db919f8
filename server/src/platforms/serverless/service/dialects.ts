import { distance } from 'fastest-levenshtein';

/** Where a `cors` block stands decides which keys it may have. */
export type Dialect = 'rest' | 'http-api' | 'url';

/** What a key is about, whatever it is called. */
export type Concept = 'origins' | 'headers' | 'methods' | 'credentials' | 'expose' | 'max-age' | 'cache-control';

interface Words {
  /** "an `http` event". */
  readonly where: string;
  readonly keys: Readonly<Partial<Record<Concept, readonly string[]>>>;
}

/** From the framework's schemas: `api-gateway/index.js` and `provider.js` (serverless 3.40, osls 4.3). */
export const DIALECTS: Readonly<Record<Dialect, Words>> = {
  rest: {
    where: 'an `http` event',
    keys: {
      origins: ['origin', 'origins'],
      headers: ['headers'],
      methods: ['methods'],
      credentials: ['allowCredentials'],
      'max-age': ['maxAge'],
      'cache-control': ['cacheControl'],
    },
  },
  'http-api': {
    where: '`provider.httpApi`',
    keys: {
      origins: ['allowedOrigins'],
      headers: ['allowedHeaders'],
      methods: ['allowedMethods'],
      credentials: ['allowCredentials'],
      expose: ['exposedResponseHeaders'],
      'max-age': ['maxAge'],
    },
  },
  url: {
    where: 'a function URL',
    keys: {
      origins: ['allowedOrigins'],
      headers: ['allowedHeaders'],
      methods: ['allowedMethods'],
      credentials: ['allowCredentials'],
      expose: ['exposedResponseHeaders'],
      'max-age': ['maxAge'],
    },
  },
};

/** Other names for the same things: of the other dialects, of CloudFormation, of Express, of the headers themselves. */
const SYNONYMS: Readonly<Record<Concept, readonly string[]>> = {
  origins: [
    'origin',
    'origins',
    'alloworigin',
    'alloworigins',
    'allowedorigin',
    'allowedorigins',
    'accesscontrolalloworigin',
    'corsorigin',
    'whitelist',
  ],
  headers: [
    'header',
    'headers',
    'allowheader',
    'allowheaders',
    'allowedheader',
    'allowedheaders',
    'accesscontrolallowheaders',
  ],
  methods: [
    'method',
    'methods',
    'allowmethod',
    'allowmethods',
    'allowedmethod',
    'allowedmethods',
    'accesscontrolallowmethods',
  ],
  credentials: [
    'credential',
    'credentials',
    'allowcredential',
    'allowcredentials',
    'allowedcredentials',
    'withcredentials',
    'supportscredentials',
    'accesscontrolallowcredentials',
  ],
  expose: [
    'expose',
    'exposeheader',
    'exposeheaders',
    'exposedheader',
    'exposedheaders',
    'exposedresponseheader',
    'exposedresponseheaders',
    'accesscontrolexposeheaders',
  ],
  'max-age': ['maxage', 'maxageseconds', 'accesscontrolmaxage', 'cachemaxage', 'maxageinseconds'],
  'cache-control': ['cachecontrol'],
};

/** Whether the framework reads the key in this kind of block. */
export function isKnownKey(dialect: Dialect, key: string): boolean {
  return Object.values(DIALECTS[dialect].keys).some((keys) => keys?.includes(key));
}

/** What a key that the framework does not read was meant to be about. */
export function conceptOf(key: string): Concept | undefined {
  const plain = key.replace(/[^a-z]/gi, '').toLowerCase();
  const concepts = Object.entries(SYNONYMS) as [Concept, readonly string[]][];
  const exact = concepts.find(([, names]) => names.includes(plain));
  if (exact !== undefined) return exact[0];
  const near = concepts.find(([, names]) =>
    names.some((name) => name.length > 4 && distance(name, plain) <= (name.length > 8 ? 2 : 1)),
  );
  return near?.[0];
}

/** The key of the dialect for a concept; of `origin` and `origins` the one that takes such a value. */
export function keyFor(dialect: Dialect, concept: Concept, isList: boolean): string | undefined {
  const [first, second] = DIALECTS[dialect].keys[concept] ?? [];
  return isList ? (second ?? first) : first;
}
