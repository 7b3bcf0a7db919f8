import { beforeAll, expect, test } from 'vitest';
import { express } from '../../platforms/express/platform';
import type { Content } from '../disk';
import { openSlices } from '../slices';
import { openLinks } from './links';
import { openListeners } from './listeners';

const APP = "const app = require('express')();\napp.get('/', (req, res) => res.json([]));\napp.listen(3001);\n";
const SILENT = Array.from({ length: 50 }, (_, i) => `/w/src/m${i}.js`);

beforeAll(() => express.prepare?.());

function opened() {
  const texts = new Map([['/w/app.js', APP], ...SILENT.map((file) => [file, 'export const n = 1;\n'] as const)]);
  const asked: string[] = [];
  const host = {
    read: (file: string) => texts.get(file),
    resolve: (_from: string, relative: string) => relative,
    glob: () => [],
    version: (file: string) => {
      asked.push(file);
      return texts.get(file);
    },
    content: (file: string): Content => {
      const text = texts.get(file);
      return text === undefined ? { kind: 'none', reason: 'gone' } : { kind: 'text', text, bom: false, version: text };
    },
  };
  const listeners = openListeners(
    host,
    [express],
    (file) => file,
    (file) =>
      openLinks(
        () => undefined,
        () => file,
      ),
  );
  for (const file of texts.keys()) listeners.add(file);
  return { listeners, texts, asked };
}

test('files without a listener are read once and asked for nothing after that', async () => {
  const { listeners, asked } = opened();
  await listeners.settle(openSlices(undefined));
  asked.length = 0;
  expect(listeners.all().map(({ file }) => file)).toEqual(['/w/app.js']);
  expect(asked.filter((file) => SILENT.includes(file))).toEqual([]);
});

test('a file that begins to listen, one that ends, and one that is gone, once they are touched', () => {
  const { listeners, texts } = opened();
  listeners.all();
  texts.set('/w/src/m1.js', APP);
  listeners.touch('/w/src/m1.js');
  expect(listeners.all().map(({ file }) => file)).toEqual(['/w/app.js', '/w/src/m1.js']);
  texts.set('/w/app.js', '// nothing\n');
  expect(listeners.all().map(({ file }) => file)).toEqual(['/w/src/m1.js']);
  texts.delete('/w/src/m1.js');
  listeners.touch('/w/src/m1.js');
  expect(listeners.all()).toEqual([]);
});
