import type { Edit, Repair } from '../../cors/repair';
import type { ExpressAnalysis } from './analysis';

/** The edits that carry a repair out; undefined when it cannot be done here with certainty. */
export function repair(_analysis: ExpressAnalysis, _repair: Repair): readonly Edit[] | undefined {
  return undefined;
}
