import { afterEach, describe, expect, it } from 'vitest';
import { inWords, type TestClient, type TestFolder, testFolder } from './client';
import { startInProcess } from './inProcess';

let folder: TestFolder;
let client: TestClient;

afterEach(() => {
  client.connection.dispose();
  folder.dispose();
});

describe.each(['pull', 'push'] as const)('a client that is like %s', (profile) => {
  it('changes a severity and switches everything off and on', async () => {
    folder = testFolder();
    client = await startInProcess({ profile, folders: [folder], initializationOptions: { settings: {} } });
    const uri = await client.open(folder.uriOf('a.tiny'), 'bad');
    expect(await client.findings(uri)).toEqual(['tiny-bad error 0:0-0:3']);
    await client.configure({ rules: { 'tiny-bad': 'hint' } });
    await expect.poll(() => client.findings(uri)).toEqual(['tiny-bad hint 0:0-0:3']);
    await client.configure({ enable: false });
    await expect.poll(() => client.findings(uri)).toEqual([]);
    await client.configure({ enable: true });
    await expect.poll(() => client.findings(uri)).toEqual(['tiny-bad error 0:0-0:3']);
  });

  it('changes what .corslintrc.json says while it is typed, saved or not', async () => {
    folder = testFolder({ '.corslintrc.json': '{}' });
    client = await startInProcess({ profile, folders: [folder] });
    const uri = await client.open(folder.uriOf('a.tiny'), 'bad');
    expect(await client.findings(uri)).toHaveLength(1);
    const configuration = await client.open(folder.uriOf('.corslintrc.json'), '{}', 'json');
    await client.type(configuration, '{}', '{"rules":{"tiny-bad":"off"}}');
    await expect.poll(() => client.findings(uri)).toEqual([]);
    await client.close(configuration);
    await expect.poll(() => client.findings(uri)).toHaveLength(1);
  });

  it('shows the mistakes in .corslintrc.json at their place, open or not, each once', async () => {
    folder = testFolder({ '.corslintrc.json': '{\n  "rules": { "tiny-bad": "loud" }\n}\n' });
    client = await startInProcess({ profile, folders: [folder] });
    const configuration = folder.uriOf('.corslintrc.json');
    await client.findings(await client.open(folder.uriOf('a.tiny'), 'bad'));
    await client.until(() => client.published.get(configuration)?.diagnostics.length === 1);
    expect(client.published.get(configuration)?.diagnostics.map(inWords)).toEqual(['configuration warning 1:25-1:31']);
    await client.open(configuration, '{\n  "rules": { "tiny-bad": "loud" }\n}\n', 'json');
    expect(await client.findings(configuration)).toEqual(['configuration warning 1:25-1:31']);
    if (profile === 'pull') await client.until(() => client.published.get(configuration)?.diagnostics.length === 0);
    await client.type(configuration, 'loud', 'error');
    expect(await client.findings(configuration)).toEqual([]);
  });
});

it('writes mistakes in the settings of the editor to the log', async () => {
  folder = testFolder();
  client = await startInProcess({ profile: 'pull', folders: [folder], settings: { rules: { 'tiny-bed': 'off' } } });
  await client.findings(await client.open(folder.uriOf('a.tiny'), 'bad'));
  await client.until(() => client.logs.some(({ message }) => message.includes('tiny-bed')));
});

it('asks for the settings of each folder once', async () => {
  folder = testFolder();
  client = await startInProcess({ profile: 'pull', folders: [folder], settings: { rules: { 'tiny-bad': 'info' } } });
  const uri = await client.open(folder.uriOf('a.tiny'), 'bad');
  expect(await client.findings(uri)).toEqual(['tiny-bad info 0:0-0:3']);
  client.settings = { rules: { 'tiny-bad': 'off' } };
  await client.type(uri, 'bad', 'x bad');
  expect(await client.findings(uri)).toEqual(['tiny-bad info 0:2-0:5']);
});
