import { afterEach, expect, test } from 'vitest';
import { platforms, rules } from '../lint/registry';
import { nodeDisk } from './nodeDisk';
import { openWorkspace } from './openWorkspace';
import { openScratch, type Scratch } from './testing/scratch';

let scratch: Scratch;
afterEach(() => scratch?.remove());

const app = (origin: string): string => `const app = require('express')();
app.use(require('cors')({ origin: ${origin}, credentials: true }));
app.get('/', (req, res) => res.json([]));
`;
const FILES = {
  'a/b.js': app("['https://b.example', 'https://c.example']"),
  'a/c.js': app("['https://c.example', 'https://a.example']"),
  'a/d.js': app('true'),
};

/** What is offered for the file that lets everyone in, once the files were looked at in this order. */
async function offered(order: readonly string[], offersSeenOrigins: boolean): Promise<string[]> {
  scratch = openScratch(FILES);
  const workspace = openWorkspace({ disk: nodeDisk, root: scratch.root, platforms, rules, offersSeenOrigins });
  for (const file of order) await workspace.lint(scratch.at(file));
  const { findings } = await workspace.lint(scratch.at('a/d.js'));
  const titles = findings.flatMap((finding) => finding.fixes().map(({ title }) => title));
  scratch.remove();
  return titles.filter((title) => title.startsWith('Let in only'));
}

test('origins of other files are offered where that is wanted, the most usual first, then by name', async () => {
  const seen = 'Let in only https://c.example and 2 more, as in other files of the workspace';
  const titles = await offered(['a/b.js', 'a/c.js'], true);
  expect(titles).toContain(seen);
  expect(await offered(['a/c.js', 'a/b.js'], true)).toEqual(titles);
});

test('elsewhere the fixes of a file do not depend on what was looked at before', async () => {
  const alone = await offered([], false);
  expect(alone).not.toEqual([]);
  expect(await offered(['a/b.js', 'a/c.js'], false)).toEqual(alone);
});
