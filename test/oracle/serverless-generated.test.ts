import { afterAll, beforeAll, expect, test } from 'vitest';
import { lint } from '../../server/src/lint/engine';
import { rules } from '../../server/src/lint/registry';
import { DEFAULT_SETTINGS } from '../../server/src/lint/settings';
import type { ServerlessAnalysis } from '../../server/src/platforms/serverless/analysis';
import { isOfFunction } from '../../server/src/platforms/serverless/endpoints/endpoint';
import { serverless } from '../../server/src/platforms/serverless/platform';
import { memoryHost } from '../harness/memoryHost';
import { suiteNeeds } from '../harness/require';
import { compareEndpoint, summarise } from '../harness/serverlessCompare';
import { type Framework, type Packager, startPackager } from '../harness/serverlessPackager';
import { chooseSeed, randomFrom } from './nginx-random';
import { type MadeService, makeService } from './serverless-grammar';

/**
 * What we predict of services made from a grammar against the CloudFormation that the framework makes of them: the
 * OPTIONS methods and the responses of methods without proxy integration, the CORS configurations of the HTTP API and of
 * function URLs, and the keys that the framework complains of.
 *
 * `CASES=1000 npx vitest run test/oracle/serverless-generated.test.ts` tries more; `SEED=` picks others.
 */

const seed = chooseSeed();
const CASES = Number(process.env['CASES'] ?? 10);
const MOST_FAULTS = Number(process.env['FAULTS'] ?? 3);

/** Rules that speak of what stops osls, and makes version 3 warn. */
const REFUSED: ReadonlySet<string> = new Set(['serverless-cors-key', 'serverless-cors-misplaced']);

suiteNeeds('osls', 'serverless')('made-up services, packaged', () => {
  beforeAll(() => serverless.prepare?.());

  for (const framework of ['osls', 'serverless'] as const) {
    let packager: Packager;
    beforeAll(() => {
      packager = startPackager(framework);
    });
    afterAll(() => packager.stop());

    test(`${CASES} services by ${framework}, SEED=${seed}`, { timeout: 3_600_000 }, async () => {
      const faults: string[] = [];
      const counts = { packaged: 0, refused: 0, scripts: 0, compared: 0, unknown: 0 };
      for (let i = 0; i < CASES && faults.length < MOST_FAULTS; i++) {
        const service = makeService(randomFrom(seed + i));
        try {
          await judge(framework, packager, service, counts);
        } catch (error) {
          faults.push(`SEED=${seed + i} ${framework}: ${complaint(error)}\n${[...service.values()].join('\n---\n')}`);
        }
      }
      const { packaged, refused, scripts, compared, unknown } = counts;
      const share = unknown / (compared + unknown);
      console.log(
        `${framework}: ${packaged} packaged (${scripts} modules), ${refused} refused, ${compared} comparisons, ${(100 * share).toFixed(1)} % unknown`,
      );
      expect(faults.join('\n\n')).toBe('');
      expect(share).toBeLessThan(0.05);
    });
  }
});

/** What was predicted and what came out: a message shortens both. */
function complaint(error: unknown): string {
  const { message, actual, expected } = error as Error & { readonly actual?: unknown; readonly expected?: unknown };
  return actual === undefined ? message : `${JSON.stringify(actual)}, really ${JSON.stringify(expected)}\n${message}`;
}

interface Counts {
  packaged: number;
  refused: number;
  /** How many of the packaged are modules. */
  scripts: number;
  compared: number;
  unknown: number;
}

async function judge(framework: Framework, packager: Packager, service: MadeService, counts: Counts): Promise<void> {
  const [[file, text] = ['', '']] = service;
  const input = {
    platform: serverless,
    file,
    text,
    host: memoryHost(service),
    settings: DEFAULT_SETTINGS,
    rules,
    onCrash: ({ error }: { readonly error: unknown }) => {
      throw error;
    },
  };
  const { analysis, findings } = lint(input);
  const keys = findings
    .filter(({ rule }) => REFUSED.has(rule.id))
    .map(({ place }) => (service.get(place.file) ?? '').slice(place.start, place.end));
  const { exit, output, resources } = await packager.pack(service);
  const complaints = [...output.matchAll(/unrecognized property '(\w+)'/g)].map(([, key]) => key);
  expect([...new Set(keys)].sort(), output).toEqual([...new Set(complaints)].sort());
  expect(exit, output).toBe(framework === 'osls' && keys.length > 0 ? 1 : 0);
  if (resources === undefined) {
    counts.refused += 1;
    return;
  }
  counts.packaged += 1;
  if (file.endsWith('.js')) counts.scripts += 1;
  const summary = summarise(resources);
  for (const endpoint of (analysis as ServerlessAnalysis).endpoints.filter(isOfFunction)) {
    const count = compareEndpoint(endpoint, summary);
    counts.compared += count;
    if (count === 0) counts.unknown += 1;
  }
}
