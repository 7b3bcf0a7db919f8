import type { TSESTree } from '@typescript-eslint/types';
import { opened, withChanges } from './changedLater';
import { coalesce } from './decisions';
import { lookUp } from './frames';
import { guardWaysOf } from './guards';
import type { Machine } from './machine';
import { memberOf } from './members';
import type { SourceModule } from './module';
import type { Definition, Variable } from './scope';
import { enclosingFunction, staticName } from './tree';
import {
  type Branch,
  type Context,
  choose,
  conjoin,
  type Frame,
  type JsValue,
  MOST_BRANCHES,
  mapChoice,
  unknown,
  type Written,
  written,
} from './values';

/** What a name stands for at this point. */
export function valueOfName(machine: Machine, node: TSESTree.Identifier, context: Context, at: Written): JsValue {
  if (node.name === '') return unknown(at, 'it is not written yet');
  const variable = context.module.scopes.variable(node);
  if (variable === null || variable.defs.length === 0) return globalValue(node.name, at);
  const value = lookUp(context.frame, variable) ?? valueOfVariable(machine, variable, context, at);
  const reason =
    value.kind === 'object' || value.kind === 'choice' ? machine.changed?.(variable, context.module) : undefined;
  return reason === undefined ? value : mapChoice(value, (one) => opened(one, unknown(at, reason)));
}

/** The value of a top-level or local variable as its definition gives it. */
export function valueOfVariable(machine: Machine, variable: Variable, context: Context, at: Written): JsValue {
  const definitions = variable.defs.filter((definition) => String(definition.node.type) !== 'TSDeclareFunction');
  const [definition] = definitions;
  if (definition === undefined) return unknown(at, 'it is only declared');
  if (definitions.length > 1) return unknown(at, 'it is declared more than once');
  const { module } = context;
  // What stands at the top level is the same whatever function is being followed, and is worked out once.
  const inner: Context = isTopLevel(variable) ? { module, frame: null } : context;
  switch (String(definition.type)) {
    case 'ImportBinding':
      return importedBinding(machine, definition, module, at);
    case 'Parameter':
      return parameter(machine, variable, definition, inner, at);
    case 'FunctionName':
    case 'ClassName':
      return machine.evaluate(definition.node, inner);
    case 'Variable':
      return declared(machine, variable, definition, inner, at);
    case 'CatchClause':
      return definition.node.type === 'CatchClause' && definition.node.param?.type === 'Identifier'
        ? caughtError(at)
        : unknown(at, 'it is part of an exception');
    default:
      return unknown(at, 'it is not a plain variable');
  }
}

/** What a `catch` is given: an error, of which nothing more is known. */
function caughtError(at: Written): JsValue {
  const callee: JsValue = { kind: 'import', specifier: 'globalThis', exported: 'Error', ...at };
  return { kind: 'new', callee, name: 'Error', arguments: [], ...at };
}

function isTopLevel(variable: Variable): boolean {
  return variable.scope.type === 'module' || variable.scope.type === 'global';
}

function globalValue(name: string, at: Written): JsValue {
  switch (name) {
    case 'undefined':
      return { kind: 'undefined', ...at };
    case 'NaN':
    case 'Infinity':
      return { kind: 'number', value: Number(name), ...at };
    case 'process':
      return { kind: 'import', specifier: 'process', exported: '*', ...at };
    default:
      return { kind: 'import', specifier: 'globalThis', exported: name, ...at };
  }
}

function importedBinding(machine: Machine, definition: Definition, module: Context['module'], at: Written): JsValue {
  const { node, parent } = definition as { node: TSESTree.Node; parent?: TSESTree.Node | null };
  if (node.type === 'TSImportEqualsDeclaration') {
    const { moduleReference } = node;
    if (moduleReference.type !== 'TSExternalModuleReference') return unknown(at, 'it is an alias of a namespace');
    const source = moduleReference.expression;
    if (source.type !== 'Literal' || typeof source.value !== 'string')
      return unknown(at, 'what it imports is not written yet');
    return machine.imported(module, source.value, '*', at);
  }
  if (parent?.type !== 'ImportDeclaration') return unknown(at, 'its import cannot be read');
  const specifier = String(parent.source.value);
  if (node.type === 'ImportDefaultSpecifier') return machine.imported(module, specifier, 'default', at);
  if (node.type === 'ImportNamespaceSpecifier') return machine.imported(module, specifier, '*', at);
  if (node.type !== 'ImportSpecifier') return unknown(at, 'its import cannot be read');
  const { imported } = node;
  return machine.imported(
    module,
    specifier,
    imported.type === 'Identifier' ? imported.name : String(imported.value),
    at,
  );
}

function parameter(
  machine: Machine,
  variable: Variable,
  definition: Definition,
  context: Context,
  at: Written,
): JsValue {
  const owner = definition.node as TSESTree.Node;
  if (
    owner.type !== 'FunctionDeclaration' &&
    owner.type !== 'FunctionExpression' &&
    owner.type !== 'ArrowFunctionExpression'
  ) {
    return unknown(at, 'it is a parameter');
  }
  for (const [index, param] of owner.params.entries()) {
    let pattern: TSESTree.Node = param.type === 'TSParameterProperty' ? param.parameter : param;
    if (pattern.type === 'AssignmentPattern') pattern = pattern.left;
    const name = pattern.type === 'Identifier' ? pattern.name : '';
    const whole: JsValue = { kind: 'parameter', function: owner, index, name, ...at };
    const found = valueInPattern(machine, pattern, variable, whole, context, at);
    if (found !== null) return found;
  }
  return unknown(at, 'it is a parameter');
}

