import { judgePages, type ServerKind } from '../harness/judgePages';
import type { Block, Example } from '../harness/pages';
import { serveExpress } from '../harness/realExpress';
import { suiteNeeds } from '../harness/require';

suiteNeeds('chromium')('rule pages on both majors of Express', () => judgePages(serversFor));

function serversFor(example: Example, block: Block): ServerKind[] {
  if (!['js', 'ts'].includes(block.language) || block.attributes.has('main')) return [];
  return expressVersions(example).map((version) => ({
    name: `Express ${version}`,
    serve: (files, main) => serveExpress(files, main, version),
  }));
}

/** The major that the example's package.json asks for; both where it does not say. */
function expressVersions(example: Example): readonly (4 | 5)[] {
  const manifest = example.blocks.find(({ file }) => file === 'package.json');
  const [, major] = /"express"\s*:\s*"[^\d"]*(\d+)/.exec(manifest?.text ?? '') ?? [];
  return major === '4' ? [4] : major === '5' ? [5] : [4, 5];
}
