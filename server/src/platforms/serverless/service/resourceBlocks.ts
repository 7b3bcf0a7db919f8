import { type BlockHome, blocksOf, type CorsBlock } from '../../../aws/cors/blocks';
import type { Reader } from '../../../aws/template/reader';
import { undecided } from '../../../aws/template/worlds';
import { entryOf } from '../../../yaml/tree';
import type { ServerlessAnalysis } from '../analysis';

/** What the resources of a configuration hold of CORS. */
export interface ResourceBlocks {
  readonly homes: readonly BlockHome[];
  readonly blocks: readonly CorsBlock[];
  readonly reader: Reader;
}

/** The CORS blocks under `resources`, but for those in templates of their own, which are judged as any template is. */
export function resourceBlocks(analysis: ServerlessAnalysis): ResourceBlocks | undefined {
  const { resources } = analysis;
  if (resources === undefined) return undefined;
  const reader = resources.reader(undecided);
  const homes = resources.resources.filter(
    ({ properties }) => properties !== undefined && !isTemplate(analysis, properties.source.file),
  );
  const blocks = blocksOf(reader, homes).filter(({ map }) => !isTemplate(analysis, map.source.file));
  return { homes, blocks, reader };
}

/** Whether a part of the configuration is a template by itself. */
export function isTemplate({ file, files }: ServerlessAnalysis, part: string): boolean {
  return part !== file && /\.ya?ml$/i.test(part) && entryOf(files.get(part)?.roots[0], 'Resources') !== undefined;
}
