import type { CancellationToken } from 'vscode-languageserver';
import { nextTurn } from '../workspace/nextTurn';
import { catalogues } from './catalogues';
import { endpointInfo } from './endpointInfo';
import type { EndpointInfo, EndpointsParams, EndpointsResult } from './protocol';
import type { Session } from './session';

/** `corsLint/endpoints` */
export async function endpointsRequest(
  session: Session,
  { uri, workDoneToken }: EndpointsParams,
  token: CancellationToken,
): Promise<EndpointsResult> {
  const reporter = session.connection.window.attachWorkDoneProgress(workDoneToken);
  reporter.begin('Looking for endpoints', 0, '', true);
  try {
    const endpoints: EndpointInfo[] = [];
    for (const { endpoints: found, locate } of await catalogues(session, uri, token, reporter)) {
      for (const each of found) {
        if (token.isCancellationRequested) break;
        endpoints.push(endpointInfo(session, each, locate));
        // The messages that have arrived are handled in between.
        if (endpoints.length % 20 === 0) await nextTurn();
      }
    }
    return { cancelled: token.isCancellationRequested, endpoints };
  } finally {
    reporter.done();
  }
}
