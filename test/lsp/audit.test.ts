import { afterEach, describe, expect, it } from 'vitest';
import { CancellationTokenSource, ProgressType, WorkDoneProgress } from 'vscode-languageserver-protocol';
import type { AuditedFile, AuditResult } from '../../server/src/lsp/protocol';
import { inWords, type TestClient, type TestFolder, testFolder } from './client';
import { startInProcess } from './inProcess';

let folder: TestFolder;
let client: TestClient;

afterEach(() => {
  client.connection.dispose();
  folder.dispose();
});

/** Many files, every second of them with a finding. */
function manyFiles(count: number): Record<string, string> {
  const names = Array.from({ length: count }, (_, i) => `f${String(i).padStart(4, '0')}.tiny`);
  return Object.fromEntries(names.map((name, i) => [name, i % 2 === 0 ? 'bad\n' : 'fine\n']));
}

function summary(files: readonly AuditedFile[]): string[] {
  return files
    .map(({ uri, diagnostics }) => `${uri.slice(uri.lastIndexOf('/') + 1)}: ${diagnostics.map(inWords)}`)
    .sort();
}

describe('corsLint/audit', () => {
  it('gives the findings of every file, open texts first', async () => {
    folder = testFolder({
      'a.tiny': 'bad\n',
      'sub/b.tiny': 'fine\n',
      'c.txt': 'bad',
      '.gitignore': 'd.tiny\n',
      'd.tiny': 'bad',
    });
    client = await startInProcess({ profile: 'pull', folders: [folder] });
    await client.open(folder.uriOf('sub/b.tiny'), 'so bad\n');
    const result = await client.connection.sendRequest<AuditResult>('corsLint/audit', {});
    expect(summary(result.found)).toEqual(['a.tiny: tiny-bad error 0:0-0:3', 'b.tiny: tiny-bad error 0:3-0:6']);
    expect(result.cancelled).toBe(false);
    expect(result.files.analysed).toBe(2);
    expect(result.files.skipped).toContainEqual({ uri: folder.uriOf('d.tiny'), reason: 'listed in .gitignore' });
  });

  it('streams the findings and reports how far it is', async () => {
    folder = testFolder(manyFiles(400));
    client = await startInProcess({ profile: 'pull', folders: [folder] });
    const streamed: AuditedFile[] = [];
    const kinds: string[] = [];
    const percentages: number[] = [];
    client.connection.onProgress(new ProgressType<AuditedFile[]>(), 'partial', (files) => {
      streamed.push(...files);
    });
    client.connection.onProgress(WorkDoneProgress.type, 'work', (value) => {
      kinds.push(value.kind);
      if (value.kind === 'report' && value.percentage !== undefined) percentages.push(value.percentage);
    });
    const params = { workDoneToken: 'work', partialResultToken: 'partial' };
    const result = await client.connection.sendRequest<AuditResult>('corsLint/audit', params);
    expect(result.found).toEqual([]);
    expect(streamed.filter(({ diagnostics }) => diagnostics.length > 0)).toHaveLength(200);
    expect(kinds.at(0)).toBe('begin');
    expect(kinds.at(-1)).toBe('end');
    expect(percentages.at(-1)).toBe(100);
    expect(percentages).toEqual([...percentages].sort((a, b) => a - b));
  });

  it('streams again what another file puts into a file', async () => {
    folder = testFolder({ 'a.tiny': 'bad\n', 'b.tiny': 'include a.tiny\n' });
    client = await startInProcess({ profile: 'pull', folders: [folder] });
    const result = await client.connection.sendRequest<AuditResult>('corsLint/audit', {});
    expect(summary(result.found)).toEqual(['a.tiny: tiny-bad error 0:0-0:3,tiny-included info 0:0-0:3']);
  });

  it('stops when it is cancelled', async () => {
    folder = testFolder(manyFiles(3000));
    client = await startInProcess({ profile: 'pull', folders: [folder] });
    const source = new CancellationTokenSource();
    let streamed = 0;
    client.connection.onProgress(new ProgressType<AuditedFile[]>(), 'partial', () => {
      streamed += 1;
      if (streamed === 10) source.cancel();
    });
    const params = { partialResultToken: 'partial' };
    const result = await client.connection.sendRequest<AuditResult>('corsLint/audit', params, source.token);
    expect(result.cancelled).toBe(true);
    expect(streamed).toBeLessThan(1500);
  });

  it('shows the mistakes in configuration files that it met', async () => {
    folder = testFolder({ 'sub/.corslintrc.json': '{ "rule": {} }', 'sub/a.tiny': 'bad\n' });
    client = await startInProcess({ profile: 'pull', folders: [folder] });
    await client.connection.sendRequest<AuditResult>('corsLint/audit', {});
    const configuration = folder.uriOf('sub/.corslintrc.json');
    await client.until(() => client.published.has(configuration));
    expect(client.published.get(configuration)?.diagnostics.map(inWords)).toEqual(['configuration warning 0:2-0:8']);
  });

  it('leaves a folder alone where it is switched off', async () => {
    folder = testFolder({ 'a.tiny': 'bad\n' });
    client = await startInProcess({ profile: 'pull', folders: [folder], settings: { enable: false } });
    const result = await client.connection.sendRequest<AuditResult>('corsLint/audit', {});
    expect(result).toMatchObject({ found: [], files: { seen: 0 } });
  });
});

it('publishes what is in closed files for a client that can only execute commands', async () => {
  folder = testFolder({ 'a.tiny': 'bad\n', 'b.tiny': 'bad\n' });
  client = await startInProcess({ profile: 'bare', folders: [folder] });
  const open = await client.open(folder.uriOf('b.tiny'), 'fine\n');
  expect(await client.findings(open)).toEqual([]);
  await client.connection.sendRequest('workspace/executeCommand', { command: 'cors-lint.server.audit' });
  const closed = folder.uriOf('a.tiny');
  await client.until(() => client.published.has(closed));
  expect(client.published.get(closed)?.diagnostics.map(inWords)).toEqual(['tiny-bad error 0:0-0:3']);
  expect(client.published.get(open)?.diagnostics).toEqual([]);
});
