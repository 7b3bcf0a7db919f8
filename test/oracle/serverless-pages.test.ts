import { afterAll, beforeAll, expect, test } from 'vitest';
import { isOfFunction } from '../../server/src/platforms/serverless/endpoints/endpoint';
import { serverless } from '../../server/src/platforms/serverless/platform';
import { filesOf } from '../harness/lintExample';
import { memoryHost } from '../harness/memoryHost';
import { type Block, type Example, readPages } from '../harness/pages';
import { suiteNeeds } from '../harness/require';
import { compareEndpoint, summarise } from '../harness/serverlessCompare';
import { ARTIFACT, type Packager, startPackager } from '../harness/serverlessPackager';

/**
 * Blocks of the Serverless rule pages, packaged by osls. What is faulty because the framework refuses it stops the
 * packaging and no longer does once it is fixed; of what is packaged, the CloudFormation is what was predicted.
 */
const STOPS: readonly string[] = [
  'serverless-cors-key',
  'serverless-cors-misplaced',
  'serverless-cors-refused',
  'serverless-yaml',
  'serverless-intrinsic-origin',
];
const PACKAGED: readonly string[] = [
  ...STOPS,
  'serverless-origin-many',
  'serverless-origin-pattern',
  'serverless-options-twice',
  'serverless-path-conflict',
];

suiteNeeds('osls')('rule pages packaged by osls', () => {
  let osls: Packager;
  beforeAll(async () => {
    await serverless.prepare?.();
    osls = startPackager('osls');
  });
  afterAll(() => osls.stop());

  for (const page of readPages().filter(({ id }) => PACKAGED.includes(id))) {
    for (const example of page.examples) {
      for (const block of example.blocks
        .filter(({ language, role }) => language === 'yaml' && role !== 'with')
        .filter(({ attributes }) => !attributes.has('oracle'))) {
        const stops = block.role === 'faulty' && (STOPS.includes(page.id) || stopsByType(block));
        test(`${page.id}, line ${block.line}, ${block.role}: ${example.title}`, { timeout: 60_000 }, () =>
          judge(osls, example, block, stops),
        );
      }
    }
  }
});

/** A list where osls wants a string. */
function stopsByType({ text }: Block): boolean {
  return /^ *origin: \[/m.test(text);
}

async function judge(osls: Packager, example: Example, block: Block, stops: boolean): Promise<void> {
  const files = filesOf(example, block);
  const packed = new Map(files).set(block.file, `${block.text}\npackage:\n  artifact: ${ARTIFACT}\n`);
  const { exit, output, resources } = await osls.pack(packed);
  expect(exit, output).toBe(stops ? 1 : 0);
  if (resources === undefined) return;
  const summary = summarise(resources);
  const { endpoints } = serverless.analyse(block.file, block.text, memoryHost(files), {});
  for (const endpoint of endpoints.filter(isOfFunction)) compareEndpoint(endpoint, summary);
}
