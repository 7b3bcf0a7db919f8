import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { digest } from './digest';

/**
 * File names are URIs in the protocol and absolute paths everywhere else; this is the border. A document that is on
 * no disk (`untitled:`, a virtual workspace) gets a path that exists nowhere and says what language it is in. What lies
 * below a folder of a virtual workspace has its URI below that folder's.
 */
export interface FileNames {
  /** @param language the protocol's language id of an open document, for one that has no name of its own */
  toFile(uri: string, language?: string): string;
  toUri(file: string): string;
  /** Takes the URI out again, once its document is closed. */
  forget(uri: string): void;
}

export function createFileNames(): FileNames {
  // A client's spelling of a URI is kept: VS Code writes `file:///c%3A/…`, Node `file:///C:/…`.
  const uris = new Map<string, string>();
  const files = new Map<string, string>();
  return {
    toFile(uri, language) {
      const known = files.get(uri);
      if (known !== undefined) return known;
      const file = fileOf(uri, language);
      files.set(uri, file);
      uris.set(file, uri);
      return file;
    },
    toUri: (file) => uris.get(file) ?? virtualUri(file) ?? pathToFileURL(file).href,
    forget(uri) {
      const file = files.get(uri);
      files.delete(uri);
      if (file !== undefined) uris.delete(file);
    },
  };

  /** Below the URI of the nearest folder that the client has named. */
  function virtualUri(file: string): string | undefined {
    if (!file.startsWith(NOWHERE)) return undefined;
    for (let at = path.dirname(file); at.length > NOWHERE.length; at = path.dirname(at)) {
      const folder = uris.get(at);
      if (folder === undefined) continue;
      const below = path.relative(at, file).split(path.sep).map(encodeURIComponent);
      return [folder.replace(/\/$/, ''), ...below].join('/');
    }
    return undefined;
  }
}

/** Whether the document is a file of this machine. */
export function isOnDisk(uri: string): boolean {
  return uri.startsWith('file:');
}

function fileOf(uri: string, language: string | undefined): string {
  if (isOnDisk(uri)) {
    const file = tryFileUrl(uri);
    if (file !== undefined) return file;
  }
  if (uri.startsWith('untitled:')) return path.join(nowhere(uri), NAMES[language ?? ''] ?? 'untitled.txt');
  return path.join(nowhere(uri.split('/')[0] ?? uri), ...virtualPath(uri));
}

/** A `file:` URI of another machine's notation (a Windows path on Linux) has no path here. */
function tryFileUrl(uri: string): string | undefined {
  try {
    return path.normalize(fileURLToPath(uri));
  } catch {
    return undefined;
  }
}

/** How the folders begin that are not there, one for each scheme. */
const NOWHERE = path.resolve('/', 'cors-lint-');

function nowhere(name: string): string {
  return `${NOWHERE}${digest(name)}`;
}

function virtualPath(uri: string): string[] {
  const rest = uri.replace(/^[^:]*:\/*/, '').split(/[?#]/)[0] ?? '';
  return rest.split('/').map((part) =>
    safeDecode(part)
      .replace(/[\\/:\0]/g, '_')
      .replace(/^\.\.?$/, '_'),
  );
}

function safeDecode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** A name that the platforms know the language by. */
const NAMES: Readonly<Record<string, string>> = {
  nginx: 'nginx.conf',
  yaml: 'serverless.yml',
  javascript: 'untitled.js',
  javascriptreact: 'untitled.jsx',
  typescript: 'untitled.ts',
  typescriptreact: 'untitled.tsx',
  vue: 'untitled.vue',
  svelte: 'untitled.svelte',
  html: 'untitled.html',
  json: 'untitled.json',
};
