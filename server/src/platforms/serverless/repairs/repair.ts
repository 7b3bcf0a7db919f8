import type { Edit, Repair } from '../../../cors/repair';
import type { Host } from '../../../lint/types';
import type { ServerlessAnalysis } from '../analysis';

/** The edits that carry a repair out, or undefined when it cannot be done here with certainty. */
export function repair(_analysis: ServerlessAnalysis, _repair: Repair, _host: Host): readonly Edit[] | undefined {
  return undefined;
}
