import { afterEach, expect, it } from 'vitest';
import type { RelatedFullDocumentDiagnosticReport } from 'vscode-languageserver-protocol';
import { inWords, type TestClient, type TestFolder, testFolder } from './client';
import { startInProcess } from './inProcess';

let folder: TestFolder;
let client: TestClient;

afterEach(() => {
  client.connection.dispose();
  folder.dispose();
});

async function start(files: Record<string, string>, takesRelated = true): Promise<void> {
  folder = testFolder(files);
  client = await startInProcess({ profile: 'pull', folders: [folder], takesRelated });
}

/** What is said of other documents along with one, by the name of the file. */
async function related(uri: string, previousResultId?: string): Promise<Record<string, string[]>> {
  const report = await client.connection.sendRequest<RelatedFullDocumentDiagnosticReport>('textDocument/diagnostic', {
    textDocument: { uri },
    ...(previousResultId === undefined ? {} : { previousResultId }),
  });
  return Object.fromEntries(
    Object.entries(report.relatedDocuments ?? {}).map(([other, { kind, ...rest }]) => {
      expect(kind).toBe('full');
      return [other.split('/').at(-1) ?? '', 'items' in rest ? rest.items.map(inWords) : []];
    }),
  );
}

const bothRules = ['tiny-bad error 0:0-0:3', 'tiny-included info 0:0-0:3'];

it('a finding that an edit puts into a file that is not open comes along, and goes with the edit', async () => {
  await start({ 'b.tiny': 'bad' });
  const uri = await client.open(folder.uriOf('a.tiny'), 'nothing');
  expect(await related(uri)).toEqual({});
  await client.type(uri, 'nothing', 'include b.tiny');
  expect(await related(uri)).toEqual({ 'b.tiny': bothRules });
  expect(await related(uri)).toEqual({});
  await client.type(uri, 'include b.tiny', 'nothing');
  expect(await related(uri)).toEqual({ 'b.tiny': ['tiny-bad error 0:0-0:3'] });
});

it('a file that is mended on the disk is taken back with the next answer', async () => {
  await start({ 'b.tiny': 'bad' });
  const uri = await client.open(folder.uriOf('a.tiny'), 'include b.tiny');
  expect(await related(uri)).toEqual({ 'b.tiny': bothRules });
  const { resultId } = await client.connection.sendRequest<RelatedFullDocumentDiagnosticReport>(
    'textDocument/diagnostic',
    { textDocument: { uri } },
  );
  await client.watched(folder.write('b.tiny', 'good'));
  expect(await related(uri, resultId)).toEqual({ 'b.tiny': [] });
  expect(await related(uri, resultId)).toEqual({});
});

it('a file that is open is asked about by the client itself', async () => {
  await start({ 'b.tiny': 'bad' });
  const uri = await client.open(folder.uriOf('a.tiny'), 'include b.tiny');
  const part = await client.open(folder.uriOf('b.tiny'), 'bad');
  expect(await related(uri)).toEqual({});
  expect(await client.findings(part)).toEqual(bothRules);
  await client.close(part);
  expect(await related(uri)).toEqual({ 'b.tiny': bothRules });
});

it('a client that does not take other documents gets none', async () => {
  await start({ 'b.tiny': 'bad' }, false);
  const uri = await client.open(folder.uriOf('a.tiny'), 'include b.tiny');
  expect(await related(uri)).toEqual({});
});
