import type { TSESTree } from '@typescript-eslint/types';
import { enclosingFunction, placeOf, staticName } from '../../../javascript';
import type { FrontCall, SentHeader } from '../frontCall';
import type { HeaderRead } from '../reads';
import { bodyOf } from './body';
import { together, typed } from './headers';
import { argumentsOf, evaluateAt, isGlobal, isTrue, type Site } from './site';

/**
 * `const xhr = new XMLHttpRequest()` with its one `open`, and what is set below it and on no condition.
 * https://xhr.spec.whatwg.org/#the-open()-method
 */
export function requestsIn(site: Site): readonly FrontCall[] {
  if (!site.context.module.text.includes('XMLHttpRequest')) return [];
  return site.context.module.index.of('NewExpression').flatMap((node): FrontCall[] => {
    const { parent } = node;
    if (node.callee.type !== 'Identifier' || node.callee.name !== 'XMLHttpRequest') return [];
    if (parent?.type !== 'VariableDeclarator' || parent.id.type !== 'Identifier') return [];
    const call = isGlobal(evaluateAt(site, node.callee), 'XMLHttpRequest') ? opened(site, node, parent.id) : undefined;
    return call === undefined ? [] : [call];
  });
}

function opened(site: Site, node: TSESTree.NewExpression, name: TSESTree.Identifier): FrontCall | undefined {
  const { module } = site.context;
  const members = (module.scopes.variable(name)?.references ?? []).flatMap(({ identifier }) =>
    identifier.parent?.type === 'MemberExpression' && identifier.parent.object === identifier
      ? [identifier.parent]
      : [],
  );
  const calls = (method: string) =>
    members.flatMap((member) =>
      staticName(member) === method && member.parent?.type === 'CallExpression' && member.parent.callee === member
        ? [member.parent]
        : [],
    );
  const [open, ...others] = calls('open');
  if (open === undefined || others.length > 0) return undefined;
  const home = enclosingFunction(open);
  const isSure = (at: TSESTree.Node): boolean =>
    enclosingFunction(at) === home && site.reader.guards(at, site.context)?.length === 0;
  const [method, url] = argumentsOf(site, open) ?? [];
  if (method?.kind !== 'string' || url === undefined) return undefined;
  const place = placeOf(module, open.callee);
  const headers = calls('setRequestHeader').flatMap((call): SentHeader[] => {
    const [key, value] = argumentsOf(site, call) ?? [];
    if (key?.kind !== 'string' || value === undefined) return [];
    const text = value.kind === 'string' ? value.value : undefined;
    const at = placeOf(module, call);
    const header = { name: key.value, namePlace: key.place, value: text, valuePlace: value.place, place: at };
    return [isSure(call) ? header : { ...header, perhaps: true }];
  });
  const withCredentials = members.some((member) => {
    const set = staticName(member) === 'withCredentials' ? member.parent : undefined;
    return set?.type === 'AssignmentExpression' && isSure(set) && isTrue(evaluateAt(site, set.right));
  });
  const [body] = calls('send').map((call) => bodyOf(argumentsOf(site, call)?.[0]));
  return {
    place,
    node,
    url,
    base: undefined,
    method: method.value,
    headers: typed(together(headers), body?.kind === 'blob' ? body.type : undefined, place),
    credentials: withCredentials,
    noCors: undefined,
    reads: calls('getResponseHeader').flatMap(({ arguments: [first] }): HeaderRead[] =>
      first?.type === 'Literal' && typeof first.value === 'string'
        ? [{ name: first.value, place: placeOf(module, first) }]
        : [],
    ),
  };
}
