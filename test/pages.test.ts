import { describe, expect, it } from 'vitest';
import { applyEdits, byFile, mergeEdits } from '../server/src/lint/edits';
import { lint } from '../server/src/lint/engine';
import { platforms, rules } from '../server/src/lint/registry';
import type { Fix } from '../server/src/lint/types';
import { asMarks, inputFor, withMarks } from './harness/lintExample';
import { type Block, type Example, type Page, readPages } from './harness/pages';

const pages = readPages();
const ids = [...rules, ...platforms.flatMap((platform) => platform.rules)].map((rule) => rule.meta.id);

describe('every rule has its page, and every page its rule', () => {
  it('names them alike', () => {
    expect(pages.map(({ id }) => id).sort()).toEqual([...ids].sort());
  });

  it.each(pages.map((page) => [page.id, page] as const))('%s: faulty examples are marked with it', (id, page) => {
    const marked = page.examples.flatMap(({ blocks }) => blocks.filter(({ role }) => role === 'faulty'));
    expect(marked.length).toBeGreaterThan(0);
    for (const block of marked)
      expect(
        block.marks.map(({ rule }) => rule),
        `line ${block.line}`,
      ).toContain(id);
  });
});

for (const page of pages) {
  describe(page.id, () => {
    for (const example of page.examples) {
      for (const [i, block] of example.blocks.entries()) {
        const name = `${example.title}, line ${block.line}`;
        if (block.role === 'faulty' || block.role === 'clean')
          it(`${block.role}: ${name}`, () => finds(page, example, block));
        const faulty = example.blocks.slice(0, i).findLast(({ role }) => role === 'faulty');
        if (block.role === 'fixed' && faulty) it(`fixed: ${name}`, () => mends(page, example, faulty, block));
      }
    }
  });
}

async function finds(page: Page, example: Example, block: Block): Promise<void> {
  const input = await inputFor(example, block, page.id);
  const { findings } = lint(input);
  expect(withMarks(block.text, asMarks(findings, block.file))).toBe(withMarks(block.text, sorted(block)));
  expect(asMarks(findings, block.file)).toEqual(sorted(block));
}

async function mends(page: Page, example: Example, faulty: Block, fixed: Block): Promise<void> {
  const input = await inputFor(example, faulty, page.id);
  const { findings } = lint(input);
  const wanted = fixed.attributes.get('fix');
  const fixes = findings.flatMap((finding): Fix[] => {
    const fix = finding
      .fixes()
      .find(({ title, preferred }) => (wanted === undefined ? preferred : title.startsWith(wanted)));
    return fix ? [fix] : [];
  });
  expect(
    fixes.length,
    `fixes offered: ${findings.flatMap((finding) => finding.fixes().map(({ title }) => title)).join(' | ')}`,
  ).toBeGreaterThan(0);
  const edits = byFile(mergeEdits(fixes).edits);
  const target = edits.has(fixed.file) ? fixed.file : faulty.file;
  const before = target === faulty.file ? faulty.text : (input.host.read(target) ?? '');
  const after = applyEdits(before, edits.get(target) ?? []);
  expect(after).toBe(fixed.text);
  if (fixed.file === faulty.file) {
    const again = lint(await inputFor(example, { ...faulty, text: after }, page.id));
    expect(withMarks(after, asMarks(again.findings, fixed.file))).toBe(withMarks(after, sorted(fixed)));
  }
}

function sorted(block: Block): Block['marks'] {
  return [...block.marks].sort((a, b) => a.start - b.start || a.end - b.end || (a.rule < b.rule ? -1 : 1));
}