/** The frame in which the pattern's variables hold their parts of a value. */
export function bound(machine: Machine, pattern: TSESTree.Node, value: JsValue, context: Context): Frame | null {
  const { module } = context;
  const at = written(module, pattern);
  return variablesOf(module, pattern).reduce<Frame | null>((frame, variable) => {
    const part = valueInPattern(machine, pattern, variable, value, context, at);
    return part === null ? frame : { variable, value: part, outer: frame };
  }, context.frame);
}

function variablesOf(module: SourceModule, pattern: TSESTree.Node): Variable[] {
  const names: TSESTree.Identifier[] = [];
  const stack: TSESTree.Node[] = [pattern];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.type === 'Identifier') names.push(node);
    else if (node.type === 'AssignmentPattern') stack.push(node.left);
    else if (node.type === 'RestElement') stack.push(node.argument);
    else if (node.type === 'ArrayPattern') stack.push(...node.elements.filter((element) => element !== null));
    else if (node.type === 'ObjectPattern') {
      stack.push(...node.properties.map((property) => (property.type === 'RestElement' ? property : property.value)));
    }
  }
  return names.map((name) => module.scopes.variable(name)).filter((variable) => variable !== null);
}

/** The part of a value that a pattern puts into a variable; null when the pattern does not name it. */
function valueInPattern(
  machine: Machine,
  pattern: TSESTree.Node,
  variable: Variable,
  value: JsValue,
  context: Context,
  at: Written,
): JsValue | null {
  switch (pattern.type) {
    case 'Identifier':
      return variable.identifiers.includes(pattern) ? value : null;
    case 'AssignmentPattern': {
      const inner = coalesce(at, value, () => machine.evaluate(pattern.right, context));
      return valueInPattern(machine, pattern.left, variable, inner, context, at);
    }
    case 'ObjectPattern':
      for (const property of pattern.properties) {
        if (property.type === 'RestElement') {
          if (variable.identifiers.some((name) => name === property.argument))
            return unknown(at, 'it is the rest of an object');
          continue;
        }
        const key = staticName(property);
        const part = key === null ? unknown(at, 'its key is computed') : memberOf(value, key, at);
        const found = valueInPattern(machine, property.value, variable, part, context, at);
        if (found !== null) return found;
      }
      return null;
    case 'ArrayPattern':
      for (const [index, element] of pattern.elements.entries()) {
        if (element === null) continue;
        const found = valueInPattern(machine, element, variable, memberOf(value, String(index), at), context, at);
        if (found !== null) return found;
      }
      return null;
    case 'RestElement':
      return valueInPattern(machine, pattern.argument, variable, unknown(at, 'it is the rest of a list'), context, at);
    default:
      return null;
  }
}

function declared(
  machine: Machine,
  variable: Variable,
  definition: Definition,
  context: Context,
  at: Written,
): JsValue {
  const declarator = definition.node as TSESTree.Node;
  if (declarator.type !== 'VariableDeclarator') return unknown(at, 'it is not a plain variable');
  const loop = declarator.parent?.parent ?? null;
  if (declarator.init === null && (loop?.type === 'ForOfStatement' || loop?.type === 'ForInStatement')) {
    return unknown(at, 'it is one of the items of a loop');
  }
  if (isRewritten(variable)) return assignedVariously(machine, variable, declarator, context, at);
  if (declarator.init === null) return { kind: 'undefined', ...at };
  const value = machine.evaluate(declarator.init, context);
  if (declarator.id.type !== 'Identifier') {
    return (
      valueInPattern(machine, declarator.id, variable, value, context, at) ?? unknown(at, 'its pattern cannot be read')
    );
  }
  return mapChoice(value, (one) => withChanges(machine, variable, one, declarator, context));
}

/** By the text alone, so it is the same whatever is being worked out. */
const rewritten = new WeakMap<Variable, boolean>();

function isRewritten(variable: Variable): boolean {
  const known = rewritten.get(variable);
  if (known !== undefined) return known;
  const found = variable.references.some((reference) => reference.isWrite() && !reference.init);
  rewritten.set(variable, found);
  return found;
}

/** A variable that is assigned again: one of what it is assigned, with the conditions that stand around. */
function assignedVariously(
  machine: Machine,
  variable: Variable,
  declarator: TSESTree.VariableDeclarator,
  context: Context,
  at: Written,
): JsValue {
  const home = enclosingFunction(declarator);
  let branches: readonly Branch[] = [];
  if (declarator.init) branches = [{ when: [], value: machine.evaluate(declarator.init, context) }];
  for (const reference of variable.references) {
    if (!reference.isWrite() || reference.init) continue;
    const assignment = reference.identifier.parent;
    if (
      assignment?.type !== 'AssignmentExpression' ||
      assignment.operator !== '=' ||
      assignment.left !== reference.identifier
    ) {
      return unknown(at, 'it is changed in a way that cannot be followed');
    }
    if (enclosingFunction(assignment) !== home) return unknown(at, 'a function changes it');
    const ways = guardWaysOf(machine, assignment, home, context);
    if (ways === null) return unknown(at, 'it is changed in a loop');
    const value = machine.evaluate(assignment.right, context);
    // What came before is left where the assignment is passed by: nowhere, when nothing guards it.
    const kept = branches.flatMap((branch) =>
      ways.passed.flatMap((way): Branch[] => {
        const when = conjoin(branch.when, way);
        return when === null ? [] : [{ ...branch, when }];
      }),
    );
    branches = [...kept, ...ways.taken.map((when) => ({ when, value }))];
    if (branches.length > MOST_BRANCHES) return unknown(at, 'it can come out in too many ways');
  }
  return choose(at, branches);
}
