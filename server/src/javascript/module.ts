import type { TSESTree } from '@typescript-eslint/types';
import { type Comment, commentsOf, parse, type SyntaxFault } from './parse';
import { bind, type Scopes } from './scope';
import { type Index, index } from './tree';

/** One file as it was read: its text, its tree and, made when first asked for, everything derived from the tree. */
export interface SourceModule {
  /** The path as the host spells it, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly program: TSESTree.Program;
  readonly errors: readonly SyntaxFault[];
  /** The nodes by type. The first call sets every node's `parent`. */
  readonly index: Index;
  readonly scopes: Scopes;
  readonly comments: readonly Comment[];
}

/** Parses a text into a module; see `parse` for what broken text gives. Needs `prepare()`. Never throws. */
export function createModule(path: string, text: string): SourceModule {
  const { program, errors } = parse(path, text);
  let nodes: Index | null = null;
  let scopes: Scopes | null = null;
  let comments: readonly Comment[] | null = null;
  return {
    path,
    text,
    program,
    errors,
    get index() {
      nodes ??= index(program);
      return nodes;
    },
    get scopes() {
      scopes ??= bind(program);
      return scopes;
    },
    get comments() {
      comments ??= commentsOf(path, text);
      return comments;
    },
  };
}

/** Modules by path, each kept until its text changes. */
export interface ModuleCache {
  get(path: string, text: string): SourceModule;
  forget(path: string): void;
}

/**
 * A cache that outlives one analysis. It keeps at most `limit` modules and drops the one unused for longest, so that an
 * audit of a large workspace does not hold every tree.
 */
export function createModuleCache(limit = 200): ModuleCache {
  const modules = new Map<string, SourceModule>();
  return {
    get(path, text) {
      const known = modules.get(path);
      const module = known?.text === text ? known : createModule(path, text);
      modules.delete(path);
      modules.set(path, module);
      if (modules.size > limit) {
        for (const oldest of modules.keys()) {
          modules.delete(oldest);
          break;
        }
      }
      return module;
    },
    forget(path) {
      modules.delete(path);
    },
  };
}
