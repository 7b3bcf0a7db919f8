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
import type { Session } from './session';
import { settle, signalOf } from './turns';

/** `textDocument/diagnostic` */
export async function pullDiagnostics(
  session: Session,
  params: DocumentDiagnosticParams,
  token: CancellationToken,
): Promise<DocumentDiagnosticReport> {
  const { uri } = params.textDocument;
  const before = session.documents.get(uri)?.version;
  await settle();
  if (token.isCancellationRequested || session.documents.get(uri)?.version !== before) throw replaced();
  const checked = await check(session, uri, signalOf(token));
  if (token.isCancellationRequested || session.documents.get(uri)?.version !== before) throw replaced();
  const items = checked ? diagnosticsOf(session, checked) : [];
  const id = resultId(checked?.version, items);
  if (id === params.previousResultId) return { kind: DocumentDiagnosticReportKind.Unchanged, resultId: id };
  return { kind: DocumentDiagnosticReportKind.Full, resultId: id, items };
}

/** The client asks again: the text is no longer the one that it asked about. */
function replaced(): ResponseError<{ retriggerRequest: boolean }> {
  return new ResponseError(LSPErrorCodes.ServerCancelled, 'The text has changed', { retriggerRequest: true });
}
