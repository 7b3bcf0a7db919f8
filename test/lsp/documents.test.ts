import { afterEach, describe, expect, it } from 'vitest';
import { type TestClient, type TestFolder, testFolder } from './client';
import { startInProcess } from './inProcess';
import { PROFILES, type Profile } from './profiles';

let folder: TestFolder;
let client: TestClient;

async function start(profile: Profile, files: Record<string, string> = {}, settings?: unknown): Promise<void> {
  folder = testFolder(files);
  client = await startInProcess({ profile, folders: [folder], settings });
}

afterEach(() => {
  client.connection.dispose();
  folder.dispose();
});

const profiles = Object.keys(PROFILES) as Profile[];

describe.each(profiles)('a client like %s', (profile) => {
  it('gets findings while typing, and an empty list when they are gone', async () => {
    await start(profile);
    const uri = await client.open(folder.uriOf('a.tiny'), 'fine\nall ba here\n');
    expect(await client.findings(uri)).toEqual([]);
    await client.type(uri, 'ba here', 'bad here');
    expect(await client.findings(uri)).toEqual(['tiny-bad error 1:4-1:7']);
    await client.type(uri, 'fine\n', '');
    expect(await client.findings(uri)).toEqual(['tiny-bad error 0:4-0:7']);
    await client.type(uri, 'bad', 'good');
    expect(await client.findings(uri)).toEqual([]);
  });

  it('gets findings for text that is on no disk', async () => {
    await start(profile);
    const uri = await client.open('untitled:Untitled-1', 'bad', 'nginx');
    expect(await client.findings(uri)).toEqual(['tiny-bad error 0:0-0:3']);
    const virtual = await client.open('vscode-vfs://github/owner/repo/x.tiny', 'so bad');
    expect(await client.findings(virtual)).toEqual(['tiny-bad error 0:3-0:6']);
  });

  it.each([
    ['CRLF', 'one\r\ntwo bad\r\n', 'tiny-bad error 1:4-1:7'],
    ['a lone CR', 'one\rtwo bad', 'tiny-bad error 1:4-1:7'],
    ['no final line break', 'bad', 'tiny-bad error 0:0-0:3'],
    ['characters outside the basic plane', '🙂🙂 bad', 'tiny-bad error 0:5-0:8'],
  ])('gets ranges that are right with %s', async (_, text, finding) => {
    await start(profile);
    const uri = await client.open(folder.uriOf('a.tiny'), text);
    expect(await client.findings(uri)).toEqual([finding]);
  });

  it('counts columns without the byte order mark of a file on disk', async () => {
    await start(profile, { 'a.tiny': '\uFEFFbad\nbad\n' });
    const { diagnostics } = await client.connection.sendRequest<{ diagnostics: unknown }>('corsLint/lint', {
      uri: folder.uriOf('a.tiny'),
    });
    expect(diagnostics).toMatchObject([
      { range: { start: { line: 0, character: 0 }, end: { line: 0, character: 3 } } },
      { range: { start: { line: 1, character: 0 }, end: { line: 1, character: 3 } } },
    ]);
  });

  it('prefers the open text to the file, and goes back to the file', async () => {
    await start(profile, { 'a.tiny': 'bad bad' });
    const uri = await client.open(folder.uriOf('a.tiny'), 'bad');
    expect(await client.findings(uri)).toHaveLength(1);
    await client.close(uri);
    const { diagnostics } = await client.connection.sendRequest<{ diagnostics: unknown[] }>('corsLint/lint', { uri });
    expect(diagnostics).toHaveLength(2);
  });

  it('survives a rule and a platform that crash, and says so once', async () => {
    await start(profile);
    const boom = await client.open(folder.uriOf('boom.tiny'), 'boom bad');
    expect(await client.findings(boom)).toEqual(['tiny-bad error 0:5-0:8']);
    await client.type(boom, 'boom', 'boom boom');
    expect(await client.findings(boom)).toEqual(['tiny-bad error 0:10-0:13']);
    const crash = await client.open(folder.uriOf('crash.tiny'), 'crash bad');
    expect(await client.findings(crash)).toEqual([]);
    await client.until(() => client.logs.filter(({ message }) => message.includes('fell over')).length === 2);
    await client.type(crash, 'crash', 'crash!');
    expect(await client.findings(crash)).toEqual([]);
    expect(client.logs.filter(({ message }) => message.includes('The rule fell over'))).toHaveLength(1);
    expect(client.logs.filter(({ message }) => message.includes('The platform fell over'))).toHaveLength(1);
  });

  it('says nothing of a file that it is told to leave alone', async () => {
    await start(profile, { '.corslintrc.json': '{"ignore":["skip/"],"rules":{"tiny-bad":"hint"}}' });
    const skipped = await client.open(folder.uriOf('skip/a.tiny'), 'bad');
    expect(await client.findings(skipped)).toEqual([]);
    const other = await client.open(folder.uriOf('a.tiny'), 'bad');
    expect(await client.findings(other)).toEqual(['tiny-bad hint 0:0-0:3']);
  });

  it('shows what an open file puts into another open one', async () => {
    await start(profile);
    const included = await client.open(folder.uriOf('b.tiny'), 'bad');
    expect(await client.findings(await client.open(folder.uriOf('a.tiny'), 'include b.tiny\n'))).toEqual([]);
    await expect
      .poll(() => client.findings(included))
      .toEqual(['tiny-bad error 0:0-0:3', 'tiny-included info 0:0-0:3']);
  });
});

