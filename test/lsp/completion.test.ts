import { afterEach, describe, expect, it } from 'vitest';
import { type CompletionItem, MarkupContent } from 'vscode-languageserver-protocol';
import { platforms, rules } from '../../server/src/lint/registry';
import { type TestClient, type TestFolder, testFolder } from './client';
import { startInProcess } from './inProcess';
import type { Profile } from './profiles';

let folder: TestFolder;
let client: TestClient;

afterEach(() => {
  client.connection.dispose();
  folder.dispose();
});

/** The completions at the mark `|` of a document. */
async function at(name: string, marked: string, settings: object = {}, profile: Profile = 'pull') {
  folder = testFolder();
  const initializationOptions = { settings };
  client = await startInProcess({ profile, folders: [folder], platforms, rules, settings, initializationOptions });
  const offset = marked.indexOf('|');
  const uri = await client.open(folder.uriOf(name), marked.replace('|', ''), 'any');
  const lines = marked.slice(0, offset).split('\n');
  const position = { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
  const params = { textDocument: { uri }, position };
  return client.connection.sendRequest<CompletionItem[] | null>('textDocument/completion', params);
}

async function explained(item: CompletionItem | undefined): Promise<string> {
  const { documentation } = await client.connection.sendRequest<CompletionItem>('completionItem/resolve', item);
  return MarkupContent.is(documentation) ? documentation.value : '';
}

describe('completion', () => {
  it('offers origins of the settings first, and writes over what stands there', async () => {
    const settings = { origins: ['https://app.example', 'https://admin.example'] };
    const line = 'server {\n  add_header Access-Control-Allow-Origin htt|ps;\n}\n';
    const offered = await at('nginx.conf', line, settings);
    expect(offered?.map(({ label }) => label)).toEqual([
      'https://app.example',
      'https://admin.example',
      '*',
      '$http_origin',
    ]);
    expect(offered?.[0]?.textEdit).toEqual({
      range: { start: { line: 1, character: 41 }, end: { line: 1, character: 46 } },
      newText: 'https://app.example',
    });
    expect(await explained(offered?.[3])).toMatch(/every origin[\s\S]*\*\*Access-Control-Allow-Origin\*\*/);
  });

  it('puts quotes around an origin where there are none, and is found without them', async () => {
    const offered = await at('app.js', 'app.use(cors({ origin: | }))', { origins: ['https://app.example'] });
    expect(offered?.[0]).toMatchObject({ label: "'https://app.example'", filterText: 'https://app.example' });
  });

  it.each(['pull', 'push', 'bare'] as const)('is there for a client like %s, the texts later', async (profile) => {
    const offered = await at('api/serverless.yml', 'provider:\n  httpApi:\n    cors:\n      |', {}, profile);
    expect(client.initialized.capabilities.completionProvider?.resolveProvider).toBe(true);
    expect(offered?.[0]).toMatchObject({ label: 'allowedOrigins:' });
    expect(offered?.every(({ documentation }) => documentation === undefined)).toBe(true);
    expect(await explained(offered?.[0])).toMatch(/Whose pages may read the answer/);
  });

  it('counts characters in UTF-16', async () => {
    const offered = await at('app.js', "f('😀'); res.set('Acc|')");
    const range = { start: { line: 0, character: 18 }, end: { line: 0, character: 21 } };
    expect(offered?.[0]).toMatchObject({ textEdit: { range } });
  });

  it.each([
    ['app.js', 'const x = |'],
    ['app.js', "res.set('Content-Type', '|')"],
    ['nginx.conf', 'server { root |'],
    ['notes.md', "res.set('|')"],
    ['other.yml', 'a:\n  cors:\n    |'],
  ])('offers nothing where CORS is not set: %s %j', async (name, marked) => {
    expect(await at(name, marked)).toBeNull();
  });

  it('offers nothing in a folder that is switched off', async () => {
    expect(await at('app.js', "res.set('|')", { enable: false })).toBeNull();
  });
});
