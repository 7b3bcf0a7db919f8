import { beforeAll, describe, expect, it } from 'vitest';
import { prepare } from './load';
import { createModule } from './module';

beforeAll(prepare);

describe('parse', () => {
  it.each([
    ['a.js', 'const a = <div className="x">{b}</div>;'],
    ['a.jsx', 'export default () => <></>;'],
    ['a.js', 'function f(x: string): number { return 1 }'],
    ['a.ts', 'const a = <T,>(x: T) => x as unknown as string;'],
    ['a.tsx', 'const a: string = b!; const c = <p>{a satisfies string}</p>;'],
    ['a.mjs', 'await import("x"); export {};'],
    ['a.cjs', '#!/usr/bin/env node\nmodule.exports = 1; return;'],
    ['a.mts', 'export type A = { b: string }; const a = <string>b;'],
    ['a.json', '{ "origin": ["a"] }'],
  ])('reads %s: %s', (path, text) => {
    const module = createModule(path, text);
    expect(module.errors).toEqual([]);
    expect(module.program.body.length).toBeGreaterThan(0);
  });

  it('gives a tree and an exact error for half-typed code', () => {
    const text = 'app.use(cors({ origin: }));\nconst next = 1;';
    const module = createModule('a.js', text);
    const [call] = module.index.of('CallExpression');
    expect(call && text.slice(...call.range)).toBe('app.use(cors({ origin: }))');
    expect(module.errors[0]).toEqual({ message: 'Expression expected.', range: { start: 23, end: 24 } });
    expect(module.program.body).toHaveLength(2);
  });

  it('counts offsets in the original text, CRLF and byte order mark included', () => {
    const text = '\uFEFF// one\r\nconst a = "é😀";\r\ncall(a);\r\n';
    const module = createModule('a.js', text);
    const [call] = module.index.of('CallExpression');
    expect(call && text.slice(...call.range)).toBe('call(a)');
    const [comment] = module.comments;
    expect(comment).toMatchObject({ kind: 'line', text: ' one' });
    expect(comment && text.slice(comment.range.start, comment.range.end)).toBe('// one');
  });

  it('gives comments in order, also in broken text', () => {
    const module = createModule('a.js', 'const s = "// no"; /* yes */ foo( // also');
    expect(module.comments.map((comment) => [comment.kind, comment.text])).toEqual([
      ['block', ' yes '],
      ['line', ' also'],
    ]);
  });

  it('survives nesting that no parser follows', () => {
    for (const [open, close] of [
      ['(', ')'],
      ['[', ']'],
      ['{a:', '}'],
      ['f(', ')'],
      ['!', ''],
    ] as const) {
      const module = createModule('a.js', `x = ${open.repeat(30_000)}1${close.repeat(30_000)}`);
      expect(module.index.of('Program')).toHaveLength(1);
      if (module.program.body.length === 0) expect(module.errors[0]?.message).toMatch(/too deeply|could not be read/);
    }
  });

  it('reads an empty file', () => {
    const module = createModule('a.ts', '');
    expect(module.program.body).toEqual([]);
    expect(module.errors).toEqual([]);
  });
});
