import {
  type CancellationToken,
  type DocumentDiagnosticParams,
  type DocumentDiagnosticReport,
  DocumentDiagnosticReportKind,
  LSPErrorCodes,
  ResponseError,
} from 'vscode-languageserver';
import { check } from './check';
import { diagnosticsOf, resultId } from './diagnostics';
import type { RelatedDocuments, RelatedReports } from './relatedDocuments';
import type { Session } from './session';
import { settle, signalOf } from './turns';

/**
 * `textDocument/diagnostic`
 * @param related for clients that take reports of other documents along with the one they ask about
 */
export async function pullDiagnostics(
  session: Session,
  params: DocumentDiagnosticParams,
  token: CancellationToken,
  related?: RelatedDocuments,
): Promise<DocumentDiagnosticReport> {
  const { uri } = params.textDocument;
  const before = session.documents.get(uri)?.version;
  await settle();
  if (token.isCancellationRequested || session.documents.get(uri)?.version !== before) throw replaced();
  const signal = signalOf(token);
  const checked = await check(session, uri, signal);
  const reports = checked && related ? await related.reports(checked, signal) : {};
  if (token.isCancellationRequested || session.documents.get(uri)?.version !== before) throw replaced();
  const items = checked ? diagnosticsOf(session, checked) : [];
  const id = resultId(checked?.version, items);
  const others = withReports(reports);
  if (id === params.previousResultId) return { kind: DocumentDiagnosticReportKind.Unchanged, resultId: id, ...others };
  return { kind: DocumentDiagnosticReportKind.Full, resultId: id, items, ...others };
}

function withReports(relatedDocuments: RelatedReports): { readonly relatedDocuments?: RelatedReports } {
  return Object.keys(relatedDocuments).length === 0 ? {} : { relatedDocuments };
}

/** The client asks again: the text is no longer the one that it asked about. */
function replaced(): ResponseError<{ retriggerRequest: boolean }> {
  return new ResponseError(LSPErrorCodes.ServerCancelled, 'The text has changed', { retriggerRequest: true });
}
