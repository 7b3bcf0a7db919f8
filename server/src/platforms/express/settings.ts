import type { TSESTree } from '@typescript-eslint/types';
import type { HeaderSetting } from '../../cors/endpoint';
import { CORS_REQUEST_HEADERS } from '../../cors/names';
import type { Place } from '../../cors/place';
import {
  enclosingFunction,
  type FunctionNode,
  placeOf,
  type Reader,
  type SourceModule,
  staticName,
  unwrap,
} from '../../javascript';
import { toValue } from './request/headerValue';
import { type Roles, rolesOf } from './request/names';

/** Names that are, or were meant to be, CORS headers, and `Vary`. */
const NAME =
  /^[\s"]*(?:ac+es+[-_ ]*cont?r+o?l|vary\b|origin[\s:]*$|(?:x-)?allow(?:ed)?-(?:origins?|headers|methods|credentials)|cors\b)/i;

const SETTERS = new Set(['set', 'header', 'setHeader', 'append', 'appendHeader', 'setRequestHeader']);
/** What sends requests: headers given to it go to another server. */
const SENDER = /^(?:fetch|axios|request|got|superagent|needle|ky|\$?http|ajax|nodeFetch|fetcher|api(?:Client)?)$/i;

/** Every place of a file that sets a CORS header or `Vary` by hand, whoever sends it. */
export function settingsIn(reader: Reader, module: SourceModule): readonly HeaderSetting[] {
  const settings: HeaderSetting[] = [];
  for (const literal of module.index.of('Literal')) {
    if (typeof literal.value !== 'string' || !NAME.test(literal.value)) continue;
    if (CORS_REQUEST_HEADERS.has(literal.value.trim().toLowerCase()) && !isOnResponse(literal)) continue;
    const setting = settingAt(reader, module, literal, literal.value);
    if (setting !== null) settings.push(setting);
  }
  return settings;
}

function settingAt(
  reader: Reader,
  module: SourceModule,
  literal: TSESTree.Literal,
  name: string,
): HeaderSetting | null {
  const namePlace: Place = { file: module.path, start: literal.range[0] + 1, end: literal.range[1] - 1 };
  const { parent } = literal;
  switch (parent?.type) {
    case 'CallExpression': {
      const [first, value] = parent.arguments;
      const callee = unwrap(parent.callee);
      if (first !== literal || value === undefined) return null;
      // `@Header(name, value)` of NestJS.
      if (callee.type === 'Identifier' && callee.name === 'Header' && parent.parent.type === 'Decorator')
        return settingOf(reader, module, { name, namePlace, value, whole: parent, isRequest: false });
      if (callee.type !== 'MemberExpression') return null;
      const method = staticName(callee);
      if (method === null || !SETTERS.has(method)) return null;
      const isRequest = method === 'setRequestHeader' || isRequestName(callee.object);
      return settingOf(reader, module, { name, namePlace, value, whole: parent, isRequest });
    }
    case 'Property': {
      if (parent.key !== literal) return null;
      const isRequest = isGivenToSender(parent);
      return settingOf(reader, module, { name, namePlace, value: parent.value, whole: parent, isRequest });
    }
    case 'MemberExpression': {
      const outer = parent.parent;
      if (parent.property !== literal || outer?.type !== 'AssignmentExpression' || outer.left !== parent) return null;
      const isRequest = isRequestName(parent.object) || /\bdefaults\b/.test(module.text.slice(...parent.object.range));
      return settingOf(reader, module, { name, namePlace, value: outer.right, whole: outer, isRequest });
    }
    default:
      return null;
  }
}

interface Found {
  readonly name: string;
  readonly namePlace: Place;
  readonly value: TSESTree.Node;
  readonly whole: TSESTree.Node;
  readonly isRequest: boolean;
}

function settingOf(reader: Reader, module: SourceModule, found: Found): HeaderSetting {
  const owner = handlerAround(found.whole);
  const context = { module, frame: null };
  const roles: Roles | undefined = owner
    ? rolesOf({ kind: 'function', function: owner, context, module, node: owner, place: placeOf(module, owner) })
    : undefined;
  const value = toValue(reader.evaluate(found.value, context), roles);
  const { name, namePlace, isRequest } = found;
  return {
    name,
    namePlace,
    value,
    place: placeOf(module, found.whole),
    target: isRequest ? 'request' : 'response',
    layer: isRequest ? 'the request' : 'the response',
  };
}

/** The function around that takes a request and a response. */
function handlerAround(node: TSESTree.Node): FunctionNode | null {
  let owner = enclosingFunction(node);
  while (owner !== null && owner.params.length < 2) owner = enclosingFunction(owner);
  return owner;
}

function isRequestName(outer: TSESTree.Node): boolean {
  const node = unwrap(outer);
  if (node.type === 'Identifier') return /^(?:req|request|xhr)$/i.test(node.name);
  return node.type === 'MemberExpression' && isRequestName(node.object);
}

/**
 * Whether the header goes into a response for certain. Names that browsers send, such as `Origin`, belong into the
 * requests of tests and clients, whatever those call their methods: `request(app).get('/').set('Origin', …)`.
 */
function isOnResponse(literal: TSESTree.Literal): boolean {
  for (let node: TSESTree.Node | undefined = literal.parent; node; node = node.parent) {
    if (node.type === 'MemberExpression') return isResponseName(node.object);
    if (node.type === 'CallExpression') {
      const callee = unwrap(node.callee);
      return callee.type === 'MemberExpression' && isResponseName(callee.object);
    }
    if (node.type !== 'ObjectExpression' && node.type !== 'Property') return false;
  }
  return false;
}

function isResponseName(outer: TSESTree.Node): boolean {
  const node = unwrap(outer);
  switch (node.type) {
    case 'Identifier':
      return /^(?:res|resp|response|reply)$/i.test(node.name);
    case 'MemberExpression':
      return isResponseName(node.object);
    case 'CallExpression':
      return isResponseName(node.callee);
    default:
      return false;
  }
}

/** Whether an object ends up in the arguments of a call that sends a request: `fetch(url, { headers: { … } })`. */
function isGivenToSender(property: TSESTree.Property): boolean {
  for (let node: TSESTree.Node | undefined = property.parent; node; node = node.parent) {
    if (node.type === 'CallExpression' || node.type === 'NewExpression') {
      const callee = unwrap(node.callee);
      if (callee.type === 'Identifier') return SENDER.test(callee.name);
      if (callee.type !== 'MemberExpression') return false;
      const object = unwrap(callee.object);
      return object.type === 'Identifier' && SENDER.test(object.name);
    }
    if (node.type !== 'ObjectExpression' && node.type !== 'Property') return false;
  }
  return false;
}
