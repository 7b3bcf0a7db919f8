import type { Finding } from '../lint/types';
import { relativePath } from '../workspace/paths';
import * as told from '../workspace/told/reportedFinding';
import type { Workspace } from '../workspace/types';
import type { Locate } from './locate';
import type { ReportedFinding } from './protocol';
import type { Session } from './session';

/**
 * A finding with all that people want to know of it; undefined when its file cannot be read any more.
 * @param withFixes whether its fixes are worked out, which takes time
 */
export function reportedFinding(
  { pages }: Session,
  { root }: Workspace,
  finding: Finding,
  locate: Locate,
  withFixes: boolean,
): ReportedFinding | undefined {
  const naming = { locate, shown: (file: string) => relativePath(root, file), page: pageOf };
  return told.reportedFinding(finding, naming, withFixes);

  function pageOf({ id }: Finding['rule']): string | undefined {
    return pages.link(id);
  }
}
