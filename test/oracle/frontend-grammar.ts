import type { Random } from './nginx-random';

/** A page's code for one request. */
export interface MadeCall {
  readonly code: string;
  /** Whether the code is a tag of the page, and no script. */
  readonly isTag: boolean;
  /** The request is known by it. */
  readonly path: string;
}

/** Of the page's site, so that cookies are sent whatever the browser thinks of those of others. */
export const API = 'https://api.example.com';

/** The files of an app whose page makes calls. */
export interface MadeApp {
  /** By path; the entry is `MAIN`. */
  readonly files: Readonly<Record<string, string>>;
}

export const MAIN = '/app/src/main.js';
export const PAGE_FILE = '/app/src/page.js';

/**
 * An app: the page with its clients and what it sets for jQuery, a client of another file, what changes that one, and the entry that loads
 * them, so that what is changed is changed before the first call.
 */
export function makeApp(random: Random, calls: string): MadeApp {
  const isMain = random.chance(0.5);
  const changes = [...sometimes(random, SHARED_CHANGES), ...sometimes(random, INTERCEPTORS)].join('\n');
  const above = sometimes(random, AXIOS_CHANGES);
  const client = [
    "import axios from 'axios';",
    ...above,
    `export const shared = axios.create(${random.pick(SHARED_OPTIONS)});`,
    ...sometimes(random, INTERCEPTORS),
  ];
  const setup = "import { shared } from './client';";
  return {
    files: {
      '/app/src/client.js': client.join('\n'),
      '/app/src/setupApi.js': isMain ? '' : `${setup}\n${changes}`,
      [MAIN]: isMain
        ? `${setup}\nimport { run } from './page';\n${changes}\nrun();`
        : "import './setupApi';\nimport './page';",
      [PAGE_FILE]: [
        PREAMBLE,
        ...sometimes(random, JQUERY_SETUPS),
        isMain ? `export function run() {\n${calls}\n}` : calls,
      ].join('\n'),
    },
  };
}

/** None, one or two of them, in any order. */
function sometimes(random: Random, from: readonly string[]): readonly string[] {
  const first = random.pick(from);
  const second = random.pick(from);
  return random.chance(0.3) ? [] : random.chance(0.5) || first === second ? [first] : [first, second];
}

const JQUERY_SETUPS = [
  "$.ajaxSetup({ headers: { 'X-Setup': '1', 'X-Id': '2' } });",
  '$.ajaxSetup({ xhrFields: { withCredentials: true } });',
  "$.ajaxSetup({ contentType: 'application/json', method: 'PUT' });",
  "$.ajaxSetup({ type: 'DELETE', headers: { Authorization: `Bearer ${1}` } });",
  "$.ajaxSetup({ contentType: 'text/plain', crossDomain: true, xhrFields: { withCredentials: false } });",
  "$.ajaxSetup({ headers: { 'Content-Type': 'application/json' } });",
];

const SHARED_OPTIONS = [
  '{ baseURL: API }',
  "{ baseURL: API, withCredentials: true, headers: { 'X-Made': '1' } }",
  '{ baseURL: API, withCredentials: false }',
  "{ baseURL: API, headers: { 'Content-Type': 'application/json', common: { 'X-Made': '1' } } }",
].map((options) => options.replace('API', `'${API}'`));

const SHARED_CHANGES = [
  "shared.defaults.headers.common['X-Changed'] = '1';",
  "shared.defaults.headers['X-Changed-Too'] = '1';",
  "shared.defaults.headers.post['Content-Type'] = 'application/json';",
  "shared.defaults.headers.put['X-Put'] = '1';",
  'shared.defaults.withCredentials = true;',
  'shared.defaults.withCredentials = false;',
  `shared.defaults.baseURL = '${API}';`,
];

const INTERCEPTORS = [
  "shared.interceptors.request.use((config) => {\n  config.headers['X-Late'] = String(Date.now());\n  return config;\n});",
  "shared.interceptors.request.use(function (config) {\n  config.headers.set('Authorization', 'Bearer 1');\n  config.withCredentials = true;\n  return config;\n});",
];

