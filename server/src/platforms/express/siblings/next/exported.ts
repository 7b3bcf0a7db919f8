import type { TSESTree } from '@typescript-eslint/types';
import type { Place } from '../../../../cors/place';
import { placeOf, type SourceModule } from '../../../../javascript';

/** The methods that a route handler may export a function for. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']);

/** The methods that a file exports, in the order of the source, each with the place of its name. */
export function exportedMethods(module: SourceModule): ReadonlyMap<string, Place> {
  const found = new Map<string, Place>();
  const add = (node: TSESTree.Node | null, name: string): void => {
    if (node && METHODS.has(name) && !found.has(name)) found.set(name, placeOf(module, node));
  };
  for (const statement of module.program.body) {
    if (statement.type !== 'ExportNamedDeclaration') continue;
    for (const { exported } of statement.specifiers)
      add(exported, exported.type === 'Identifier' ? exported.name : exported.value);
    const { declaration } = statement;
    if (declaration?.type === 'FunctionDeclaration') add(declaration.id, declaration.id?.name ?? '');
    if (declaration?.type !== 'VariableDeclaration') continue;
    for (const { id } of declaration.declarations) {
      if (id.type === 'Identifier') add(id, id.name);
      if (id.type !== 'ObjectPattern') continue;
      for (const one of id.properties)
        if (one.type === 'Property' && one.value.type === 'Identifier') add(one.value, one.value.name);
    }
  }
  return found;
}
