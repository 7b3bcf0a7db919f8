import type { TSESTree } from '@typescript-eslint/types';
import { thisAt } from './frames';
import type { Machine } from './machine';
import { closest, staticName, unwrap } from './tree';
import {
  type Context,
  isOfArguments,
  type JsValue,
  mapChoice,
  type NewValue,
  type Property,
  placeOf,
  property,
  unknown,
  type Written,
} from './values';

/** `object.name`, `object['name']`, `object[expression]`, `this.name`. */
export function evaluateMember(
  machine: Machine,
  node: TSESTree.MemberExpression,
  context: Context,
  at: Written,
): JsValue {
  const written = staticName(node);
  const key = written === null ? machine.evaluate(node.property, context) : null;
  const name = written ?? (key && textOfKey(key));
  if (name === null) return elementOf(machine.evaluate(node.object, context), key, at);
  if (node.object.type === 'ThisExpression') {
    const receiver = thisAt(node.object, context);
    if (receiver !== null) {
      return isOnlyRead(name, context) ? memberOf(receiver, name, at) : unknown(at, `\`this.${name}\` may be changed`);
    }
    return (
      memberOfClass(machine, closest(node, 'ClassBody'), name, context, at) ??
      unknown(at, `\`this.${name}\` is set elsewhere`)
    );
  }
  const made = classAt(node.object, context);
  const field = made && memberOfClass(machine, made, name, context, at);
  if (field) return field;
  return memberOf(machine.evaluate(node.object, context), name, at);
}

/**
 * Whether a file does nothing with `this.name` but look at it, spread it, call it or put it into an object.
 * @param orSet whether it may be set as a whole, too
 */
function isOnlyRead(name: string, { module }: Context, orSet = false): boolean {
  return module.index.of('MemberExpression').every((node) => {
    if (node.object.type !== 'ThisExpression' || staticName(node) !== name) return true;
    const { parent } = node;
    switch (parent.type) {
      case 'Property':
      case 'SpreadElement':
      case 'ReturnStatement':
      case 'AwaitExpression':
      case 'ArrowFunctionExpression':
      case 'TemplateLiteral':
      case 'BinaryExpression':
        return true;
      case 'CallExpression':
        return parent.callee === node;
      case 'AssignmentExpression':
        return parent.right === node || (orSet && parent.operator === '=');
      default:
        return false;
    }
  });
}

function textOfKey(key: JsValue): string | null {
  return key.kind === 'string' || key.kind === 'number' ? String(key.value) : null;
}

/** `table[key]` by what a call decides is kept as it stands. */
function elementOf(object: JsValue, key: JsValue | null, at: Written): JsValue {
  return mapChoice(object, (table) =>
    table.kind === 'object' && key !== null && isOfArguments(key)
      ? { kind: 'element', object: table, key, ...at }
      : unknown(at, 'which member it is depends on a value that is not known'),
  );
}

/** The member of a value: known where the value is, and a `member` of it where the value comes from outside. */
export function memberOf(object: JsValue, name: string, at: Written): JsValue {
  switch (object.kind) {
    case 'choice':
      return mapChoice(object, (one) => memberOf(one, name, at));
    case 'object': {
      const found = property(object, name);
      if (found) return found.value;
      if (object.rest) return unknown(at, `not all properties of the object can be read`);
      return OF_EVERY_OBJECT.has(name)
        ? { kind: 'member', object, property: name, ...at }
        : { kind: 'undefined', ...at };
    }
    case 'array': {
      if (name === 'length' && object.rest === null) return { kind: 'number', value: object.items.length, ...at };
      if (/^\d+$/.test(name)) {
        const item = object.items[Number(name)];
        if (item) return item;
        return object.rest ? unknown(at, 'not all items of the list can be read') : { kind: 'undefined', ...at };
      }
      return { kind: 'member', object, property: name, ...at };
    }
    case 'string':
      if (name === 'length') return { kind: 'number', value: object.value.length, ...at };
      return { kind: 'member', object, property: name, ...at };
    case 'import': {
      const { specifier, exported } = object;
      if (isEnvironment(specifier, exported)) return { kind: 'environment', name, ...at };
      // A CommonJS package's default import is its whole module: `express.Router`.
      if (specifier !== 'globalThis' && (exported === '*' || exported === 'default')) {
        return { kind: 'import', specifier, exported: name, ...at };
      }
      return { kind: 'member', object, property: name, ...at };
    }
    case 'undefined':
    case 'null':
      return unknown(at, `it is a member of ${object.kind}`);
    case 'unknown':
      return unknown(at, object.reason);
    default:
      return { kind: 'member', object, property: name, ...at };
  }
}

