import { afterEach, describe, expect, it } from 'vitest';
import type { CodeAction } from 'vscode-languageserver-protocol';
import { type TestClient, type TestFolder, testFolder } from './client';
import { startInProcess } from './inProcess';
import { PROFILES, type Profile } from './profiles';

let folder: TestFolder;
let client: TestClient;

async function start(profile: Profile, files: Record<string, string> = {}): Promise<void> {
  folder = testFolder(files);
  client = await startInProcess({ profile, folders: [folder] });
}

afterEach(() => {
  client.connection.dispose();
  folder.dispose();
});

const profiles = Object.keys(PROFILES) as Profile[];

describe.each(profiles)('a client like %s', (profile) => {
  it('gets the preferred fix first, then the others, then ways to silence the rule', async () => {
    await start(profile);
    const uri = await client.open(folder.uriOf('a.tiny'), 'one bad\n');
    const actions = await client.actions(uri, 'bad');
    expect(actions.map(({ title }) => title)).toEqual([
      'Make it good',
      'Delete it',
      'Disable tiny-bad for this line',
      'Disable tiny-bad for this file',
      // A client that cannot create files gets no action that has to.
      ...(profile === 'pull' ? ['Turn tiny-bad off in .corslintrc.json'] : []),
    ]);
  });

  it.each([
    ['Make it good', 'one\r\n  two good, bad\r\n'],
    ['Delete it', 'one\r\n  two , bad\r\n'],
    [
      'Disable tiny-bad for this line',
      'one\r\n  # cors-lint-disable-next-line tiny-bad -- reason\r\n  two bad, bad\r\n',
    ],
    ['Disable tiny-bad for this file', '# cors-lint-disable-file tiny-bad -- reason\r\none\r\n  two bad, bad\r\n'],
  ])('%s: the text is right afterwards', async (title, text) => {
    await start(profile);
    const uri = await client.open(folder.uriOf('a.tiny'), 'one\r\n  two bad, bad\r\n');
    const action = (await client.actions(uri, 'bad')).find((offered) => offered.title === title);
    if (action === undefined) throw new Error('not offered');
    await client.choose(action);
    expect(client.text(uri)).toBe(text);
  });

  it('gets no action where nothing is wrong', async () => {
    await start(profile);
    const uri = await client.open(folder.uriOf('a.tiny'), 'one bad\ntwo\n');
    expect(await client.actions(uri, 'two')).toEqual([]);
  });

  it('adds a rule to the comment that is there already', async () => {
    await start(profile);
    const text = '# cors-lint-disable-next-line tiny-boom -- because\nbad\n';
    const uri = await client.open(folder.uriOf('a.tiny'), text);
    const [action] = (await client.actions(uri, 'bad')).filter(({ title }) => title.endsWith('this line'));
    if (action === undefined) throw new Error('not offered');
    await client.choose(action);
    expect(client.text(uri)).toBe('# cors-lint-disable-next-line tiny-boom, tiny-bad -- because\nbad\n');
    expect((await client.diagnostics(uri)).filter(({ range }) => range.start.line === 1)).toEqual([]);
  });
});

describe('a client that resolves actions', () => {
  it('gets actions without edits, that say what they mend', async () => {
    await start('pull');
    const uri = await client.open(folder.uriOf('a.tiny'), 'bad');
    const [first] = (await client.actions(uri, 'bad')) as CodeAction[];
    expect(first).toMatchObject({ kind: 'quickfix', isPreferred: true, diagnostics: [{ code: 'tiny-bad' }] });
    expect(first?.edit).toBeUndefined();
  });

  it('gets edits for the version that they are made for', async () => {
    await start('pull');
    const uri = await client.open(folder.uriOf('a.tiny'), 'ba');
    await client.type(uri, 'ba', 'bad');
    const [first] = (await client.actions(uri, 'bad')) as CodeAction[];
    const resolved = await client.connection.sendRequest<CodeAction>('codeAction/resolve', first ?? { title: '' });
    expect(resolved.edit?.documentChanges).toMatchObject([{ textDocument: { uri, version: 2 } }]);
  });

  it('is refused an edit when the text has changed since', async () => {
    await start('pull');
    const uri = await client.open(folder.uriOf('a.tiny'), 'bad');
    const [first] = await client.actions(uri, 'bad');
    await client.type(uri, 'bad', 'x bad');
    // -32801 is ContentModified.
    await expect(client.choose(first ?? { title: '' })).rejects.toMatchObject({ code: -32801 });
    expect(client.text(uri)).toBe('x bad');
  });

  it('gets a placeholder for the reason', async () => {
    await start('pull');
    const uri = await client.open(folder.uriOf('a.tiny'), 'bad');
    const action = (await client.actions(uri, 'bad')).find(({ title }) => title.endsWith('this line'));
    const resolved = await client.connection.sendRequest<CodeAction>('codeAction/resolve', action);
    expect(resolved.edit?.documentChanges).toMatchObject([
      { edits: [{ snippet: { value: '# cors-lint-disable-next-line tiny-bad -- ${1:reason}\n' } }] },
    ]);
  });

  it('gives an action that it does not know back as it is', async () => {
    await start('pull');
    const foreign = { title: 'x', data: { uri: 1, version: 'a', choice: { does: 'fix' } } };
    expect(await client.connection.sendRequest('codeAction/resolve', foreign)).toEqual(foreign);
  });

  it.each([
    [['source.fixAll.corsLint'], 1],
    [['source.fixAll'], 1],
    [['source'], 1],
    [['source.fixAll.other'], 0],
    [['source.organizeImports'], 0],
    [['refactor'], 0],
    // Two findings, and the rule to turn off once.
    [['quickfix'], 9],
  ])('asked for %s gets %i', async (only, count) => {
    await start('pull');
    const uri = await client.open(folder.uriOf('a.tiny'), 'bad bad\n');
    const whole = { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } };
    expect(await client.actions(uri, whole, only)).toHaveLength(count);
  });

  it('makes every preferred fix at once, line by line', async () => {
    await start('pull');
    const uri = await client.open(folder.uriOf('a.tiny'), 'bad\nfine\nbad bad\n');
    const whole = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
    const [action] = (await client.actions(uri, whole, ['source.fixAll.corsLint'])) as CodeAction[];
    const resolved = await client.connection.sendRequest<CodeAction>('codeAction/resolve', action ?? { title: '' });
    expect(resolved.edit?.documentChanges).toMatchObject([{ edits: { length: 2 } }]);
    client.applyEdit(resolved.edit ?? {});
    expect(client.text(uri)).toBe('good\nfine\ngood good\n');
  });
});

describe('a client without code action literals', () => {
  it('gets commands, and its stale ones are refused', async () => {
    await start('bare');
    const uri = await client.open(folder.uriOf('a.tiny'), 'bad');
    const [first] = await client.actions(uri, 'bad');
    expect(first).toMatchObject({ command: 'cors-lint.server.applyEdit' });
    await client.type(uri, 'bad', 'x bad');
    await expect(client.choose(first ?? { title: '' })).rejects.toMatchObject({ code: -32801 });
    const [fresh] = await client.actions(uri, 'bad');
    await client.choose(fresh ?? { title: '' });
    expect(client.applied).toEqual([
      {
        changes: {
          [uri]: [{ range: { start: { line: 0, character: 2 }, end: { line: 0, character: 5 } }, newText: 'good' }],
        },
      },
    ]);
    expect(client.text(uri)).toBe('x good');
  });
});
