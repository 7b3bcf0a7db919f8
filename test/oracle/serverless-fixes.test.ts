import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Edit } from '../../server/src/cors/repair';
import { applyEdits, byFile } from '../../server/src/lint/edits';
import { type LintInput, type LintResult, lint } from '../../server/src/lint/engine';
import { rules } from '../../server/src/lint/registry';
import { DEFAULT_SETTINGS } from '../../server/src/lint/settings';
import type { ServerlessAnalysis } from '../../server/src/platforms/serverless/analysis';
import { isOfFunction } from '../../server/src/platforms/serverless/endpoints/endpoint';
import { serverless } from '../../server/src/platforms/serverless/platform';
import { memoryHost } from '../harness/memoryHost';
import { suiteNeeds } from '../harness/require';
import { compareEndpoint, summarise } from '../harness/serverlessCompare';
import { type Packager, startPackager } from '../harness/serverlessPackager';
import { chooseSeed, type Random, randomFrom } from './nginx-random';
import { type MadeService, makeService } from './serverless-grammar';

/**
 * Made-up services with more faults than usual; every fix that is offered is made and packaged by osls: it packages
 * unless a finding still says that it will not, what comes out is what is predicted of the mended text, and the comments
 * around the edits are where they were.
 *
 * `CASES=200 npx vitest run test/oracle/serverless-fixes.test.ts` tries more; `SEED=` picks others.
 */
const SEED = chooseSeed();
const CASES = Number(process.env['CASES'] ?? 8);
/** How many fixes of one service are packaged: those of a rule are much alike. */
const MOST_FIXES = 4;

/** Rules that speak of what stops osls. */
const REFUSED: ReadonlySet<string> = new Set(['serverless-cors-key', 'serverless-cors-misplaced']);

suiteNeeds('osls')('fixes of made-up services', () => {
  let osls: Packager;
  beforeAll(async () => {
    await serverless.prepare?.();
    osls = startPackager('osls');
  });
  afterAll(() => osls.stop());

  test(`of ${CASES} services, SEED=${SEED}`, { timeout: 3_600_000 }, async () => {
    const faults: string[] = [];
    const made = new Map<string, number>();
    for (let i = 0; i < CASES && faults.length < 3; i++) {
      const random = randomFrom(SEED + i);
      const service = commented(makeService(random, 0.3), random);
      const before = lint(inputFor(service));
      let tried = 0;
      for (const finding of before.findings) {
        for (const fix of finding.fixes()) {
          if (++tried > MOST_FIXES) break;
          const id = `${finding.rule.id}: ${fix.title.replace(/`[^`]*`/g, '…')}`;
          made.set(id, (made.get(id) ?? 0) + 1);
          const after = edited(service, fix.edits);
          try {
            checkComments(service, after, fix.edits);
            await judge(osls, after);
          } catch (error) {
            const texts = [...after].map(([file, text]) => `# ${file}\n${text}`);
            const { message } = error as Error;
            faults.push(`SEED=${SEED + i} "${fix.title}" for ${finding.rule.id}: ${message}\n${texts.join('\n')}`);
          }
        }
      }
    }
    console.info([...made].map(([id, count]) => `${count} × ${id}`).join('\n'));
    expect(faults.join('\n\n')).toBe('');
    expect(made.size).toBeGreaterThan(2);
  });
});

function inputFor(service: MadeService): LintInput {
  const [[file, text] = ['', '']] = service;
  return {
    platform: serverless,
    file,
    text,
    host: memoryHost(service),
    settings: DEFAULT_SETTINGS,
    rules,
    onCrash: ({ error }) => {
      throw error;
    },
  };
}

/** Comments above events and keys, and behind values, each with a number of its own. */
function commented(service: MadeService, random: Random): MadeService {
  let count = 0;
  const withComments = (file: string, text: string): string => {
    const sign = file.endsWith('.js') ? '//' : '#';
    return text
      .split('\n')
      .flatMap((line) => {
        const isAlone = /^ *(?:- )?[a-z]\w*:(?: |$)/i.test(line) && random.chance(0.2);
        const above = isAlone ? [`${/^ */.exec(line)?.[0] ?? ''}${sign} above-${++count}.`] : [];
        const behind = /[\w'"\]},]$/.test(line) && random.chance(0.2) ? ` ${sign} behind-${++count}.` : '';
        return [...above, `${line}${behind}`];
      })
      .join('\n');
  };
  return new Map([...service].map(([file, text]) => [file, withComments(file, text)]));
}

function edited(service: MadeService, edits: readonly Edit[]): MadeService {
  const texts = new Map(service);
  for (const [file, some] of byFile(edits)) texts.set(file, applyEdits(texts.get(file) ?? '', some));
  return texts;
}

/** A comment may go only with the line that it belongs to. */
function checkComments(before: MadeService, after: MadeService, edits: readonly Edit[]): void {
  for (const [file, text] of before) {
    for (const { 0: comment, index } of text.matchAll(/(?:#|\/\/) (?:above|behind)-\d+\./g)) {
      if (after.get(file)?.includes(comment)) continue;
      const line = text.lastIndexOf('\n', index) + 1;
      const first = line + (/^\s*(?:- )?/.exec(text.slice(line))?.[0].length ?? 0);
      const isOfLine = edits.some((edit) => edit.file === file && edit.start <= first && edit.end >= index);
      expect({ comment, isOfLine }).toEqual({ comment, isOfLine: true });
    }
  }
}

async function judge(osls: Packager, service: MadeService): Promise<void> {
  const { analysis, findings }: LintResult = lint(inputFor(service));
  const isRefused = findings.some(({ rule, message }) => REFUSED.has(rule.id) && !/is not read/.test(message));
  const { exit, output, resources } = await osls.pack(service);
  expect(exit, output).toBe(isRefused ? 1 : 0);
  if (resources === undefined) return;
  const summary = summarise(resources);
  for (const endpoint of (analysis as ServerlessAnalysis).endpoints.filter(isOfFunction)) {
    compareEndpoint(endpoint, summary);
  }
}
