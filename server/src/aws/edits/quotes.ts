import type { Edit } from '../../cors/repair';
import type { Proposal } from '../../lint/types';
import { replaceScalar } from '../../yaml/edits/scalar';
import { edit } from '../../yaml/edits/text';
import type { YamlScalar } from '../../yaml/tree';
import { lacksQuotes } from '../cors/mapping';

/** A value with a pair of inner quotes too few, or one too many. */
export interface QuoteFault {
  readonly text: string;
  readonly fault: 'missing' | 'too-many';
  readonly edit: Edit | undefined;
}

/** For a value that API Gateway takes for a mapping expression: a fixed one needs quotes of its own. */
export function missingQuotes(node: YamlScalar): QuoteFault | undefined {
  const text = String(node.value);
  if (node.tag !== undefined || node.value === null || text === '' || !lacksQuotes(text)) return undefined;
  const canEdit = !node.computed && node.style !== 'block';
  const quoted = canEdit ? edit(node.source, node.start, node.end, `"'${text}'"`) : undefined;
  return { text, fault: 'missing', edit: quoted };
}

/** For a value that is taken as it stands: quotes inside become a part of it. */
export function needlessQuotes(node: YamlScalar): QuoteFault | undefined {
  const text = String(node.value);
  const inner = /^(['"])(.+)\1$/s.exec(text)?.[2];
  if (inner === undefined || node.tag !== undefined) return undefined;
  return { text, fault: 'too-many', edit: replaceScalar(node, inner) };
}

/** Whether a header's value decides CORS: of others the gateway's own refusal is not our matter. */
export function isOfCors(name: string): boolean {
  return /^(?:access-control-|vary$)/i.test(name);
}

export function quoteProposals({ edit: made, fault }: QuoteFault): Proposal[] {
  const title = fault === 'missing' ? 'Put single quotes inside' : 'Take the inner quotes off';
  return made === undefined ? [] : [{ title, preferred: true, edits: [made] }];
}