const AXIOS_CHANGES = [
  "axios.defaults.headers.common['X-All'] = '1';",
  "axios.defaults.headers.post['X-Post-All'] = '1';",
  'axios.defaults.withCredentials = true;',
];

/** What stands above the calls: clients with defaults, as an app has them. */
const PREAMBLE = `import axios from 'axios';
import ky from 'ky';
import { ofetch, $fetch } from 'ofetch';
import $ from 'jquery';
import { shared } from './client';

const API = '${API}';
const api = axios.create({ baseURL: API, headers: { 'Content-Type': 'application/json' } });
const traced = axios.create({ baseURL: API, withCredentials: true, headers: { common: { 'X-Common': '1' }, post: { 'X-Post': '1' } } });
traced.defaults.headers.common['X-Traced'] = '1';
traced.interceptors.request.use((config) => {
  config.headers['X-Intercepted'] = String(Date.now());
  return config;
});
const kapi = ky.create({ prefixUrl: API, prefix: API, retry: 0, timeout: false, headers: { 'X-Ky': '1' } });
const kcreds = kapi.extend({ credentials: 'include' });
const oapi = ofetch.create({ baseURL: API, retry: 0 });
const wrapped = (path, init = {}) => fetch(API + path, { ...init, headers: { 'X-Wrapped': '1', ...init.headers } });
const get = (path) => wrapped(path, { credentials: 'include' });
async function request(method, path, body) {
  const response = await fetch(\`\${API}\${path}\`, { method, body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } });
  return response.text();
}
`;

type Maker = (random: Random, path: string, index: number) => string;

/** One request of a random form. */
export function makeCall(random: Random, index: number): MadeCall {
  const path = `/c${index}`;
  const maker = random.pick(MAKERS);
  return { code: maker(random, path, index), isTag: maker === byTag, path };
}

const MAKERS: readonly Maker[] = [
  byFetch,
  byFetch,
  byRequest,
  byXhr,
  byXhr,
  byAxios,
  byAxios,
  byAxiosConfig,
  byInstance,
  byInstance,
  byKy,
  byKyInstance,
  byOfetch,
  byJquery,
  byJquery,
  byWrapper,
  byStream,
  byBeacon,
  byTag,
];

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'] as const;
/** Methods that browsers and libraries turn into upper case, or do not. */
const SPELT = [...METHODS, 'get', 'post', 'put', 'delete'] as const;
const HEADERS = [
  "'X-Id': '1'",
  "Authorization: `Bearer ${'t' + 1}`",
  "'Accept-Language': 'en'",
  "Accept: 'application/json'",
  "'If-None-Match': '\"1\"'",
  "'content-type': 'text/plain'",
  "'Content-Type': 'application/json'",
  "'Content-Type': 'application/x-www-form-urlencoded'",
] as const;
const BODIES = [
  'JSON.stringify({ a: 1 })',
  "'a=1'",
  "new URLSearchParams({ a: '1' })",
  'new FormData()',
  "new Blob(['{}'], { type: 'application/json' })",
  "new Blob(['a'], { type: 'text/plain' })",
] as const;
const DATA = [...BODIES.slice(1, 4), '{ a: 1 }', '[1, 2]', 'undefined'] as const;

function url(random: Random, path: string): string {
  return random.pick([
    `'${API}${path}'`,
    `\`\${API}${path}?q=\${1 + 1}\``,
    `API + '${path}'`,
    `new URL('${path}', API).href`,
  ]);
}

function headers(random: Random): readonly string[] {
  const first = random.chance(0.6) ? [random.pick(HEADERS)] : [];
  const second = random.chance(0.3) ? [random.pick(HEADERS.slice(0, 5))] : [];
  return [...first, ...second.filter((each) => each.split(':')[0] !== first[0]?.split(':')[0])];
}

function hasBody(method: string): boolean {
  return !/^(?:get|head)$/i.test(method);
}

function object(...parts: readonly (string | false)[]): string {
  return `{ ${parts.filter((part) => part !== false).join(', ')} }`;
}

type HeaderForm = 'object' | 'pairs' | 'Headers';

