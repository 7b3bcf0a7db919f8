import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { platforms, rules } from '../../server/src/lint/registry';
import type { AuditResult } from '../../server/src/lsp/protocol';
import { nodeDisk } from '../../server/src/workspace/nodeDisk';
import { openWorkspace } from '../../server/src/workspace/openWorkspace';
import { projectRoot, suiteNeeds } from '../harness/require';
import { build } from './builtServer';
import { handOver, type VirtualFolder, virtualFolder } from './virtualFolder';
import { startInWorker, type WorkerServer } from './workerServer';

const examples = join(projectRoot, 'examples');

/** A folder of the disk as one that only the client knows. */
function copied(root: string): VirtualFolder {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  return virtualFolder(
    Object.fromEntries(paths.map((path) => [relative(root, path).split(sep).join('/'), readFileSync(path, 'utf8')])),
  );
}

suiteNeeds('chromium')('the built server in a worker of a browser', () => {
  let server: WorkerServer;
  const folder = copied(examples);

  beforeAll(async () => {
    await build();
    server = await startInWorker({
      profile: 'pull',
      folders: [folder],
      initializationOptions: { handsOverFiles: true, rulePageLink: 'command:open?{rule}' },
    });
    handOver(server.client, folder);
  }, 120_000);
  afterAll(() => server?.stop());

  const open = (name: string, language: string) =>
    server.client.open(folder.uriOf(name), folder.files[name] ?? '', language);
  const vendors = () => server.scripts.filter((name) => name.startsWith('vendor/')).sort();

  test('starts without any parser', () => {
    expect(server.client.initialized.serverInfo?.name).toBe('CORS Lint');
    expect(server.scripts).toEqual(['web/server.js']);
  });

  test('reads nginx without the parsers of other languages, and offers fixes', async () => {
    const name = 'shop/nginx/conf.d/api.conf';
    const uri = await open(name, 'nginx');
    const diagnostics = await server.client.diagnostics(uri);
    expect(diagnostics.length).toBeGreaterThan(0);
    expect(diagnostics.map(({ codeDescription }) => codeDescription?.href)).toEqual(
      diagnostics.map(({ code }) => `command:open?${code}`),
    );
    expect(vendors().filter((script) => script.includes('typescript'))).toEqual([]);
    for (const { range } of diagnostics) {
      const [first] = await server.client.actions(uri, range);
      if (first === undefined) continue;
      await server.client.choose(first);
      break;
    }
    expect(server.client.text(uri)).not.toBe(folder.files[name]);
    expect((await server.client.findings(uri)).length).toBeLessThan(diagnostics.length);
    await server.client.close(uri);
  });

  test('finds in every file what is found on the disk, by the same words', { timeout: 120_000 }, async () => {
    const { found, files } = await server.client.connection.sendRequest<AuditResult>('corsLint/audit', {});
    const onDisk = await openWorkspace({ root: examples, disk: nodeDisk, platforms, rules }).audit();
    const expected = [...onDisk.findings].flatMap(([file, findings]) =>
      findings.map(({ rule, message }) => [relative(examples, file).split(sep).join('/'), rule.id, message]),
    );
    const inWorker = found.flatMap(({ uri, diagnostics }) =>
      diagnostics.map(({ code, message }) => [uri.slice(folder.uri.length + 1), code, message]),
    );
    expect(inWorker.sort()).toEqual(expected.sort());
    expect(files.analysed).toBe(onDisk.files.analysed);
    expect(vendors()).toContain('vendor/typescript.js');
    expect(new Set(server.scripts).size).toBe(server.scripts.length);
  });

  test('hovers, and lists endpoints', async () => {
    const name = Object.keys(folder.files).find((each) => each.endsWith('admin.ts')) ?? '';
    const uri = await open(name, 'typescript');
    expect((await server.client.findings(uri)).length).toBeGreaterThan(0);
    const [first] = await server.client.diagnostics(uri);
    const position = first?.range.start ?? { line: 0, character: 0 };
    const textDocument = { uri };
    expect(await server.client.connection.sendRequest('textDocument/hover', { textDocument, position })).toBeTruthy();
    const endpoints = await server.client.connection.sendRequest<{ endpoints: unknown[] }>('corsLint/endpoints', {});
    expect(endpoints.endpoints.length).toBeGreaterThan(5);
  });

  test('has nothing to complain of', () => {
    expect(server.complaints).toEqual([]);
    expect(server.client.logs.filter(({ type }) => type <= 2)).toEqual([]);
  });
});
