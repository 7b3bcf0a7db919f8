import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { describe, test } from 'vitest';

/** The real software that some suites judge us by. */
export type RealPart = 'nginx' | 'chromium' | 'nvim' | 'emacs' | 'osls' | 'serverless' | 'code-server';

export const projectRoot = resolve(import.meta.dirname, '../..');

/** Where `npm run test:tools` puts what is too big for package.json. */
export const toolsDirectory = join(projectRoot, '.cache/tools');

interface Recipe {
  /** The path of what is run, or undefined where it is missing. */
  readonly find: () => string | undefined;
  /** What to do to get it, as the end of a sentence. */
  readonly how: string;
}

const recipes: Readonly<Record<RealPart, Recipe>> = {
  nginx: {
    find: () => onPath('nginx', ['/usr/sbin', '/usr/local/sbin']),
    how: 'install nginx (Debian: apt-get install nginx libnginx-mod-http-headers-more-filter)',
  },
  chromium: {
    find: () => onPath('chromium') ?? onPath('chromium-browser') ?? onPath('google-chrome'),
    how: 'install Chromium (Debian: apt-get install chromium)',
  },
  nvim: {
    find: () => onPath('nvim'),
    how: 'install Neovim (Debian: apt-get install neovim)',
  },
  emacs: {
    find: () => (hasEglot() ? onPath('emacs') : undefined),
    how: 'install Emacs and Eglot (Debian: apt-get install emacs-nox elpa-eglot)',
  },
  osls: {
    find: () => installedTool('osls', 'node_modules/osls/bin/serverless.js'),
    how: 'run npm run test:tools',
  },
  serverless: {
    find: () => installedTool('serverless', 'node_modules/serverless/bin/serverless.js'),
    how: 'run npm run test:tools',
  },
  'code-server': {
    find: () => installedTool('code-server', 'node_modules/code-server/out/node/entry.js'),
    how: 'run npm run test:tools',
  },
};

/** The path of the real part's program (for osls and code-server: the script that Node.js runs), if it is here. */
export function findPart(part: RealPart): string | undefined {
  return recipes[part].find();
}

/** As {@link findPart}, but a missing part is an error that says how to get it. */
export function needPart(part: RealPart): string {
  const found = findPart(part);
  if (found === undefined) throw new Error(`${part} is missing: ${recipes[part].how}.`);
  return found;
}

/**
 * `describe` for a suite that needs real software: `suiteNeeds('nginx', 'chromium')('title', () => { … })`.
 *
 * Where every part is present the suite runs. Where one is missing the suite is skipped, without its body being
 * evaluated, and its name says why and how to get it. With `CI=true` a missing part is a failure: there a suite that
 * silently does not run would look like one that passes.
 */
export function suiteNeeds(...parts: readonly RealPart[]): (title: string, body: () => void) => void {
  const missing = parts.filter((part) => findPart(part) === undefined);
  if (missing.length === 0) return (title, body) => describe(title, body);
  const reason = missing.map((part) => `${part} is missing: ${recipes[part].how}`).join('; ');
  if (process.env['CI'] === 'true') {
    return (title) =>
      test(title, () => {
        throw new Error(`With CI=true this suite has to run, and it cannot: ${reason}.`);
      });
  }
  return (title) => {
    console.warn(`Skipped: "${title}": ${reason}.`);
    test.skip(`${title} (${reason})`);
  };
}

function onPath(program: string, extra: readonly string[] = []): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...extra].filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, program)).find(isExecutable);
}

/** From Debian's package for Emacs 28, or with Emacs itself from 29 on. */
function hasEglot(): boolean {
  const below = (folder: string) => (existsSync(folder) ? readdirSync(folder) : []);
  return (
    below('/usr/share/emacs/site-lisp/elpa-src').some((name) => name.startsWith('eglot-')) ||
    below('/usr/share/emacs').some((name) => Number.parseInt(name, 10) >= 29)
  );
}

/** A tool whose stamp is missing is half installed, and so not there. */
function installedTool(name: string, script: string): string | undefined {
  const folder = join(toolsDirectory, name);
  const path = join(folder, script);
  return existsSync(join(folder, 'stamp')) && existsSync(path) ? path : undefined;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
