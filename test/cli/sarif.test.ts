import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { sarifReport } from '../../server/src/report/sarif';
import { nameFile, reportData } from '../../server/src/report/testing/reportData';
import { projectRoot } from '../harness/require';
import { sarifMistakes } from '../harness/sarifSchema';
import { buildCli, runCli } from './runCli';

vi.setConfig({ testTimeout: 120_000 });

describe("SARIF holds to the standard's schema", () => {
  const log = () => JSON.parse(sarifReport(reportData(), nameFile));

  test.each([
    ['everything that a report can have', reportData()],
    ['hostile words of a workspace', reportData('"]( <a b\u0000\ud800> %zz')],
    ['an audit that was called off', { ...reportData(), cancelled: true }],
    ['nothing found', { ...reportData(), findings: [] }],
  ])('for %s', (_title, data) => {
    expect(sarifMistakes(JSON.parse(sarifReport(data, nameFile)))).toEqual([]);
  });

  test('which refuses what is wrong', () => {
    const [run] = log().runs;
    const result = run.results[0];
    const region = { ...result.locations[0].physicalLocation.region, startLine: 0 };
    const physicalLocation = { ...result.locations[0].physicalLocation, region };
    for (const wrong of [
      { ...result, level: 'info' },
      { ...result, rule_id: 'x' },
      { ...result, message: 'text' },
      { ...result, locations: [{ physicalLocation }] },
    ]) {
      expect(sarifMistakes({ ...log(), runs: [{ ...run, results: [wrong] }] })).not.toEqual([]);
    }
  });
});

describe('SARIF of the built command line', () => {
  let folder: string;
  beforeAll(async () => {
    await buildCli();
    folder = mkdtempSync(join(tmpdir(), 'cors-lint-sarif-'));
    cpSync(join(projectRoot, 'examples'), join(folder, 'a b/ü<#>'), { recursive: true });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("holds to the standard's schema for the example projects", async () => {
    const { out } = await runCli(['--format', 'sarif'], { cwd: folder });
    const log = JSON.parse(out);
    expect(log.runs[0].results.length).toBeGreaterThan(9);
    expect(sarifMistakes(log)).toEqual([]);
  });
});
