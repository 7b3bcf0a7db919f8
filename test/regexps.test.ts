import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyse, type Report } from 'scslre';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { projectRoot } from './harness/require';

/** The regular expressions that stand in a file, as written. */
function literalsIn(text: string): { readonly literal: string; readonly line: number }[] {
  const file = ts.createSourceFile('file.ts', text, ts.ScriptTarget.Latest);
  const found: { literal: string; line: number }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      found.push({
        literal: node.text,
        line: file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1,
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** Why a text could take more than linear time. */
function slowness(literal: string): readonly Report[] {
  const end = literal.lastIndexOf('/');
  return analyse({ source: literal.slice(1, end), flags: literal.slice(end + 1) }).reports;
}

describe('regular expressions', () => {
  test('of ours take linear time, whatever a workspace holds', () => {
    const files = ['client', 'server'].flatMap((folder) =>
      readdirSync(join(projectRoot, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && /\.ts$/.test(entry.name) && !/\.test\.ts$/.test(entry.name))
        .map((entry) => join(entry.parentPath, entry.name)),
    );
    const literals = files.flatMap((file) =>
      literalsIn(readFileSync(file, 'utf8')).map((one) => ({ file: file.slice(projectRoot.length + 1), ...one })),
    );
    expect(literals.length).toBeGreaterThan(500);
    const slow = literals.flatMap(({ file, line, literal }) =>
      slowness(literal).map(
        ({ type, character }) => `${file}:${line}: ${type} of ${character.literal.source}: ${literal}`,
      ),
    );
    expect(slow.join('\n')).toBe('');
  }, 120_000);

  test.each([
    ['/(a|a*)+$/', 'in exponential time'],
    [String.raw`/\s*,\s*/`, 'from every place again'],
    [String.raw`/^\s*\s*$/`, 'shared between two loops'],
  ])('%s is found: %s', (literal) => {
    expect(slowness(literal)).not.toEqual([]);
  });
});
