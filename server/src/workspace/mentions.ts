import { basename, dirname, extname, join } from 'node:path';

/** Files by the ways in which others name them. */
export interface Named {
  /** Absolute, without extension: what a relative import resolves to. The folder too, for an `index`. */
  readonly modules: ReadonlySet<string>;
  /** `users` for `routes/users.conf` and `users.routes.ts`: the word that any way to name it holds. */
  readonly words: ReadonlySet<string>;
}

const JAVASCRIPT = /\.[cm]?[jt]sx?$/;

export function namesOf(files: Iterable<string>): Named {
  const modules = new Set<string>();
  const words = new Set<string>();
  for (const file of files) {
    const module = withoutExtension(file);
    modules.add(module);
    if (basename(module) === 'index') modules.add(dirname(file));
    words.add(
      basename(file)
        .replace(/^[._]+/, '')
        .split('.')[0] ?? '',
    );
  }
  return { modules, words };
}

/**
 * Whether a text may include, import or otherwise name one of the files. Quick, and generous where it cannot be exact:
 * it only saves from analysing what cannot matter.
 */
export function mayMention(file: string, text: string, named: Named): boolean {
  return JAVASCRIPT.test(file) ? importsOne(file, text, named) : namesOne(text, named);
}

/** A relative module specifier. */
const SPECIFIER = /['"`](\.{1,2}(?:\/[^'"`\n\\]{0,300})?)['"`]/g;

function importsOne(file: string, text: string, { modules }: Named): boolean {
  for (const [, specifier = ''] of text.matchAll(SPECIFIER)) {
    const target = join(dirname(file), specifier);
    if (modules.has(target) || modules.has(withoutExtension(target))) return true;
  }
  return false;
}

function withoutExtension(file: string): string {
  return JAVASCRIPT.test(file) ? file.slice(0, -extname(file).length) : file;
}

/** A run of what file names are made of, between slashes, dots, quotes and the rest. */
const WORD = /[^\s/\\.'"`;:,(){}[\]<>=*?!&|$]+/g;

/** `include conf.d/*.conf;`: whatever it is that is included, its name need not be written. */
const PATTERN_INCLUDE = /\binclude\s[^;\n]{0,200}[*?[]/;

function namesOne(text: string, { words }: Named): boolean {
  if (PATTERN_INCLUDE.test(text)) return true;
  for (const [word] of text.matchAll(WORD)) if (words.has(word)) return true;
  return false;
}
