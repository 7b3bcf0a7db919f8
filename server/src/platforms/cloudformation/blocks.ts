import { type BlockHome, blocksOf, type CorsBlock } from '../../aws/cors/blocks';
import { undecided } from '../../aws/template/worlds';
import type { Template } from './template';

/** Every CORS block of a template and of its `Globals`. */
export function corsBlocks(template: Template): CorsBlock[] {
  const globals = ['Api', 'HttpApi', 'Function'].map(
    (kind): BlockHome => ({ type: `AWS::Serverless::${kind}`, properties: template.globals(kind) }),
  );
  return blocksOf(template.reader(undecided), [...template.resources, ...globals]);
}
