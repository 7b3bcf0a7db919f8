import { mayBeChanged } from '../../../aws/lambda/changes';
import { createModuleCache, createReader } from '../../../javascript';
import type { Comment, SyntaxFault } from '../../../lint/types';
import { type ScriptTree, treeOf } from './tree';

/** A configuration that is a JavaScript or TypeScript module, as far as it can be read without running it. */
export interface ScriptConfiguration extends ScriptTree {
  readonly errors: readonly SyntaxFault[];
  readonly comments: readonly Comment[];
}

/** Files that the configuration imports are parsed once, not at every keystroke in it. */
const modules = createModuleCache();

/**
 * Reads `serverless.ts` and the like: what the module exports, by `export default` or `module.exports`, is the
 * configuration (`lib/configuration/read.js` of the framework). Never throws, runs nothing.
 *
 * @param read gives the text of a file, the configuration's own among them
 */
export function readScript(file: string, read: (path: string) => string | undefined): ScriptConfiguration {
  const reader = createReader({ readFile: (path) => read(path) ?? null }, modules, mayBeChanged);
  const module = reader.module(file);
  if (module === null) return { root: undefined, given: new Map(), partial: undefined, errors: [], comments: [] };
  const tree = treeOf(reader.findExport(module, 'default'), file);
  return {
    root: tree.root,
    given: tree.given,
    partial: tree.partial,
    errors: module.errors.map(({ message, range }) => ({ message, ...range })),
    get comments() {
      return module.comments.map(({ text, range }) => ({ ...range, text }));
    },
  };
}
