import { beforeAll, describe, expect, test } from 'vitest';
import type { ServerlessAnalysis } from '../../server/src/platforms/serverless/analysis';
import { isOfFunction } from '../../server/src/platforms/serverless/endpoints/endpoint';
import { serverless } from '../../server/src/platforms/serverless/platform';
import { memoryHost } from '../harness/memoryHost';
import { compareEndpoint } from '../harness/serverlessCompare';
import { caseFiles, packagedCases } from '../harness/serverlessFacts';

/**
 * The prediction against the CloudFormation that serverless 3.40 and osls 4.3 made of 149 files: the preflight
 * method of every REST path, the responses of methods without proxy integration, the CORS configuration of the HTTP
 * API and of function URLs.
 */
const cases = packagedCases();

beforeAll(() => serverless.prepare?.());

function analyse(yaml: string): ServerlessAnalysis {
  return serverless.analyse('serverless.yml', yaml, memoryHost(new Map([['serverless.yml', yaml], ...caseFiles])), {});
}

describe.each([['serverless'], ['osls']] as const)('what %s packaged', (version) => {
  let compared = 0;
  let abstained = 0;
  const packaged = cases.filter((one) => one[version].resources !== null);

  test.each(packaged.map((one) => [one.id, one] as const))('%s', (_, one) => {
    const { resources } = one[version];
    if (resources === null) return;
    const { endpoints } = analyse(one.yaml);
    for (const endpoint of endpoints.filter(isOfFunction)) {
      const count = compareEndpoint(endpoint, resources);
      compared += count;
      if (count === 0) abstained += 1;
    }
  });

  test('little is left unknown', () => {
    console.info(
      `${version}: ${packaged.length} files packaged, ${compared} comparisons, ${abstained} endpoints unknown`,
    );
    expect(compared).toBeGreaterThan(version === 'osls' ? 90 : 110);
    expect(abstained / (compared + abstained)).toBeLessThan(0.05);
  });
});
