import { beforeAll, expect, test } from 'vitest';
import type { Edit } from '../../server/src/cors/repair';
import { applyEdits } from '../../server/src/lint/edits';
import { lint } from '../../server/src/lint/engine';
import type { Finding } from '../../server/src/lint/types';
import { express } from '../../server/src/platforms/express/platform';
import { inputFor } from '../harness/lintExample';
import { type Block, type Example, readPages } from '../harness/pages';
import { LAYOUTS, type Layout } from './express-fixes-layouts';
import { syntaxErrors } from './express-world';

/**
 * Every fix that the rule pages have for Express and its siblings is made in programs that are written in other ways:
 * other line ends, quotes and indentation, no semicolons, comments everywhere, one line, types. A finding has
 * its fixes there too; what they make parses, the finding is gone, line ends stay as they were, and no comment is lost but in the
 * middle of what a fix replaces.
 */

interface Faulty {
  readonly id: string;
  readonly example: Example;
  readonly block: Block;
}

const blocks: readonly Faulty[] = readPages().flatMap(({ id, examples }) =>
  examples.flatMap((example) =>
    example.blocks
      .filter(({ role, file, attributes }) => role === 'faulty' && /\.[jt]s$/.test(file) && !attributes.has('main'))
      .map((block) => ({ id, example, block })),
  ),
);

beforeAll(() => express.prepare?.());

test.each(LAYOUTS)(
  '$name',
  async (layout) => {
    const faults: string[] = [];
    let made = 0;
    const declined: string[] = [];
    let unseen = 0;
    for (const { id, example, block } of blocks) {
      const input = await inputFor(example, block, id);
      if (input.platform.id !== 'express') continue;
      const tidy = lint(input).findings.filter((finding) => finding.fixes().length > 0);
      const text = layout.lay(block.text);
      if (tidy.length === 0 || text === undefined) continue;
      const file = layout.language === undefined ? block.file : block.file.replace(/\.js$/, `.${layout.language}`);
      const name = `${id}, line ${block.line}`;
      const ugly = await inputFor(example, { ...block, file, text }, id);
      const { findings } = lint(ugly);
      for (const { rule } of tidy) {
        if (findings.some((one) => one.rule === rule && one.fixes().length > 0)) continue;
        const isFound = findings.some((one) => one.rule === rule);
        if (isFound) declined.push(`${name}: no fix for ${rule.id}\n${text}`);
        else unseen += 1;
      }
      for (const finding of findings) {
        for (const { title, edits } of finding.fixes()) {
          made += 1;
          const own = edits.filter((edit) => edit.file === file);
          const after = applyEdits(text, own);
          const complain = (what: string) => faults.push(`${name}: "${title}": ${what}\n${after}`);
          for (const error of syntaxErrors(file, after)) complain(error);
          for (const what of spoiltBy(layout, text, own, after)) complain(what);
          const left = lint(await inputFor(example, { ...block, file, text: after }, id)).findings;
          if (own.length === edits.length && count(left, finding) >= count(findings, finding))
            complain('it is still found');
        }
      }
    }
    console.log(
      `${layout.name}: ${made} fixes made, ${declined.length} findings without theirs, ${unseen} findings not made`,
    );
    expect(faults.slice(0, Number(process.env['FAULTS'] ?? 5)).join('\n\n')).toBe('');
    expect(declined.length, declined.join('\n\n')).toBeLessThanOrEqual(layout.declines ?? 0);
    expect(made).toBeGreaterThan(50);
  },
  300_000,
);

function count(findings: readonly Finding[], { rule }: Finding): number {
  return findings.filter((one) => one.rule === rule).length;
}

function spoiltBy({ name }: Layout, before: string, edits: readonly Edit[], after: string): string[] {
  const spoilt: string[] = [];
  if (name.includes('CRLF') && /(?<!\r)\n/.test(after)) spoilt.push('a line ends otherwise than the others');
  if (name.includes('byte order') && after.lastIndexOf('\uFEFF') !== 0)
    spoilt.push('the byte order mark is not at the start');
  for (const { index, 0: comment } of before.matchAll(/\/\* \d+ \*\//g)) {
    if (after.includes(comment)) continue;
    const edit = edits.find(({ start, end }) => start <= index && index + comment.length <= end);
    if (edit === undefined || isAtEdge(before.slice(edit.start, edit.end), comment)) spoilt.push(`${comment} is lost`);
  }
  return spoilt;
}

/** Whether a comment stands at the start or, but for the end of a line that goes as a whole, at the end. */
function isAtEdge(replaced: string, comment: string): boolean {
  return replaced.trimStart().startsWith(comment) || (replaced.endsWith(comment) && !replaced.includes('\n'));
}
