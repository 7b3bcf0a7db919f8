import type { TSESTree } from '@typescript-eslint/types';
import { placeOf, staticName } from '../../../javascript';
import type { FrontCall } from '../frontCall';
import { bodyOf } from './body';
import { typed } from './headers';
import { argumentsOf, type CallReader, evaluateAt, given, isGlobal, isTrue, optionsOf, type Site } from './site';

/** `new EventSource(url, { withCredentials })`. https://html.spec.whatwg.org/multipage/server-sent-events.html */
export function streamsIn(site: Site): readonly FrontCall[] {
  const { module } = site.context;
  if (!module.text.includes('EventSource')) return [];
  return module.index.of('NewExpression').flatMap((node): FrontCall[] => {
    if (!isNamed(node.callee, 'EventSource') || !isGlobal(evaluateAt(site, node.callee), 'EventSource')) return [];
    const [url, init] = argumentsOf(site, node) ?? [];
    const options = optionsOf(init);
    if (url === undefined || options === undefined) return [];
    const credentials = isTrue(given('withCredentials', options));
    const place = placeOf(module, node.callee);
    return [
      { place, node, url, base: undefined, method: 'GET', headers: [], credentials, noCors: undefined, reads: [] },
    ];
  });
}

/**
 * `navigator.sendBeacon(url, data)` with a Blob of a type that needs a preflight. Any other beacon is sent in mode
 * no-cors and nothing of its answer is read. https://w3c.github.io/beacon/#sec-processing-model
 */
export const readBeacon: CallReader = (site, node, [url, data]) => {
  const { callee } = node;
  if (callee.type !== 'MemberExpression' || staticName(callee) !== 'sendBeacon' || url === undefined) return undefined;
  if (!isGlobal(evaluateAt(site, callee.object), 'navigator')) return undefined;
  const body = bodyOf(data);
  if (body.kind !== 'blob' || body.type === undefined || !body.type.startsWith('application/json')) return undefined;
  const place = placeOf(site.context.module, callee);
  const headers = typed([], body.type, place);
  return {
    place,
    node,
    url,
    base: undefined,
    method: 'POST',
    headers,
    credentials: true,
    noCors: undefined,
    reads: [],
  };
};

function isNamed(node: TSESTree.Node, name: string): boolean {
  return node.type === 'Identifier'
    ? node.name === name
    : node.type === 'MemberExpression' && staticName(node) === name;
}