/** Methods that every object has. */
const OF_EVERY_OBJECT = new Set(Object.getOwnPropertyNames(Object.prototype));

function isEnvironment(specifier: string, exported: string): boolean {
  return exported === 'env' && ['process', 'node:process', 'import.meta'].includes(specifier);
}

/** The body of the file's own class that a name stands for, or that `new Name(…)` makes one of. */
function classAt(outer: TSESTree.Expression | TSESTree.Super, { module }: Context): TSESTree.ClassBody | null {
  const node = unwrap(outer);
  const name = node.type === 'NewExpression' ? unwrap(node.callee) : node;
  if (name.type !== 'Identifier' || name.name === '') return null;
  const [definition, ...others] = module.scopes.variable(name)?.defs ?? [];
  if (definition === undefined || others.length > 0 || definition.node.type !== 'ClassDeclaration') return null;
  return definition.node.body;
}

/** A class as an object of its static members; unknown where it has none, since nothing else is read of classes. */
export function classValue(
  machine: Machine,
  node: TSESTree.ClassDeclaration | TSESTree.ClassExpression,
  { module }: Context,
  at: Written,
): JsValue {
  const properties = node.body.body.flatMap((member): Property[] => {
    const isMethod = member.type === 'MethodDefinition' && member.kind === 'method' && member.value.body !== null;
    if (!isMethod && !(member.type === 'PropertyDefinition' && member.value)) return [];
    const key = member.static ? staticName(member) : null;
    const { value: initialiser } = member;
    if (key === null || initialiser === null) return [];
    return [
      {
        key,
        keyPlace: placeOf(module, member.key),
        place: placeOf(module, member),
        node: member,
        module,
        get value() {
          return machine.evaluate(initialiser, { module, frame: null });
        },
      },
    ];
  });
  if (properties.length === 0) return unknown(at, 'it is a class');
  const rest = unknown(at, 'not all members of the class can be read');
  return { kind: 'object', properties, rest, ...at };
}

/**
 * A method of an object that is made and asked at once (`new Name().method(…)`), as its class has it, of another file
 * too; null where it is another member, and where what the object holds is changed by more than being set once.
 */
export function methodOfNew(machine: Machine, made: NewValue, name: string, at: Written): JsValue | null {
  const { node, module } = made.callee;
  if ((node.type !== 'ClassDeclaration' && node.type !== 'ClassExpression') || node.superClass) return null;
  const [start, end] = node.range;
  const isPlain = module.index.of('ThisExpression').every((self) => {
    if (self.range[0] < start || self.range[1] > end) return true;
    const { parent } = self;
    const field = parent.type === 'MemberExpression' && parent.object === self ? staticName(parent) : null;
    return field !== null && isOnlyRead(field, { module, frame: null }, true);
  });
  const member = isPlain ? memberOfClass(machine, node.body, name, { module, frame: null }, at) : null;
  return member?.kind === 'function' ? member : null;
}

/** A member that its class sets once: in a property's initialiser or by one assignment to `this.name`; null if it does not. */
function memberOfClass(
  machine: Machine,
  owner: TSESTree.ClassBody | null,
  name: string,
  context: Context,
  at: Written,
): JsValue | null {
  const { module } = context;
  // `parent`s are set when the index is first asked for.
  const assignments = module.index.of('AssignmentExpression');
  const written = assignments.filter(
    ({ left }) =>
      left.type === 'MemberExpression' &&
      left.object.type === 'ThisExpression' &&
      staticName(left) === name &&
      closest(left, 'ClassBody') === owner,
  );
  const initialisers: TSESTree.Node[] = written.map((assignment) => assignment.right);
  for (const member of owner?.body ?? []) {
    if (member.type === 'PropertyDefinition' && staticName(member) === name && member.value)
      initialisers.push(member.value);
    if (
      member.type === 'MethodDefinition' &&
      staticName(member) === name &&
      member.kind === 'method' &&
      member.value.body
    ) {
      initialisers.push(member.value);
    }
  }
  const [only] = initialisers;
  if (only === undefined) return null;
  if (initialisers.length > 1) return unknown(at, `\`${name}\` is set in several places`);
  return machine.evaluate(only, { module, frame: null });
}
