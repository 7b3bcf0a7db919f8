import { afterEach, expect, it } from 'vitest';
import { type Diagnostic, type Hover, MarkupContent } from 'vscode-languageserver-protocol';
import { type TestClient, type TestFolder, testFolder } from './client';
import { startInProcess } from './inProcess';
import type { Profile } from './profiles';

let folder: TestFolder;
let client: TestClient;

async function start(profile: Profile, initializationOptions?: unknown): Promise<string> {
  folder = testFolder({ 'pages/tiny-credentials.md': '# tiny-credentials\n' });
  client = await startInProcess({
    profile,
    folders: [folder],
    pagesFolder: `${folder.path}/pages`,
    initializationOptions,
  });
  return client.open(
    folder.uriOf('a.tiny'),
    'Access-Control-Allow-Origin: *\nAccess-Control-Allow-Credentials: true\nbad\n',
  );
}

afterEach(() => {
  client.connection.dispose();
  folder.dispose();
});

async function hover(uri: string, word: string): Promise<Hover | null> {
  return client.connection.sendRequest('textDocument/hover', {
    textDocument: { uri },
    position: client.positionOf(uri, word),
  });
}

it('shows the request, the response with its layers, the verdict with its step and a command', async () => {
  const uri = await start('pull');
  const shown = await hover(uri, '*');
  expect(shown?.range).toEqual({ start: { line: 0, character: 29 }, end: { line: 0, character: 30 } });
  const text = MarkupContent.is(shown?.contents) ? shown.contents.value : '';
  expect(text).toBe(
    [
      `[\`tiny-credentials\`](${folder.uriOf('pages/tiny-credentials.md')}): the rule tiny-credentials (CWE-942). [Reference](https://fetch.spec.whatwg.org/#concept-cors-check)`,
      'A page at `https://app.example.com` fetches `GET /tiny` with credentials.',
      '**The browser refuses** ([cors-check/wildcard-with-credentials](https://fetch.spec.whatwg.org/#concept-cors-check)): Access\\-Control\\-Allow\\-Origin is \\* and credentials are sent.',
      '```http\nGET /tiny\nOrigin: https://app.example.com\nCookie: session=1\n\nHTTP/1.1 200    # the tiny file\nAccess-Control-Allow-Origin: *          # the tiny file, line 1\nAccess-Control-Allow-Credentials: true  # the tiny file, line 2\n```',
      "```sh\ncurl -i -H 'Origin: https://app.example.com' -H 'Cookie: session=1' https://HOST/tiny\n```",
    ].join('\n\n'),
  );
});

it('shows what it knows of a finding without an exchange, and nothing elsewhere', async () => {
  const uri = await start('push');
  expect((await hover(uri, 'bad'))?.contents).toEqual({
    kind: 'plaintext',
    value: '`tiny-bad`: the rule tiny-bad. [Reference](https://fetch.spec.whatwg.org/#concept-cors-check)',
  });
  expect(await hover(uri, 'Access')).toBeNull();
});

it('links a finding with its page only where there is one', async () => {
  const uri = await start('pull');
  expect(links(await client.diagnostics(uri))).toEqual({
    'tiny-bad': undefined,
    'tiny-credentials': folder.uriOf('pages/tiny-credentials.md'),
  });
});

it('links in the way that the client asks for, and gives the page', async () => {
  const uri = await start('pull', { rulePageLink: 'command:page?%5B%22{rule}%22%5D' });
  expect(links(await client.diagnostics(uri))['tiny-credentials']).toBe('command:page?%5B%22tiny-credentials%22%5D');
  const page = (rule: string) => client.connection.sendRequest('corsLint/rulePage', { rule });
  expect(await page('tiny-credentials')).toBe('# tiny-credentials\n');
  expect(await page('tiny-bad')).toBeNull();
  expect(await page('../a')).toBeNull();
});

it('points from a finding to what else belongs to it', async () => {
  const uri = await start('pull');
  const [finding] = await client.diagnostics(uri);
  expect(finding).toMatchObject({
    source: 'CORS Lint',
    relatedInformation: [{ location: { uri }, message: 'The endpoint is here.' }],
    data: { finding: 'tiny-credentials@29-30' },
  });
});

function links(diagnostics: readonly Diagnostic[]): Record<string, string | undefined> {
  return Object.fromEntries(diagnostics.map(({ code, codeDescription }) => [code, codeDescription?.href]));
}
