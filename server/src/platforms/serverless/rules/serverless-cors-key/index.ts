import { keyFaults, keyMessage, keyProposals } from '../../../../aws/cors/keys';
import type { Edit } from '../../../../cors/repair';
import { platformRule } from '../../../../lint/defineRule';
import { deleteEntry, renameKey } from '../../../../yaml/edits/entry';
import { mapOf } from '../../../../yaml/edits/maps';
import { placeOf } from '../../../../yaml/places';
import { deref, entriesOf, entryOf, type YamlEntry, type YamlMap } from '../../../../yaml/tree';
import type { ServerlessAnalysis } from '../../analysis';
import { corsBlocks } from '../../service/blocks';
import { type Concept, conceptOf, DIALECTS, type Dialect, isKnownKey, keyFor } from '../../service/dialects';
import { resourceBlocks } from '../../service/resourceBlocks';

interface Data {
  readonly key: string;
  readonly dialect: Dialect | 'event' | 'resource';
  /** The resource's block, in words. */
  readonly where?: string;
  readonly concept: Concept | undefined;
  /** What the framework reads instead; undefined where it has nothing of the kind. */
  readonly meant: string | undefined;
  readonly rename: Edit | undefined;
  readonly remove: readonly Edit[] | undefined;
}

export const rule = platformRule<ServerlessAnalysis, Data>({
  meta: {
    id: 'serverless-cors-key',
    title: 'A key of `cors` that the framework ignores',
    severity: 'error',
    category: 'broken',
    tags: ['option', 'spelling'],
    reference: 'https://www.serverless.com/framework/docs/providers/aws/events/apigateway#enabling-cors',
  },
  check({ analysis }, report) {
    const known = new Set<YamlEntry>();
    const blocks = corsBlocks(analysis);
    // A key of a shared block that one of its places reads cannot be renamed there.
    for (const { cors, dialect } of blocks) {
      for (const [key, { entry }] of cors.settings) if (isKnownKey(dialect, key)) known.add(entry);
    }
    for (const { cors, dialect } of blocks) {
      for (const [key, { entry, value }] of cors.settings) {
        if (isKnownKey(dialect, key) || isExtra(key)) continue;
        const isList = value.kind === 'node' && value.node.kind === 'list';
        const data = describe(analysis, cors.map, entry, key, dialect, isList, known.has(entry));
        report({ place: placeOf(entry.key), data });
      }
    }
    for (const data of misspeltCors(analysis)) report({ place: placeOf(data.entry.key), data });
    const { blocks: own, homes } = resourceBlocks(analysis) ?? { blocks: [], homes: [] };
    for (const { entry, ...fault } of keyFaults(own, homes)) {
      report({ place: placeOf(entry.key), data: { ...fault, dialect: 'resource', concept: undefined } });
    }
  },
  message: ({ key, dialect, concept, meant, where: block = '' }) => {
    if (dialect === 'resource') return keyMessage({ key, meant, where: block });
    if (dialect === 'event') {
      return `\`${key}\` is not read: this event has no CORS, and browsers refuse its preflight. Write \`cors\`.`;
    }
    const { where } = DIALECTS[dialect];
    const ignored = `\`${key}\` is no key of \`cors\` in ${where} and is ignored`;
    return `${ignored}${consequence(concept)}. ${meant === undefined ? 'Take it out.' : `Write \`${meant}\`.`}`;
  },
  fixes: keyProposals,
});

/** `x-…` and the merge key are nobody's setting. */
function isExtra(key: string): boolean {
  return key === '<<' || /^x-/i.test(key);
}

function describe(
  analysis: ServerlessAnalysis,
  map: YamlMap,
  entry: YamlEntry,
  key: string,
  dialect: Dialect,
  isList: boolean,
  isShared: boolean,
): Data {
  const concept = conceptOf(key);
  const meant = concept && keyFor(dialect, concept, isList);
  const taken = meant !== undefined && entryOf(map, meant) !== undefined;
  const home = mapOf(analysis.yaml.roots[0], entry);
  return {
    key,
    dialect,
    concept,
    meant,
    rename: meant === undefined || taken || isShared ? undefined : renameKey(entry, meant),
    remove: home === undefined || isShared ? undefined : deleteEntry(home, entry),
  };
}

function consequence(concept: Concept | undefined): string {
  switch (concept) {
    case 'origins':
      return ': every origin (`*`) is let in';
    case 'headers':
      return ': the framework allows its default headers';
    case 'methods':
      return ': the framework allows its default methods';
    case 'credentials':
      return ': browsers refuse requests with credentials';
    case 'expose':
      return ': pages cannot read these headers';
    case 'max-age':
      return ': browsers ask again before every request';
    default:
      return '';
  }
}

/** `Cors:` and the like among an `http` event's keys. */
function misspeltCors(analysis: ServerlessAnalysis): (Data & { readonly entry: YamlEntry })[] {
  return analysis.rest.flatMap(({ map }) => {
    const entries = map === undefined || deref(map) === undefined ? [] : [...entriesOf(map)];
    if (map === undefined || entryOf(map, 'cors') !== undefined) return [];
    return entries.flatMap(([key, entry]) =>
      /^_?(?:cors|corss|enable_?cors|cors_?enabled|allow_?cors)$/i.test(key) && key !== 'cors'
        ? [
            {
              entry,
              key,
              dialect: 'event' as const,
              concept: undefined,
              meant: 'cors',
              rename: renameKey(entry, 'cors'),
              remove: undefined,
            },
          ]
        : [],
    );
  });
}
