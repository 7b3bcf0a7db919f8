import { afterEach, expect, it } from 'vitest';
import { CancellationTokenSource, LSPErrorCodes } from 'vscode-languageserver-protocol';
import type { Platform } from '../../server/src/lint/types';
import { type TestClient, type TestFolder, testFolder } from './client';
import { startInProcess } from './inProcess';
import type { Profile } from './profiles';
import { tiny } from './tinyPlatform';

let folder: TestFolder;
let client: TestClient;
let analysed: string[];

/** Remembers each text that is analysed, and takes its time over it. */
const slow: Platform = {
  ...tiny,
  analyse: (file, text, host, options) => {
    analysed.push(text);
    const end = performance.now() + 10;
    while (performance.now() < end);
    return tiny.analyse(file, text, host, options);
  },
};

async function start(profile: Profile): Promise<string> {
  folder = testFolder();
  analysed = [];
  client = await startInProcess({ profile, folders: [folder], platforms: [slow] });
  const uri = await client.open(folder.uriOf('a.tiny'), 'bad 0');
  await client.diagnostics(uri);
  analysed = [];
  return uri;
}

afterEach(() => {
  client.connection.dispose();
  folder.dispose();
});

function pull(uri: string, source = new CancellationTokenSource()) {
  return client.connection.sendRequest('textDocument/diagnostic', { textDocument: { uri } }, source.token).then(
    () => 'answered',
    (error: { code: number; data?: unknown }) => ({ code: error.code, data: error.data }),
  );
}

it('does not look at a text that is already replaced, and has the client ask again', async () => {
  const uri = await start('pull');
  const typed = client.type(uri, 'bad 0', 'bad 1');
  const first = pull(uri);
  const typedOn = client.type(uri, 'bad 1', 'bad 2');
  const second = pull(uri);
  await Promise.all([typed, typedOn]);
  expect(await first).toEqual({ code: LSPErrorCodes.ServerCancelled, data: { retriggerRequest: true } });
  expect(await second).toBe('answered');
  expect(analysed).toEqual(['bad 2']);
});

it('looks at a text that is pushed only once typing lets it', async () => {
  const uri = await start('push');
  await Promise.all(Array.from({ length: 20 }, (_, i) => client.type(uri, `bad ${i}`, `bad ${i + 1}`)));
  expect(await client.findings(uri)).toEqual(['tiny-bad error 0:0-0:3']);
  expect(analysed.at(-1)).toBe('bad 20');
  expect(analysed.length).toBeLessThan(5);
});

it('drops a request that is cancelled', async () => {
  const uri = await start('pull');
  await client.type(uri, 'bad 0', 'bad 1');
  const source = new CancellationTokenSource();
  const answer = pull(uri, source);
  source.cancel();
  expect(await answer).toMatchObject({ code: expect.any(Number) });
  expect(analysed).toEqual([]);
});

it('takes part of a word, a deletion of everything and an insertion at the end as they come', async () => {
  const uri = await start('pull');
  const at = (line: number, character: number) => ({ line, character });
  await client.change(uri, [
    { range: { start: at(0, 0), end: at(0, 5) }, text: '' },
    { range: { start: at(0, 0), end: at(0, 0) }, text: 'one\r\nb' },
    { range: { start: at(1, 1), end: at(1, 1) }, text: 'ad' },
  ]);
  expect(client.text(uri)).toBe('one\r\nbad');
  expect(await client.findings(uri)).toEqual(['tiny-bad error 1:0-1:3']);
  expect(analysed).toEqual(['one\r\nbad']);
});