function fetchInit(random: Random, forms: readonly HeaderForm[] = ['object', 'pairs', 'Headers']): string {
  const method = random.pick([...SPELT, 'patch']);
  const set = headers(random);
  const written = random.pick(forms);
  const pairs = set.map((each) => each.replace(/^'?([\w-]+)'?: (.*)$/s, "['$1', $2]"));
  const as = {
    object: `{ ${set.join(', ')} }`,
    pairs: `[${pairs.join(', ')}]`,
    Headers: `new Headers({ ${set.join(', ')} })`,
  };
  return object(
    `method: '${method}'`,
    set.length > 0 && `headers: ${as[written]}`,
    random.chance(0.4) && `credentials: '${random.pick(['include', 'same-origin', 'omit'])}'`,
    hasBody(method) && random.chance(0.7) && `body: ${random.pick(BODIES)}`,
  );
}

function byFetch(random: Random, path: string): string {
  const call = random.pick(['fetch', 'window.fetch', 'globalThis.fetch']);
  return `${call}(${url(random, path)}${random.chance(0.15) ? '' : `, ${fetchInit(random)}`});`;
}

function byRequest(random: Random, path: string): string {
  return `fetch(new Request(${url(random, path)}, ${fetchInit(random)}));`;
}

function byXhr(random: Random, path: string, index: number): string {
  const method = random.pick([...SPELT, 'patch']);
  const name = `xhr${index}`;
  const set = headers(random).map((each) =>
    each.replace(/^'?([\w-]+)'?: (.*)$/s, `${name}.setRequestHeader('$1', $2);`),
  );
  return [
    `const ${name} = new XMLHttpRequest();`,
    `${name}.open('${method}', ${url(random, path)});`,
    ...set,
    ...(random.chance(0.4) ? [`${name}.withCredentials = ${random.chance(0.8)};`] : []),
    `${name}.send(${hasBody(method) && random.chance(0.7) ? random.pick(BODIES) : ''});`,
  ].join('\n');
}

function axiosConfig(random: Random, ...more: readonly string[]): string {
  const set = headers(random);
  return object(
    ...more,
    set.length > 0 && `headers: { ${set.join(', ')} }`,
    random.chance(0.4) && `withCredentials: ${random.chance(0.8)}`,
  );
}

function byAxios(random: Random, path: string): string {
  const verb = random.pick(['get', 'head', 'delete', 'post', 'put', 'patch', 'postForm'] as const);
  const config = axiosConfig(random);
  if (/^(?:get|head|delete)$/.test(verb)) return `axios.${verb}(${url(random, path)}, ${config});`;
  const data = verb === 'postForm' ? '{ a: 1 }' : random.pick(DATA);
  return `axios.${verb}(${url(random, path)}, ${data}, ${config});`;
}

function byAxiosConfig(random: Random, path: string): string {
  const method = random.pick([...SPELT, 'patch', 'Patch']);
  const body = hasBody(method) && random.chance(0.6) ? [`data: ${random.pick(DATA)}`] : [];
  const target = url(random, path);
  const form = random.pick(['axios', 'axios.request', 'two'] as const);
  if (form === 'two') return `axios(${target}, ${axiosConfig(random, `method: '${method}'`, ...body)});`;
  return `${form}(${axiosConfig(random, `url: ${target}`, `method: '${method}'`, ...body)});`;
}

function byInstance(random: Random, path: string): string {
  const name = random.pick(['api', 'traced', 'shared', 'shared']);
  const verb = random.pick(['get', 'delete', 'post', 'put'] as const);
  const config = random.chance(0.5) ? `, ${axiosConfig(random)}` : '';
  if (verb === 'get' || verb === 'delete') return `${name}.${verb}('${path}'${config});`;
  return `${name}.${verb}('${path}', ${random.pick(DATA)}${config});`;
}

function kyOptions(random: Random, verb: string): string {
  const set = headers(random);
  return object(
    'retry: 0',
    'timeout: false',
    set.length > 0 && `headers: { ${set.join(', ')} }`,
    random.chance(0.3) && `credentials: 'include'`,
    hasBody(verb) && random.chance(0.6) && random.pick(['json: { a: 1 }', "body: 'a'", 'body: new FormData()']),
  );
}

