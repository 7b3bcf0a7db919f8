import type { Diagnostic } from 'vscode-languageserver';
import { check } from './check';
import { diagnosticsOf, resultId } from './diagnostics';
import type { Session } from './session';
import { settle } from './turns';

/** `textDocument/publishDiagnostics`, for clients that do not ask. */
export interface Pusher {
  /** The text of this document is new: look at it, then at what else it may touch. */
  changed(uri: string): void;
  /** Something that every document may depend on changed. */
  changedAll(): void;
  closed(uri: string): void;
}

export function createPusher(session: Session): Pusher {
  const { connection, documents, log } = session;
  const sent = new Map<string, string>();
  const running = new Map<string, AbortController>();

  const publish = (uri: string, version: number | undefined, diagnostics: Diagnostic[]): void => {
    const id = resultId(version, diagnostics);
    if (sent.get(uri) === id) return;
    sent.set(uri, id);
    log.background(
      'Could not send diagnostics',
      connection.sendDiagnostics({ uri, diagnostics, ...(version === undefined ? {} : { version }) }),
    );
  };

  const push = async (uri: string): Promise<void> => {
    running.get(uri)?.abort();
    const controller = new AbortController();
    const { signal } = controller;
    running.set(uri, controller);
    await settle();
    const version = documents.get(uri)?.version;
    if (signal.aborted || version === undefined) return;
    const checked = await check(session, uri, signal);
    if (signal.aborted || documents.get(uri)?.version !== version) return;
    running.delete(uri);
    publish(uri, version, checked ? diagnosticsOf(session, checked) : []);
  };

  const pushAll = async (except?: string): Promise<void> => {
    for (const uri of documents.keys()) if (uri !== except && !running.has(uri)) await push(uri);
  };

  return {
    changed: (uri) =>
      log.background(
        'Could not look at a document',
        push(uri).then(() => pushAll(uri)),
      ),
    changedAll: () => log.background('Could not look at the open documents', pushAll()),
    closed(uri) {
      running.get(uri)?.abort();
      running.delete(uri);
      publish(uri, undefined, []);
      sent.delete(uri);
    },
  };
}
