import type { Edit } from '../../../../cors/repair';
import { platformRule } from '../../../../lint/defineRule';
import { renameKey } from '../../../../yaml/edits/entry';
import { flowList, replaceByLines } from '../../../../yaml/edits/list';
import { edit } from '../../../../yaml/edits/text';
import { placeOf } from '../../../../yaml/places';
import { deref, entryOf, type YamlScalar } from '../../../../yaml/tree';
import type { ServerlessAnalysis } from '../../analysis';
import { plainExchange } from '../../endpoints/play';
import { type CorsBlock, corsBlocks } from '../../service/blocks';

interface Data {
  readonly text: string;
  readonly fault: 'literal' | 'second-star' | 'undocumented';
  readonly edits: readonly Edit[] | undefined;
}

export const rule = platformRule<ServerlessAnalysis, Data>({
  meta: {
    id: 'serverless-origin-pattern',
    title: 'A wildcard in an origin where none is read',
    severity: 'error',
    category: 'broken',
    tags: ['origin', 'pattern'],
    reference: 'https://www.serverless.com/framework/docs/providers/aws/events/apigateway#enabling-cors',
    replaces: ['invalid-origin'],
  },
  check({ analysis, browserFor }, report) {
    for (const block of corsBlocks(analysis)) {
      const endpoint = analysis.endpoints.find(
        (one) => block.event === undefined || (one.kind === 'rest' && one.event === block.event),
      );
      const exchange = endpoint && plainExchange(browserFor(endpoint));
      for (const { node, fault } of patterns(analysis, block)) {
        const text = String(node.value);
        const edits = fault === 'literal' ? asList(block, node) : undefined;
        report({ place: placeOf(node), data: { text, fault, edits }, ...(exchange === undefined ? {} : { exchange }) });
      }
    }
  },
  message: ({ text, fault }) => {
    switch (fault) {
      case 'literal':
        return `\`origin\` takes no wildcard: \`${text}\` goes out as it stands, and browsers refuse it for every page. Put it into \`origins\`, which does.`;
      case 'second-star':
        return `Only the first \`*\` of \`${text}\` is a wildcard; the next one repeats the character before it, and pages that were meant are refused. Use one \`*\`.`;
      case 'undocumented':
        return `AWS documents no wildcard inside an origin here but \`*\`, \`http://*\` and \`https://*\`: \`${text}\` lets in no page that can be told. List the origins.`;
    }
  },
  fixes: ({ edits }) => (edits === undefined ? [] : [{ title: 'Put it into `origins`', preferred: true, edits }]),
});

interface Pattern {
  readonly node: YamlScalar;
  readonly fault: Data['fault'];
}

function* patterns(analysis: ServerlessAnalysis, { dialect, cors }: CorsBlock): Iterable<Pattern> {
  if (dialect === 'rest' && cors.settings.has('origins')) {
    for (const node of scalars(analysis, cors, 'origins')) {
      if (String(node.value).split('*').length > 2) yield { node, fault: 'second-star' };
    }
    return;
  }
  if (dialect === 'rest') {
    for (const node of scalars(analysis, cors, 'origin')) if (isGlob(node)) yield { node, fault: 'literal' };
    return;
  }
  for (const node of scalars(analysis, cors, 'allowedOrigins')) {
    if (isGlob(node) && !/^https?:\/\/\*$/.test(String(node.value))) yield { node, fault: 'undocumented' };
  }
}

function isGlob({ value }: YamlScalar): boolean {
  const text = String(value);
  return text.includes('*') && text.trim() !== '*' && !/[,'"\s]/.test(text) && !/^\/.*\/$/.test(text);
}

/** The certain texts of a setting, its items where it is a list. */
function scalars(analysis: ServerlessAnalysis, { settings }: CorsBlock['cors'], key: string): YamlScalar[] {
  const value = settings.get(key)?.value;
  if (value?.kind !== 'node') return [];
  const nodes = value.node.kind === 'list' ? value.node.items : [value.node];
  return nodes.flatMap((item) => {
    const node = analysis.service?.resolver.certain(item);
    return node?.kind === 'scalar' && typeof node.value === 'string' && node.tag === undefined ? [node] : [];
  });
}

/** `origin: https://*.example.com` → `origins:` with one item. */
function asList({ cors }: CorsBlock, node: YamlScalar): readonly Edit[] | undefined {
  const entry = cors.settings.get('origin')?.entry;
  if (entry === undefined || deref(entry.value) !== node || entry.value !== node || node.computed) return undefined;
  if (entryOf(cors.map, 'origins') !== undefined || node.style === 'block') return undefined;
  const renamed = renameKey(entry, 'origins');
  const texts = [String(node.value)];
  const list = cors.map.flow
    ? edit(node.source, node.start, node.end, flowList(texts, node.style))
    : replaceByLines(entry, texts, node.style);
  return renamed && [renamed, list];
}
