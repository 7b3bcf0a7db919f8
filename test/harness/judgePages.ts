import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Call } from '../../server/src/cors/call';
import { lint } from '../../server/src/lint/engine';
import type { Analysis, Category, Finding } from '../../server/src/lint/types';
import { type RunningChromium, startChromium, type Web } from './chromium';
import { answersAlike, callsTo, describeCall, judgeCall, originsOf } from './judge';
import { filesOf, inputFor } from './lintExample';
import { type Block, type Example, type Page, readPages } from './pages';
import type { RealServer } from './realServer';

/** A server that examples are served by. */
export interface ServerKind {
  readonly name: string;
  readonly serve: (files: ReadonlyMap<string, string>, main: string, paths: readonly string[]) => Promise<RealServer>;
}

/**
 * Defines the tests of the examples on the rule pages: served by the real server and fetched by a real browser. For
 * the request that a finding gives as its evidence the browser's verdict is the predicted one, before and after the
 * fix. For a matrix of other requests, whatever the model claims to know is so: the verdict, the statuses, and each
 * CORS header of preflight and response.
 * @param serversFor the servers that a block can be served by; none when it is of another platform
 */
export function judgePages(serversFor: (example: Example, block: Block) => readonly ServerKind[]): void {
  let chromium: RunningChromium;
  beforeAll(async () => {
    chromium = await startChromium();
  });
  afterAll(() => chromium?.stop());

  for (const page of readPages()) {
    for (const example of page.examples) {
      for (const [index, block] of example.blocks.entries()) {
        const faulty = block.role === 'faulty' ? block : example.blocks.slice(0, index).findLast(isFaulty);
        if (block.role === 'with' || [block, faulty].some((one) => one?.attributes.has('oracle'))) continue;
        for (const server of serversFor(example, block)) {
          const name = `${page.id}, line ${block.line}, ${block.role} on ${server.name}: ${example.title}`;
          test(name, () => judgeBlock(page, example, block, faulty, server, chromium));
        }
      }
    }
  }
}

/** Holds one block, and what the page's rule finds in the faulty block before it, to the real server. */
async function judgeBlock(
  page: Page,
  example: Example,
  block: Block,
  faulty: Block | undefined,
  { serve }: ServerKind,
  chromium: RunningChromium,
): Promise<void> {
  const { analysis } = lint(await inputFor(example, block, page.id));
  if (analysis === undefined) throw new Error('the block cannot be analysed');
  const evidence = faulty === undefined || block.role === 'clean' ? [] : await evidenceOf(page, example, faulty);
  const paths = [...analysis.endpoints.map(({ path }) => path), ...evidence.map(({ call }) => call.path)];
  const server = await serve(filesOf(example, block), block.file, paths).catch((error: unknown) => {
    // Some faults are that the server does not start. They have no request to show.
    if (block.role === 'faulty' && evidence.length === 0) return undefined;
    throw error;
  });
  if (server === undefined) return;
  const web = await chromium.web(originsOf(server));
  try {
    for (const item of evidence) await judgeEvidence(item, block, analysis, server, web);
    for (const call of callsTo(analysis.endpoints)) {
      await judgeCall(call, analysis.endpoints, server, web).catch(async (error: unknown) => {
        // Some faults are that the same request gets now this answer, now that. Nobody can predict those.
        if (block.role !== 'faulty' || evidence.length > 0) throw error;
        if (await answersAlike(call, analysis.endpoints, server, web)) throw error;
      });
    }
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n${server.log()}`, { cause: error });
  } finally {
    await web.close();
    await server.stop();
  }
}

interface Evidence {
  readonly call: Call;
  readonly category: Category;
  readonly finding: Finding;
}

/** The requests that the findings of the page's rule give as their proof. */
async function evidenceOf(page: Page, example: Example, faulty: Block): Promise<Evidence[]> {
  const { findings } = lint(await inputFor(example, faulty, page.id));
  return findings.flatMap((finding) => {
    const { rule, exchange } = finding;
    if (rule.id !== page.id || exchange === undefined) return [];
    return [{ call: exchange.call, category: rule.category, finding }];
  });
}

async function judgeEvidence(
  { call, category, finding }: Evidence,
  block: Block,
  analysis: Analysis,
  server: RealServer,
  web: Web,
): Promise<void> {
  const real = await judgeCall(call, analysis.endpoints, server, web);
  if (real === undefined) return;
  const before = finding.exchange?.verdict.result;
  const said = `${finding.message}\n${describeCall(call)}`;
  if (block.role === 'faulty') expect(real, said).toBe(before);
  if (block.role === 'fixed' && category === 'broken' && real !== 'allowed') {
    // A fix may be to give up credentials: then the call without them is what works.
    expect(call.credentials, said).toBe(true);
    const without = { ...call, credentials: false };
    expect(await judgeCall(without, analysis.endpoints, server, web), said).toBe('allowed');
  }
  if (block.role === 'fixed' && category === 'insecure') expect(real, said).toBe('blocked');
}

function isFaulty(block: Block): boolean {
  return block.role === 'faulty';
}
