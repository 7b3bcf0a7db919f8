import type { Refusal } from '../../server/src/platforms/nginx/inspect/refusal';
import { refusals } from '../../server/src/platforms/nginx/inspect/refusals';
import { nginx } from '../../server/src/platforms/nginx/platform';
import { memoryHost } from './nginx-host';

/** What we say that nginx refuses of a file that stands alone. */
export function refusalsOf(text: string): readonly Refusal[] {
  const file = '/etc/nginx/conf.d/a.conf';
  const { tree, configuration } = nginx.analyse(file, text, memoryHost({ [file]: text }), {});
  return refusals(tree, configuration);
}
