import type { TSESTree } from '@typescript-eslint/types';
import type { Place } from '../../../cors/place';
import { placeOf, type Reader, type SourceModule, staticName } from '../../../javascript';
import { APP_NAME, keyOfNode, keyOfValue } from './appKeys';
import type { Orders } from './orders';
import type { Splice } from './registration';

interface FoundSplice {
  readonly onto: string;
  readonly place: Place;
  readonly registration: Splice;
}

/** `routes(app)`, `require('./routes')(app)`: the function registers with the app here. */
export function splicesOf(
  reader: Reader,
  module: SourceModule,
  call: TSESTree.CallExpression,
  orders: Orders,
): FoundSplice[] {
  const result: FoundSplice[] = [];
  for (const [index, argument] of call.arguments.entries()) {
    if (argument.type !== 'Identifier' && argument.type !== 'MemberExpression' && argument.type !== 'ObjectExpression')
      continue;
    const given =
      argument.type === 'ObjectExpression'
        ? appProperty(reader, module, argument)
        : { node: argument as TSESTree.Node, name: null };
    if (given === null || !APP_NAME.test(lastName(given.node))) continue;
    const onto = keyOfNode(reader, given.node, module);
    if (onto === null) continue;
    const callee = reader.evaluate(call.callee, { module, frame: null });
    const maker = callee.kind === 'member' ? callee.object : callee;
    if (maker.kind === 'import' && (LISTENERS.test(maker.specifier) || maker.specifier === 'globalThis')) continue;
    if (maker.kind === 'call' || maker.kind === 'new' || keyOfValue(maker) !== null) continue;
    const suffix = given.name === null ? '' : `.${given.name}`;
    const registration: Splice = {
      kind: 'splice',
      key: callee.kind === 'function' ? `${callee.module.path}#p${callee.function.range[0]}.${index}${suffix}` : null,
      reason: `what ${describe(module, call.callee)} does to the app is not read`,
      module,
      order: orders.of(call),
    };
    result.push({ onto, place: placeOf(module, given.node), registration });
  }
  return result;
}

/** Functions that are given the app and do nothing to its requests. */
const LISTENERS =
  /^(?:node:)?(?:https?|http2|spdy|supertest|chai-http|serverless-http|@vendia\/serverless-express|aws-serverless-express|socket\.io|ws|greenlock-express|stoppable|http-terminator|@godaddy\/terminus)$/;

function appProperty(
  reader: Reader,
  module: SourceModule,
  object: TSESTree.ObjectExpression,
): { node: TSESTree.Node; name: string } | null {
  for (const member of object.properties) {
    if (member.type !== 'Property') continue;
    const name = staticName(member);
    if (
      name === null ||
      !APP_NAME.test(name) ||
      (member.value.type !== 'Identifier' && member.value.type !== 'MemberExpression')
    )
      continue;
    if (keyOfNode(reader, member.value, module) !== null) return { node: member.value, name };
  }
  return null;
}

function lastName(node: TSESTree.Node): string {
  if (node.type === 'Identifier') return node.name;
  return node.type === 'MemberExpression' ? (staticName(node) ?? '') : '';
}

function describe(module: SourceModule, node: TSESTree.Node): string {
  const text = module.text.slice(...node.range).replace(/\s+/g, ' ');
  return `\`${text.length > 40 ? `${text.slice(0, 39)}…` : text}\``;
}