describe('a client that pulls', () => {
  it('is told when nothing changed', async () => {
    await start('pull');
    const uri = await client.open(folder.uriOf('a.tiny'), 'bad');
    const pull = (previousResultId?: string) =>
      client.connection.sendRequest<{ kind: string; resultId: string; items?: unknown[] }>('textDocument/diagnostic', {
        textDocument: { uri },
        ...(previousResultId === undefined ? {} : { previousResultId }),
      });
    const first = await pull();
    expect(first.items).toHaveLength(1);
    expect(await pull(first.resultId)).toEqual({ kind: 'unchanged', resultId: first.resultId });
    await client.type(uri, 'bad', 'x bad');
    expect(await pull(first.resultId)).toMatchObject({ kind: 'full' });
  });

  it('gets nothing pushed', async () => {
    await start('pull');
    const uri = await client.open(folder.uriOf('a.tiny'), 'bad');
    await client.findings(uri);
    expect(client.publications).toEqual([]);
  });

  it('is asked to pull again when a file on the disk changes', async () => {
    await start('pull', { 'b.tiny': 'fine' });
    const uri = await client.open(folder.uriOf('a.tiny'), 'include b.tiny\nAccess-Control-Allow-Origin: *\n');
    expect(await client.findings(uri)).toHaveLength(1);
    const before = client.refreshes;
    await client.watched(folder.write('.corslintrc.json', '{"rules":{"tiny-credentials":"off"}}'), 1);
    await client.until(() => client.refreshes > before);
    expect(await client.findings(uri)).toEqual([]);
  });

  it('asks in vain for a file that has disappeared', async () => {
    await start('pull', { 'a.tiny': 'bad' });
    const uri = folder.uriOf('a.tiny');
    expect(await client.pull(uri)).toHaveLength(1);
    folder.remove('a.tiny');
    await client.watched(uri, 3);
    expect(await client.pull(uri)).toEqual([]);
  });

  it('is not asked to pull again when it saves what is open', async () => {
    await start('pull', { 'a.tiny': 'bad', 'b.tiny': 'bad' });
    const uri = await client.open(folder.uriOf('a.tiny'), 'bad bad');
    expect(await client.findings(uri)).toHaveLength(2);
    await client.watched(folder.write('a.tiny', 'bad bad'));
    const before = client.refreshes;
    await client.watched(folder.write('b.tiny', 'fine'));
    await client.until(() => client.refreshes > before);
    expect(client.refreshes).toBe(before + 1);
  });

  it('watches the files that findings depend on', async () => {
    await start('pull');
    await client.until(() => client.registrations.length === 2);
    expect(client.registrations.map(({ method }) => method).sort()).toEqual([
      'workspace/didChangeConfiguration',
      'workspace/didChangeWatchedFiles',
    ]);
  });
});

describe('a client that is pushed to', () => {
  it('gets an empty list when it closes a document', async () => {
    await start('push');
    const uri = await client.open(folder.uriOf('a.tiny'), 'bad');
    expect(await client.findings(uri)).toHaveLength(1);
    await client.close(uri);
    await client.until(() => client.published.get(uri)?.diagnostics.length === 0);
  });

  it('gets findings of the last text only, when it types faster than they are found', async () => {
    await start('push');
    const uri = await client.open(folder.uriOf('a.tiny'), 'bad');
    for (let i = 0; i < 50; i++) await client.type(uri, 'bad', 'x bad');
    expect(await client.findings(uri)).toEqual(['tiny-bad error 0:100-0:103']);
    expect(client.publications.length).toBeLessThan(10);
  });
});

it('answers two folders by the rules of each', async () => {
  folder = testFolder({ '.corslintrc.json': '{"rules":{"tiny-bad":"off"}}' });
  const other = testFolder();
  client = await startInProcess({ profile: 'pull', folders: [folder, other] });
  expect(await client.findings(await client.open(folder.uriOf('a.tiny'), 'bad'))).toEqual([]);
  expect(await client.findings(await client.open(other.uriOf('a.tiny'), 'bad'))).toEqual(['tiny-bad error 0:0-0:3']);
  await client.connection.sendNotification('workspace/didChangeWorkspaceFolders', {
    event: { added: [], removed: [{ uri: other.uri, name: 'other' }] },
  });
  expect(await client.findings(other.uriOf('a.tiny'))).toEqual(['tiny-bad error 0:0-0:3']);
  other.dispose();
});
