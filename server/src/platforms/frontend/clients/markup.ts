import type { TSESTree } from '@typescript-eslint/types';
import { placeOf } from '../../../javascript';
import type { FrontCall } from '../frontCall';
import { isFetching, LOADS, usesCredentials } from './corsSettings';
import { evaluateAt, type Site } from './site';

/**
 * `<img crossOrigin="anonymous" src={url} />` in JSX: with the attribute an element asks as `fetch` does.
 * https://html.spec.whatwg.org/multipage/urls-and-fetching.html#cors-settings-attributes
 */
export function elementsIn(site: Site): readonly FrontCall[] {
  const { module } = site.context;
  if (!/crossorigin/i.test(module.text)) return [];
  return module.index.of('JSXOpeningElement').flatMap((node): FrontCall[] => {
    const source = node.name.type === 'JSXIdentifier' ? LOADS.get(node.name.name) : undefined;
    if (source === undefined || (source === 'href' && !isFetchingLink(site, node))) return [];
    const mode = attribute(node, 'crossorigin');
    const address = written(site, attribute(node, source));
    if (mode === undefined || address === undefined) return [];
    const how = written(site, mode);
    if (mode.value !== null && how?.kind !== 'string') return [];
    const place = placeOf(module, mode);
    const credentials = how?.kind === 'string' && usesCredentials(how.value);
    return [
      {
        place,
        node,
        url: address,
        base: undefined,
        method: 'GET',
        headers: [],
        credentials,
        noCors: undefined,
        reads: [],
      },
    ];
  });
}

function isFetchingLink(site: Site, node: TSESTree.JSXOpeningElement): boolean {
  const rel = written(site, attribute(node, 'rel'));
  return rel?.kind === 'string' && isFetching(rel.value);
}

function attribute(node: TSESTree.JSXOpeningElement, name: string): TSESTree.JSXAttribute | undefined {
  for (const each of node.attributes) {
    if (each.type === 'JSXAttribute' && each.name.type === 'JSXIdentifier' && each.name.name.toLowerCase() === name)
      return each;
  }
  return undefined;
}

function written(site: Site, from: TSESTree.JSXAttribute | undefined) {
  const value = from?.value;
  if (value?.type === 'Literal') return evaluateAt(site, value);
  if (value?.type !== 'JSXExpressionContainer' || value.expression.type === 'JSXEmptyExpression') return undefined;
  return evaluateAt(site, value.expression);
}
