import { catalogue } from '../workspace/catalogue';
import { isInside } from '../workspace/paths';
import type { AuditResult, FoundEndpoint, Workspace } from '../workspace/types';

/**
 * The endpoints that an audit's files set up, each once, in the order of files and places.
 * @param paths absolute: those that the audit was of
 */
export async function auditedEndpoints(
  workspace: Workspace,
  { sources }: AuditResult,
  paths: readonly string[],
  signal: AbortSignal | undefined,
): Promise<FoundEndpoint[]> {
  const found = await catalogue(workspace, { files: sources, ...(signal && { signal }) });
  return found.filter(({ endpoint }) => paths.some((path) => isInside(path, endpoint.place.file)));
}
