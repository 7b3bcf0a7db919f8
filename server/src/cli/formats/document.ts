import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { NameFile } from '../../report/data';
import { htmlReport } from '../../report/html';
import { markdownReport } from '../../report/markdown';
import { sarifReport } from '../../report/sarif';
import { endpointInfo, layerChain } from '../../workspace/told/endpointInfo';
import { toReport } from '../../workspace/told/report';
import { reportedFinding } from '../../workspace/told/reportedFinding';
import { VERSION } from '../help';
import { locateBy, toUri } from '../locate';
import { shownPath } from '../shownPath';
import type { Report } from './report';

export type DocumentFormat = 'html' | 'markdown' | 'sarif';

/**
 * The report as a file of its own. HTML and Markdown name files from the working directory; SARIF names them from the
 * top of the repository, as code scanning wants it.
 * @param root the workspace's folder
 */
export function formatDocument(format: DocumentFormat, report: Report, root: string): string {
  const { result, lines, cwd, endpoints = [] } = report;
  const name = nameFrom(format === 'sarif' ? root : cwd);
  const locate = locateBy(lines);
  // The pages of rules have no address of their own on the web; the section that decides has.
  const naming = { locate, shown: (file: string) => shownPath(cwd, file), page: pageOf };
  const data = toReport({
    cancelled: result.cancelled,
    version: VERSION,
    files: result.files,
    findings: [...result.findings.values()].flat().flatMap((finding) => reportedFinding(finding, naming, false) ?? []),
    endpoints: endpoints.map((each) => endpointInfo(each, { locate, toUri })),
    chains: endpoints.map((each) => layerChain(each, locate)),
  });
  switch (format) {
    case 'html':
      return htmlReport(data, name, { in: 'browser', nonce: randomUUID() }).html;
    case 'markdown':
      return markdownReport(data, name);
    case 'sarif':
      return sarifReport(data, name);
  }
}

function pageOf({ reference }: { readonly reference: string }): string {
  return reference;
}

function nameFrom(folder: string): NameFile {
  return (uri) => shownPath(folder, fileURLToPath(uri));
}
