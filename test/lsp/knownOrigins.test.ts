import { afterEach, expect, it } from 'vitest';
import { platforms, rules } from '../../server/src/lint/registry';
import { type TestClient, type TestFolder, testFolder } from './client';
import { startInProcess } from './inProcess';

const ANYONE = `const app = require('express')();
const cors = require('cors');
app.use(cors({ origin: true, credentials: true }));
app.get('/me', (req, res) => res.json({}));
`;
const LISTED = ANYONE.replace('origin: true', "origin: ['https://shop.example', 'http://localhost:3000']");
const PLACEHOLDER = 'Let in only a list of origins';

let folder: TestFolder;
let client: TestClient;

afterEach(() => {
  client.connection.dispose();
  folder.dispose();
});

/** The titles of the fixes that write a list of origins, in their order. */
async function offered(files: Record<string, string>, settings: object = {}): Promise<string[]> {
  folder = testFolder(files);
  client = await startInProcess({ profile: 'pull', folders: [folder], platforms, rules, settings });
  const other = await client.open(folder.uriOf('other.js'), LISTED, 'javascript');
  await client.diagnostics(other);
  const uri = await client.open(folder.uriOf('app.js'), ANYONE, 'javascript');
  const actions = await client.actions(uri, 'true, credentials');
  return actions.map(({ title }) => title).filter((title) => title.startsWith('Let in only'));
}

it("offers the settings' origins, and no list that would refuse them", async () => {
  const settings = { origins: ['https://app.example', 'https://admin.example'] };
  expect(await offered({}, settings)).toEqual([
    'Let in only https://app.example and https://admin.example, of the settings',
  ]);
});

it('offers the origins of other files, then a placeholder', async () => {
  expect(await offered({})).toEqual([
    'Let in only https://shop.example, as in other files of the workspace',
    PLACEHOLDER,
  ]);
});

it('takes them from .corslintrc.json too, each once, and writes them', async () => {
  const titles = await offered({ '.corslintrc.json': '{ "origins": ["https://shop.example"] }' });
  expect(titles).toEqual(['Let in only https://shop.example, of the settings']);
  const uri = folder.uriOf('app.js');
  const action = (await client.actions(uri, 'true, credentials')).find(({ title }) => title === titles[0]);
  await client.choose(action ?? { title: '' });
  expect(client.text(uri)).toBe(ANYONE.replace('origin: true', "origin: ['https://shop.example']"));
});
