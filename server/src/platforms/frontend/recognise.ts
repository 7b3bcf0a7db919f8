import type { Host } from '../../lint/types';
import { hasScripts } from './scripts';
import { isTrial } from './trial';

const SCRIPT = /\.(?:[cm]?[jt]s|[jt]sx|vue|svelte|html?)$/i;
const NOT_SOURCE = /(?:\.d\.[cm]?ts|[.-]min\.js|\.bundle\.js|\.config\.[cm]?[jt]s)$/i;
/**
 * What asks a server, a client out of another file (`api.get('/users')`), or a function that is called for one
 * (`request('/users')`). The names are looked at backwards from the one point or bracket that may follow them: forwards
 * each `api` in a long word would be followed to the end of it.
 */
const CALLS: readonly RegExp[] = [
  /\b(?:fetch|axios|XMLHttpRequest|EventSource|sendBeacon|HttpClient|ky|ofetch|createApi|injectEndpoints)\b|\$fetch\b|\bcrossorigin\b|type=["']?module\b|\$\.ajax\b/i,
  /\.(?:get|delete|head|post|put|patch)\s*(?:<[^()]{0,80}>\s*)?\(\s*['"`]/,
  /\.(?<=(?:api|http|client|request|instance)\w*\.)(?:get|delete|head|post|put|patch)\b/i,
  /\((?=\s*['"`])(?<=(?:api|http|fetch|request|client)\w*\s*(?:<[^()]{0,80}>\s*)?\()/i,
];
/** What stands in files that answer requests: there `app.get('/users', …)` is no call. */
const SERVER =
  /['"](?:express|fastify|koa|hono|node:https?|https?|socket\.io|supertest|@nestjs\/\w+)['"]|\blisten\s*\(|\bRouter\s*\(|\(\s*_?req(?:uest)?\b[^)]{0,40},\s*_?res(?:ponse)?\b/;
/** An address of a server, or a variable that may hold one. */
const ADDRESS = /https?:\/\/|import\.meta\.env|process\.env/;

/**
 * Whether a file may call a server from a page, by its name and a search through its text; nothing is parsed.
 * @param text undefined: by the name alone
 */
export function mayCall(file: string, text: string | undefined): boolean {
  if (!SCRIPT.test(file) || NOT_SOURCE.test(file) || isTrial(file)) return false;
  return text === undefined || (isScripted(file, text) && hasCall(text) && !SERVER.test(text));
}

/** A page or a component with neither a script nor a tag that asks with CORS calls nothing. */
function isScripted(file: string, text: string): boolean {
  return !hasScripts(file) || /<script\b|\bcrossorigin\b/i.test(text);
}

function hasCall(text: string): boolean {
  return CALLS.some((call) => call.test(text));
}

/** Whether the text may say where a call goes: itself, or in a module that it imports a client from. */
export function namesServer(text: string): boolean {
  return hasCall(text) && !SERVER.test(text) && (ADDRESS.test(text) || /from\s*['"]\.|require\(\s*['"]\./.test(text));
}

/** What runs in pages, by the packages that it is made with. */
const IN_PAGES =
  /^(?:react-dom|react-scripts|vue|svelte|@angular\/core|preact|solid-js|@builder\.io\/qwik|@vitejs\/plugin-.*|@sveltejs\/vite-plugin-svelte)$/;
/** What runs on servers, in apps or at build time too: there the same call is no browser's. */
const ELSEWHERE =
  /^(?:express|koa|fastify|hono|@nestjs\/core|@hapi\/hapi|react-native|expo|electron|@capacitor\/core|@ionic\/.*|@tauri-apps\/api|nuxt|@sveltejs\/kit|@remix-run\/.*|astro|gatsby|@angular\/ssr)$/;

/**
 * Whether what a file calls is called by a browser: its package is made for pages and for nothing else, or it says
 * `'use client'`, or it is a page or what one loads. What a server's package has may be served by it, and is then of
 * its origin. Unsure is no.
 */
export function runsInPages(file: string, text: string, host: Host): boolean {
  const packages = nearestPackages(file, host) ?? [];
  const isMixed = packages.some((name) => ELSEWHERE.test(name));
  if (!isMixed && isOfPage(file, host)) return true;
  if (packages.includes('next')) return !isMixed && /^\s*(?:\/\/[^\n]*\n\s*)*['"]use client['"]/.test(text);
  if (!packages.some((name) => IN_PAGES.test(name))) return false;
  return !isMixed;
}

/** A page's own script: in it, or in a file that a page beside it or above it loads. */
function isOfPage(file: string, host: Host): boolean {
  if (/\.html?$/i.test(file)) return true;
  const name = /(?<![^\\/])[^\\/]+\.js$/i.exec(file)?.[0];
  if (name === undefined) return false;
  return ['index.html', '../index.html'].some((page) => {
    const text = host.read(host.resolve(file, page));
    return text !== undefined && loads(text, name);
  });
}

function loads(page: string, name: string): boolean {
  for (const [, source = ''] of page.matchAll(/<script\b[^>]{0,200}?\bsrc\s*=\s*["']?([^"'\s>]{1,200})/gi)) {
    if (
      !/^(?:https?:)?\/\//i.test(source) &&
      source
        .replace(/[?#].*/s, '')
        .split('/')
        .at(-1) === name
    )
      return true;
  }
  return false;
}

/** How far above a file its package.json is looked for. */
const MOST_FOLDERS = 8;

function nearestPackages(file: string, host: Host): readonly string[] | undefined {
  let up = 'package.json';
  for (let i = 0; i < MOST_FOLDERS; i++) {
    const text = host.read(host.resolve(file, up));
    if (text !== undefined) return packagesIn(text);
    up = `../${up}`;
  }
  return undefined;
}

function packagesIn(text: string): readonly string[] {
  try {
    const parsed: unknown = JSON.parse(text);
    return [...keysAt(parsed, 'dependencies'), ...keysAt(parsed, 'devDependencies')];
  } catch {
    return [];
  }
}

function keysAt(parsed: unknown, key: string): readonly string[] {
  if (typeof parsed !== 'object' || parsed === null) return [];
  const inner: unknown = Reflect.get(parsed, key);
  return typeof inner === 'object' && inner !== null ? Object.keys(inner) : [];
}
