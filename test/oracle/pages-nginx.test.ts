import { judgePages, type ServerKind } from '../harness/judgePages';
import type { Block, Example } from '../harness/pages';
import { serveNginx } from '../harness/realNginx';
import { isProgram, serveStack } from '../harness/realStack';
import { suiteNeeds } from '../harness/require';

suiteNeeds('nginx', 'chromium')('rule pages on the real nginx', () => judgePages(serversFor));

/** With an application beside it, the real one stands behind, in both majors. */
function serversFor(example: Example, block: Block): ServerKind[] {
  if (block.language !== 'nginx') return [];
  const isStack = example.blocks.some(({ role, file }) => role === 'with' && isProgram(file));
  if (!isStack) return [{ name: 'nginx', serve: serveNginx }];
  return ([4, 5] as const).map((version) => ({
    name: `nginx before Express ${version}`,
    serve: (files, main, paths) => serveStack(files, main, paths, version),
  }));
}
