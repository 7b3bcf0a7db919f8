import type { Host } from '../../../../lint/types';

/** What Next.js takes a file for, by where it stands. */
export type NextFile =
  /** `app/items/[id]/route.ts`: an exported function for each method. */
  | { readonly role: 'route'; readonly path: string; readonly root: string }
  /** `pages/api/items.ts`: a function `(req, res)`. */
  | { readonly role: 'api'; readonly path: string; readonly root: string }
  | { readonly role: 'config'; readonly root: string }
  | { readonly role: 'middleware'; readonly root: string };

const ROUTE = /^((?:.*\/)?)route\.(?:[cm]?[jt]s|[jt]sx)$/;
const API = /^((?:.*\/)?)([^/]+)\.(?:[cm]?[jt]s|[jt]sx)$/;
const CONFIG = /(?:^|\/)next\.config\.[cm]?[jt]s$/;
const MIDDLEWARE = /(?:^|\/)((?:src\/)?)(?:middleware|proxy)\.(?:[cm]?[jt]s|[jt]sx)$/;

/**
 * What a file may be by its place, the outermost project first: a folder `app` may stand in another one.
 * @param file a file's name as the workspace has it
 * @returns none for files that Next.js has no use for; a path has `:name` for `[name]`, as Express would write it, and
 * `root` says how the project's folder is reached from the file's: `../../`
 */
export function nextFiles(file: string): readonly NextFile[] {
  const name = file.replace(/\\/g, '/');
  if (CONFIG.test(name)) return [{ role: 'config', root: './' }];
  const middleware = MIDDLEWARE.exec(name);
  if (middleware) return [{ role: 'middleware', root: middleware[1] === '' ? './' : '../' }];
  const route = ROUTE.exec(name)?.[1];
  if (route !== undefined)
    return startsOf(route, /(?:^|\/)((?:src\/)?app\/)/g).flatMap(({ folder, inner }): NextFile[] => {
      const path = pathOf(inner);
      return path === null ? [] : [{ role: 'route', path, root: upFrom(folder + inner) }];
    });
  const [, folders = '', base = ''] = API.exec(name) ?? [];
  return startsOf(folders, /(?:^|\/)((?:src\/)?pages\/)(?=api\/)/g).flatMap(({ folder, inner }): NextFile[] => {
    const path = pathOf(base === 'index' ? inner : `${inner}${base}`);
    return path === null ? [] : [{ role: 'api', path, root: upFrom(folder + inner) }];
  });
}

/** Where the folder that routes are in may begin, and what stands below it. */
function startsOf(folders: string, start: RegExp): readonly { readonly folder: string; readonly inner: string }[] {
  return [...folders.matchAll(start)].map(({ 0: whole, 1: folder = '', index }) => ({
    folder,
    inner: folders.slice(index + whole.length),
  }));
}

function upFrom(folders: string): string {
  return folders.split('/').reduce((up, folder) => (folder === '' ? up : `${up}../`), './');
}

/** `(group)` and `@slot` are left out of paths, `_private` folders have none (Next.js, "Project structure"). */
function pathOf(folders: string): string | null {
  const segments = folders.split('/').filter((one) => one !== '');
  if (segments.some((one) => one.startsWith('_') || /^\(\.+\)/.test(one))) return null;
  const named = segments
    .filter((one) => !/^\(.*\)$/.test(one) && !one.startsWith('@'))
    .map((one) => one.replace(/^\[{1,2}\.\.\.(\w[\w-]*)\]{1,2}$/, '*').replace(/^\[(\w[\w-]*)\]$/, ':$1'));
  return `/${named.map((one) => (one.startsWith(':') ? `:${one.slice(1).replace(/-/g, '_')}` : one)).join('/')}`;
}

/** Whether the folder is a project of Next.js: it has a configuration, or depends on the package. */
export function isNextProject(file: string, root: string, host: Host): boolean {
  if (configFile(file, root, host) !== null) return true;
  const manifest = host.read(host.resolve(file, `${root}package.json`));
  return manifest !== undefined && /"next"\s*:/.test(manifest);
}

export function configFile(file: string, root: string, host: Host): string | null {
  return existing(
    file,
    host,
    ['js', 'mjs', 'ts', 'cjs', 'mts'].map((end) => `${root}next.config.${end}`),
  );
}

/** The project's middleware, which Next.js 16 calls its proxy. */
export function middlewareFile(file: string, root: string, host: Host): string | null {
  const names = ['middleware', 'proxy'].flatMap((name) => [`${root}${name}`, `${root}src/${name}`]);
  return existing(
    file,
    host,
    names.flatMap((name) => ['ts', 'js', 'mjs', 'tsx', 'jsx'].map((end) => `${name}.${end}`)),
  );
}

function existing(file: string, host: Host, names: readonly string[]): string | null {
  for (const name of names) {
    const path = host.resolve(file, name);
    if (host.read(path) !== undefined) return path;
  }
  return null;
}
