import { describe, expect, it } from 'vitest';
import { inputFor } from '../../../../../test/harness/lintExample';
import { type Block, type Example, type Page, readPages } from '../../../../../test/harness/pages';
import { applyEdits, byFile, mergeEdits } from '../../../lint/edits';
import { lint } from '../../../lint/engine';

/**
 * Every fix of the rule pages' nginx blocks, made to the same text in another hand: the result is the page's own, in
 * that hand.
 */
const STYLES = {
  tabs: (text: string) => indented(text, '\t'),
  'two spaces': (text: string) => indented(text, '  '),
  'eight spaces': (text: string) => indented(text, '        '),
  'line breaks of Windows': (text: string) => text.replaceAll('\n', '\r\n'),
  'tabs and line breaks of Windows': (text: string) => indented(text, '\t').replaceAll('\n', '\r\n'),
} as const;

function indented(text: string, step: string): string {
  return text.replace(/^(?: {4})+/gm, (spaces) => step.repeat(spaces.length / 4));
}

interface Case {
  readonly page: Page;
  readonly example: Example;
  readonly faulty: Block;
  readonly fixed: Block;
}

const cases = readPages().flatMap((page) =>
  page.examples.flatMap((example) =>
    example.blocks.flatMap((fixed, i): Case[] => {
      const faulty = example.blocks.slice(0, i).findLast(({ role }) => role === 'faulty');
      const steps = /^(?: {4})*\S/;
      const usual = (block: Block) => block.text.split('\n').every((line) => line === '' || steps.test(line));
      return faulty && fixed.role === 'fixed' && fixed.language === 'nginx' && usual(faulty) && usual(fixed)
        ? [{ page, example, faulty, fixed }]
        : [];
    }),
  ),
);

describe.each(Object.entries(STYLES))('fixes keep to %s', (_, restyle) => {
  it.each(cases.map((each) => [`${each.page.id}, line ${each.fixed.line}`, each] as const))(
    '%s',
    async (_name, each) => {
      const { page, example, faulty, fixed } = each;
      const blocks = example.blocks.map((block) => ({ ...block, text: restyle(block.text) }));
      const text = restyle(faulty.text);
      const input = await inputFor({ ...example, blocks }, { ...faulty, text }, page.id);
      const wanted = fixed.attributes.get('fix');
      const fixes = lint(input).findings.flatMap((finding) => {
        const isWanted = ({ title, preferred }: { title: string; preferred: boolean }) =>
          wanted === undefined ? preferred : title.startsWith(wanted);
        return finding.fixes().find(isWanted) ?? [];
      });
      const edits = byFile(mergeEdits(fixes).edits);
      const target = edits.has(fixed.file) ? fixed.file : faulty.file;
      const before = target === faulty.file ? text : (input.host.read(target) ?? '');
      expect(applyEdits(before, edits.get(target) ?? [])).toBe(restyle(fixed.text));
    },
  );
});
