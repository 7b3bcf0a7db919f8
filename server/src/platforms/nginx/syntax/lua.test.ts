import { describe, expect, test } from 'vitest';
import { findLuaBlockEnd } from './lua';

/** Pieces of Lua in which every brace is either balanced or means nothing. */
const PIECES: readonly string[] = [
  'local a = 1\n',
  'ngx.say("}")\n',
  "ngx.say('{')\n",
  'ngx.say("\\"}")\n',
  "ngx.say('\\'{')\n",
  'ngx.say("\\\\")\n',
  'x = [[ } " ]] ',
  'x = [==[ ]] ]=] }\n} ]==] ',
  '--[[ { " \n } ]] ',
  '--[=[ ]] } ]=] ',
  '-- } " {\n',
  '--[ } not long\n',
  '--[==x } {{\n',
  't = { 1, { 2 }, "}" }\n',
  't1[t2[1]] = a - b\n',
  'if a then b = -{} end\n',
  's = [[ok--]]\n',
  '--\n',
  // A quote that its line does not close stands for itself.
  'it" {} \n',
  "it's\n",
  '"a\\\n',
];

describe('the end of a Lua block', () => {
  test('is found after any mixture of what hides braces', () => {
    let state = 1;
    const below = (limit: number) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      return (state >> 8) % limit;
    };
    for (let i = 0; i < 5000; i += 1) {
      let text = '';
      for (let count = below(12); count >= 0; count -= 1) text += PIECES[below(PIECES.length)] ?? '';
      expect(findLuaBlockEnd(`{${text}\n} }`, 1), text).toEqual({ kind: 'closed', brace: text.length + 2 });
    }
  });

  test.each([
    ['x = 1', 'unexpected end of file, expecting terminating characters for lua code block'],
    ['x = { }', 'unexpected end of file, expecting terminating characters for lua code block'],
    ['x = [=[ } ]] ', 'Lua code block missing the closing long bracket "]=]", the inlined Lua code may be too long'],
    ['--[[ } ', 'Lua code block missing the closing long bracket "]]", the inlined Lua code may be too long'],
  ])('%j has none', (text, message) => {
    expect(findLuaBlockEnd(text, 0)).toEqual({ kind: 'unclosed', message });
  });

  test('of a line of nothing but quotes and backslashes is not looked for again and again', () => {
    const reads = new CountedText('"\\'.repeat(20_000));
    const more = new CountedText('"\\'.repeat(160_000));
    findLuaBlockEnd(reads as unknown as string, 0);
    findLuaBlockEnd(more as unknown as string, 0);
    expect(more.reads / reads.reads).toBeLessThan(9);
  });
});

/** A text that counts how often a character of it is looked at. */
class CountedText {
  reads = 0;
  readonly length: number;

  constructor(private readonly text: string) {
    this.length = text.length;
  }

  charCodeAt(at: number): number {
    this.reads += 1;
    return this.text.charCodeAt(at);
  }

  indexOf(piece: string, from: number): number {
    const found = this.text.indexOf(piece, from);
    this.reads += (found === -1 ? this.length : found) - from;
    return found;
  }
}
