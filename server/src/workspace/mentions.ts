import { basename, dirname } from 'node:path';

/**
 * The word by which other files name this one: `users` for `routes/users.js` and `users.routes.ts`, the folder's name
 * for an `index.js`.
 */
export function wordFor(file: string): string {
  const [first = ''] = basename(file)
    .replace(/^[._]+/, '')
    .split('.');
  return first === 'index' ? basename(dirname(file)) : first;
}

/** A run of what file names are made of, between slashes, dots, quotes and the rest. */
const WORD = /[^\s/\\.'"`;:,(){}[\]<>=*?!&|$]+/g;

/** `include conf.d/*.conf;`: whatever it is that is included, its name need not be written. */
const PATTERN_INCLUDE = /\binclude\s[^;\n]{0,200}[*?[]/;

/**
 * Whether a text may include, import or otherwise name a file that goes by one of the words. Quick and generous: it
 * only saves from analysing what cannot matter.
 */
export function mayMention(text: string, words: ReadonlySet<string>): boolean {
  if (PATTERN_INCLUDE.test(text)) return true;
  for (const [word] of text.matchAll(WORD)) if (words.has(word)) return true;
  return false;
}
