import type { TSESTree } from '@typescript-eslint/types';
import type { SourceModule } from './module';
import { staticName, unwrap } from './tree';

/** What a file exports, as it is written; names are looked up when a value is asked for. */
export interface Exports {
  /** ES exports and `exports.name = …` by name; `default` among them. */
  readonly named: ReadonlyMap<string, Exported>;
  /** `export * from '…'`. */
  readonly stars: readonly string[];
  /** `module.exports = …` or `export = …`: the whole module. */
  readonly whole: TSESTree.Node | null;
}

export type Exported =
  /** An expression or a declaration of this file. */
  | { readonly kind: 'node'; readonly node: TSESTree.Node }
  /** A name of this file's top level. */
  | { readonly kind: 'name'; readonly name: string; readonly node: TSESTree.Node }
  /** Passed on from another file. */
  | { readonly kind: 'from'; readonly specifier: string; readonly name: string; readonly node: TSESTree.Node };

/** Reads a file's exports off its top-level statements. Conditional exports are not seen. */
export function exportsOf(module: SourceModule): Exports {
  const named = new Map<string, Exported>();
  const stars: string[] = [];
  let whole: TSESTree.Node | null = null;
  if (module.path.endsWith('.json')) {
    const [statement] = module.program.body;
    return { named, stars, whole: statement?.type === 'ExpressionStatement' ? statement.expression : null };
  }
  for (const statement of module.program.body) {
    switch (statement.type) {
      case 'ExportNamedDeclaration':
        for (const [name, exported] of fromDeclaration(statement)) named.set(name, exported);
        break;
      case 'ExportDefaultDeclaration':
        named.set('default', { kind: 'node', node: statement.declaration });
        break;
      case 'ExportAllDeclaration':
        if (statement.exported) {
          const name = nameOf(statement.exported);
          named.set(name, { kind: 'from', specifier: statement.source.value, name: '*', node: statement });
        } else stars.push(statement.source.value);
        break;
      case 'TSExportAssignment':
        whole = statement.expression;
        break;
      case 'ExpressionStatement':
        for (const { target, value } of assignments(statement.expression)) {
          if (target === '*') whole = value;
          else named.set(target, { kind: 'node', node: value });
        }
        break;
    }
  }
  return { named, stars, whole };
}

function fromDeclaration(statement: TSESTree.ExportNamedDeclaration): [string, Exported][] {
  const { declaration, source } = statement;
  const result: [string, Exported][] = [];
  if (declaration?.type === 'VariableDeclaration') {
    for (const { id } of declaration.declarations) {
      for (const name of namesIn(id)) result.push([name.name, { kind: 'name', name: name.name, node: name }]);
    }
  } else if (declaration && 'id' in declaration && declaration.id?.type === 'Identifier') {
    const { id } = declaration;
    result.push([id.name, { kind: 'name', name: id.name, node: id }]);
  }
  for (const specifier of statement.specifiers) {
    const local = nameOf(specifier.local);
    const exported: Exported = source
      ? { kind: 'from', specifier: String(source.value), name: local, node: specifier }
      : { kind: 'name', name: local, node: specifier.local };
    result.push([nameOf(specifier.exported), exported]);
  }
  return result;
}

function namesIn(pattern: TSESTree.Node): TSESTree.Identifier[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern];
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) =>
        namesIn(property.type === 'RestElement' ? property.argument : property.value),
      );
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => (element ? namesIn(element) : []));
    case 'AssignmentPattern':
      return namesIn(pattern.left);
    default:
      return [];
  }
}

function nameOf(node: TSESTree.Identifier | TSESTree.StringLiteral): string {
  return node.type === 'Identifier' ? node.name : node.value;
}

/** `module.exports = v`, `module.exports.name = v`, `exports.name = v`, and chains of them. */
function assignments(expression: TSESTree.Node): { target: string; value: TSESTree.Node }[] {
  if (expression.type !== 'AssignmentExpression' || expression.operator !== '=') return [];
  const value = lastValue(expression.right);
  const target = exportTarget(unwrap(expression.left));
  const inner = assignments(expression.right);
  return target === null ? inner : [{ target, value }, ...inner];
}

function lastValue(node: TSESTree.Node): TSESTree.Node {
  return node.type === 'AssignmentExpression' ? lastValue(node.right) : node;
}

function exportTarget(left: TSESTree.Node): string | null {
  if (left.type !== 'MemberExpression') return null;
  const name = staticName(left);
  const { object } = left;
  if (object.type === 'Identifier' && object.name === 'exports') return name;
  if (object.type === 'Identifier' && object.name === 'module' && name === 'exports') return '*';
  return exportTarget(object) === '*' ? name : null;
}
