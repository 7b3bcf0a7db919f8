import type { FullDocumentDiagnosticReport } from 'vscode-languageserver';
import { DocumentDiagnosticReportKind } from 'vscode-languageserver';
import { type Checked, check } from './check';
import { diagnosticsOf, resultId } from './diagnostics';
import type { Session } from './session';

/** By URI: what is new to say of documents that the client does not ask about itself. */
export type RelatedReports = Record<string, FullDocumentDiagnosticReport>;

/**
 * The reports that go along with the one that was asked for, to clients that take them: of files that are not open, and
 * that an analysis reads on its way, such as an included snippet. What is said of such a file is said again when it has
 * changed, and taken back when there is nothing left.
 * https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/#relatedFullDocumentDiagnosticReport
 */
export interface RelatedDocuments {
  /** Empty when there is nothing that the client has not been told. */
  reports(checked: Checked, signal: AbortSignal): Promise<RelatedReports>;
}

/** An analysis may read hundreds of files. */
const MOST_FILES = 100;

export function createRelatedDocuments(session: Session): RelatedDocuments {
  const { documents, names } = session;
  const told = new Map<string, string>();
  return {
    async reports({ uri: asked, file, workspace }, signal) {
      for (const uri of [asked, ...documents.keys()]) told.delete(uri);
      const analyses = await workspace.analyses(file);
      const read = analyses.flatMap(({ analysis }) => [...analysis.dependencies].map((name) => names.toUri(name)));
      const fresh = new Map<string, { readonly id: string; readonly report: FullDocumentDiagnosticReport }>();
      for (const uri of new Set([...told.keys(), ...read.slice(0, MOST_FILES)])) {
        if (uri === asked || documents.get(uri) !== undefined) continue;
        const checked = await check(session, uri, signal);
        if (signal.aborted) return {};
        const items = checked === undefined ? [] : diagnosticsOf(session, checked);
        const id = resultId(undefined, items);
        if (told.get(uri) === id || (items.length === 0 && !told.has(uri))) continue;
        fresh.set(uri, { id, report: { kind: DocumentDiagnosticReportKind.Full, items } });
      }
      for (const [uri, { id, report }] of fresh) {
        if (report.items.length === 0) told.delete(uri);
        else told.set(uri, id);
      }
      return Object.fromEntries([...fresh].map(([uri, { report }]) => [uri, report]));
    },
  };
}