function byKy(random: Random, path: string): string {
  const verb = random.pick(['get', 'post', 'put', 'patch', 'delete', 'head']);
  return `ky.${verb}(${url(random, path)}, ${kyOptions(random, verb)});`;
}

function byKyInstance(random: Random, path: string): string {
  const verb = random.pick(['get', 'post', 'put', 'patch', 'delete']);
  return `${random.pick(['kapi', 'kcreds'])}.${verb}('${path.slice(1)}', ${kyOptions(random, verb)});`;
}

function byOfetch(random: Random, path: string): string {
  const method = random.pick([...SPELT, 'patch']);
  const set = headers(random);
  const options = object(
    'retry: 0',
    `method: '${method}'`,
    set.length > 0 && `headers: { ${set.join(', ')} }`,
    random.chance(0.3) && `credentials: 'include'`,
    hasBody(method) &&
      random.chance(0.6) &&
      `body: ${random.pick(['{ a: 1 }', "[['a', '1']]", "'a'", 'new FormData()'])}`,
  );
  const [name, target] = random.pick([
    ['ofetch', `'${API}${path}'`],
    ['$fetch', `'${API}${path}'`],
    ['oapi', `'${path}'`],
  ] as const);
  return `${name}(${target}, ${options});`;
}

function byJquery(random: Random, path: string): string {
  const form = random.pick(['ajax', 'ajax', 'get', 'post', 'getJSON'] as const);
  const target = url(random, path);
  if (form === 'get' || form === 'getJSON') return `$.${form}(${target}${random.pick(['', ', { a: 1 }'])});`;
  if (form === 'post')
    return random.pick([
      `$.post(${target}${random.pick(['', ', { a: 1 }', ', null'])});`,
      `$.post({ url: ${target} });`,
    ]);
  const method = random.pick([...SPELT, 'patch']);
  const set = headers(random);
  return `$.ajax(${object(
    `url: ${target}`,
    random.chance(0.8) && `${random.pick(['type', 'method'])}: '${method}'`,
    set.length > 0 && `headers: { ${set.join(', ')} }`,
    random.chance(0.4) && "contentType: 'application/json'",
    hasBody(method) && random.chance(0.6) && "data: '{}'",
    random.chance(0.4) && `xhrFields: { withCredentials: ${random.chance(0.8)} }`,
  )});`;
}

function byWrapper(random: Random, path: string): string {
  return random.pick([
    `wrapped('${path}', ${fetchInit(random, ['object'])});`,
    `wrapped('${path}');`,
    `get('${path}');`,
    `request('${random.pick(['PUT', 'POST', 'PATCH'])}', '${path}', { a: 1 });`,
  ]);
}

function byStream(random: Random, path: string): string {
  return `new EventSource(${url(random, path)}${random.chance(0.5) ? ', { withCredentials: true }' : ''});`;
}

function byBeacon(random: Random, path: string): string {
  return `navigator.sendBeacon(${url(random, path)}, new Blob(['{}'], { type: 'application/json' }));`;
}

function byTag(random: Random, path: string): string {
  const address = `${API}${path}${random.pick(['', '?a=1&amp;b=2'])}`;
  const mode = random.pick([
    'crossorigin',
    'crossorigin=""',
    'crossorigin="anonymous"',
    'CROSSORIGIN="no-such-mode"',
    "crossorigin = 'use-credentials'",
    'crossorigin=Use-Credentials',
  ]);
  const source = random.pick([`src="${address}"`, `src='${address}'`, `SRC=${address}`]);
  return random.pick([
    `<img ${source} ${mode} />`,
    `<img alt=">" ${mode}\n ${source}>`,
    `<script ${mode} ${source}></script>`,
    `<script type="text/javascript" ${source} ${mode}></script>`,
    `<script type="module" ${source}></script>`,
    `<script type="module" ${mode} ${source}></script>`,
    `<audio preload="auto" ${mode} ${source}></audio>`,
    `<video ${mode} preload="auto" ${source}></video>`,
    `<link ${random.pick(['rel="stylesheet"', 'rel="preload" as="image"', 'rel="modulepreload"', 'rel="preload stylesheet" as="style"'])} ${mode} href="${address}">`,
  ]);
}
