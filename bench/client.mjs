import { pathToFileURL } from 'node:url';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { start } from './measure.mjs';

/** Starts a language server over stdio and resolves once it has answered `initialize`, with how long that took in ms. */
export async function startServer(script, folder) {
  const begun = performance.now();
  const child = start([script, '--stdio'], ['pipe', 'pipe', 'inherit', 'ipc']);
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  connection.onRequest('workspace/configuration', ({ items }) => items.map(() => null));
  connection.onRequest('client/registerCapability', () => null);
  connection.onRequest('window/workDoneProgress/create', () => null);
  connection.onRequest('workspace/diagnostic/refresh', () => null);
  connection.onNotification(() => {});
  connection.listen();
  const uri = pathToFileURL(folder).href;
  const gone = new Promise((_, reject) => {
    child.once('exit', (code) => reject(new Error(`${script} ended with ${code} before it answered`)));
  });
  const asked = connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: uri,
    workspaceFolders: [{ uri, name: 'bench' }],
    capabilities: {
      general: { positionEncodings: ['utf-16'] },
      textDocument: { diagnostic: { dynamicRegistration: false }, synchronization: {} },
      workspace: { configuration: true, workspaceFolders: true, diagnostics: { refreshSupport: true } },
    },
  });
  const answer = await Promise.race([asked, gone]);
  gone.catch(() => {});
  return { child, connection, answer, wall: performance.now() - begun };
}

/** Ends a server as an editor does. */
export async function stopServer({ child, connection }) {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  await connection.sendRequest('shutdown');
  await connection.sendNotification('exit');
  await gone;
  connection.dispose();
}
