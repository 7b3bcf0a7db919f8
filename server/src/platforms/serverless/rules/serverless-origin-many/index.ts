import type { Edit } from '../../../../cors/repair';
import { platformRule } from '../../../../lint/defineRule';
import { deleteEntry, renameKey } from '../../../../yaml/edits/entry';
import { mapOf } from '../../../../yaml/edits/maps';
import { placeOf } from '../../../../yaml/places';
import { entryOf, type YamlEntry } from '../../../../yaml/tree';
import type { ServerlessAnalysis } from '../../analysis';
import { plainExchange } from '../../endpoints/play';
import { type CorsBlock, corsBlocks } from '../../service/blocks';
import { pluginMethods } from '../../service/pluginMethods';
import { pluginNames } from '../../service/plugins';

interface Data {
  readonly fault: 'integration' | 'origin-list' | 'plugin';
  /** The plugin's name. */
  readonly plugin?: string;
  readonly fix: { readonly title: string; readonly preferred: boolean; readonly edits: readonly Edit[] } | undefined;
}

export const rule = platformRule<ServerlessAnalysis, Data>({
  meta: {
    id: 'serverless-origin-many',
    title: 'Several origins where only one can be sent',
    severity: 'error',
    category: 'broken',
    tags: ['origin'],
    reference: 'https://fetch.spec.whatwg.org/#http-access-control-allow-origin',
    replaces: ['multiple-origins', 'invalid-origin'],
  },
  check({ analysis, browserFor }, report) {
    for (const block of corsBlocks(analysis)) {
      const found = block.dialect === 'rest' ? several(block) : undefined;
      if (found === undefined || block.event === undefined) continue;
      const endpoint = analysis.endpoints.find((one) => one.kind === 'rest' && one.event === block.event);
      const exchange = endpoint && plainExchange(browserFor(endpoint));
      report({
        place: placeOf(found.entry.key),
        data: { fault: found.fault, fix: fixFor(analysis, block, found) },
        ...(exchange === undefined ? {} : { exchange }),
      });
    }
    for (const { plugin, origins } of manyByPlugins(analysis)) {
      report({ place: placeOf(origins.key), data: { fault: 'plugin', plugin, fix: undefined } });
    }
  },
  message: ({ fault, plugin }) => {
    switch (fault) {
      case 'integration':
        return 'Without the proxy integration every response carries all of `origins` in one Access-Control-Allow-Origin: browsers refuse that. Name one origin, or use the proxy integration.';
      case 'origin-list':
        return '`origin` is one origin: the list goes out in one header, and browsers refuse it. Write `origins`.';
      case 'plugin':
        return `\`${plugin}\` puts all of \`origins\` into one Access-Control-Allow-Origin: browsers refuse that. Name one origin.`;
    }
  },
  fixes: ({ fix }) => (fix === undefined ? [] : [fix]),
});

/** Lists of origins that plugins join, each once however many methods share it. */
function manyByPlugins({ service }: ServerlessAnalysis): { readonly plugin: string; readonly origins: YamlEntry }[] {
  if (service === undefined) return [];
  const { root, resolver } = service;
  const names = pluginNames(service);
  const found = pluginMethods(root, resolver).flatMap(({ plugin, cors }) => {
    const origins = names.includes(plugin) ? entryOf(resolver.certain(cors?.value), 'origins') : undefined;
    const list = resolver.certain(origins?.value);
    return origins !== undefined && list?.kind === 'list' && list.items.length > 1 ? [{ plugin, origins }] : [];
  });
  return [...new Map(found.map((one) => [one.origins, one])).values()];
}

interface Several {
  readonly fault: 'integration' | 'origin-list';
  readonly entry: NonNullable<ReturnType<CorsBlock['cors']['settings']['get']>>['entry'];
}

function several({ cors, event }: CorsBlock): Several | undefined {
  const count = (key: string): number => {
    const value = cors.settings.get(key)?.value;
    return value?.kind === 'node' && value.node.kind === 'list' ? value.node.items.length : 0;
  };
  const origins = cors.settings.get('origins')?.entry;
  if (
    origins !== undefined &&
    count('origins') > 1 &&
    (event?.integration === 'lambda' || event?.integration === 'http')
  ) {
    return { fault: 'integration', entry: origins };
  }
  const origin = cors.settings.get('origin')?.entry;
  return origin !== undefined && origins === undefined && count('origin') > 1
    ? { fault: 'origin-list', entry: origin }
    : undefined;
}

function fixFor(analysis: ServerlessAnalysis, { event, cors }: CorsBlock, { fault, entry }: Several): Data['fix'] {
  if (fault === 'origin-list') {
    const renamed = entryOf(cors.map, 'origins') === undefined ? renameKey(entry, 'origins') : undefined;
    const isProxy = event?.integration === 'lambda-proxy';
    return renamed && { title: 'Write `origins`', preferred: isProxy, edits: [renamed] };
  }
  const integration = entryOf(event?.map, 'integration');
  const home = integration && mapOf(analysis.yaml.roots[0], integration);
  const edits = integration && home && deleteEntry(home, integration);
  return edits && { title: 'Use the proxy integration', preferred: false, edits };
}
