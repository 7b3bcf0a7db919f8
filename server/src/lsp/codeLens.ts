import type { CancellationToken, CodeLens, CodeLensParams } from 'vscode-languageserver';
import { openBrowser } from '../cors/browser';
import { effectivePolicy, policySummary } from '../cors/effectivePolicy';
import { endpointId } from '../workspace/told/endpointInfo';
import { check, isCurrent } from './check';
import { CLIENT_COMMANDS } from './protocol';
import type { Session } from './session';
import { settle, signalOf } from './turns';

/** `textDocument/codeLens`: what each endpoint of the document does for front ends, above it. */
export async function codeLens(
  session: Session,
  { textDocument: { uri } }: CodeLensParams,
  token: CancellationToken,
): Promise<CodeLens[]> {
  await settle();
  if (token.isCancellationRequested) return [];
  const { settings } = await session.folders.of(session.names.toFile(uri, session.documents.get(uri)?.languageId));
  if (!settings.codeLens) return [];
  const checked = await check(session, uri, signalOf(token));
  if (token.isCancellationRequested || checked === undefined || !isCurrent(session, checked)) return [];
  const canTry = session.client.commands.has(CLIENT_COMMANDS.tryEndpoint);
  const lenses: CodeLens[] = [];
  for (const { analysis } of await checked.workspace.analyses(checked.file)) {
    for (const endpoint of analysis.endpoints) {
      if (token.isCancellationRequested) return [];
      if (endpoint.place.file !== checked.file) continue;
      const policy = effectivePolicy(openBrowser(endpoint));
      if (!policy.isForOthers) continue;
      const title = `CORS: ${policySummary(policy)}`;
      const command = canTry
        ? { title, command: CLIENT_COMMANDS.tryEndpoint, arguments: [{ uri, endpoint: endpointId(endpoint) }] }
        : { title, command: '' };
      lenses.push({ range: checked.positions.range(endpoint.place), command });
    }
  }
  return lenses;
}
