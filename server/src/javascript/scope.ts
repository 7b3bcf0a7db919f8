import type { Scope, ScopeManager } from '@typescript-eslint/scope-manager';
import type { TSESTree } from '@typescript-eslint/types';
import { libraries } from './load';

export type Variable = NonNullable<Scope['variables'][number]>;
export type Definition = Variable['defs'][number];

export interface Scopes {
  /** The variable that an identifier names; null for a global, an import-less name or a hole in broken text. */
  variable(identifier: TSESTree.Identifier | TSESTree.JSXIdentifier): Variable | null;
  /** The variable of that name at the file's top level. */
  topLevel(name: string): Variable | null;
}

const NOTHING: Scopes = { variable: () => null, topLevel: () => null };

/** Binds the names of a tree. A tree too broken to be bound has no variables. Never throws. */
export function bind(program: TSESTree.Program): Scopes {
  try {
    return lookup(libraries().analyze(program, { sourceType: 'module', lib: [] }));
  } catch {
    return NOTHING;
  }
}

function lookup(manager: ScopeManager): Scopes {
  const variables = new Map<object, Variable>();
  for (const scope of manager.scopes) {
    for (const { identifier, resolved } of scope.references) if (resolved) variables.set(identifier, resolved);
    for (const variable of scope.variables) for (const name of variable.identifiers) variables.set(name, variable);
  }
  const top = manager.scopes.find((scope) => scope.type === 'module') ?? manager.globalScope;
  return {
    variable: (identifier) => variables.get(identifier) ?? null,
    topLevel: (name) => top?.set.get(name) ?? null,
  };
}
