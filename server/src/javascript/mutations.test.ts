import { beforeAll, describe, expect, it } from 'vitest';
import { prepare } from './load';
import { createReader } from './reader';
import { show } from './show';

beforeAll(prepare);

/** What `module.exports` may return, way by way. */
function returned(text: string, changed?: () => string): string[] {
  const reader = createReader({ readFile: (name) => (name === 'a.js' ? text : null) }, undefined, changed);
  const module = reader.module('a.js');
  const fn = module && reader.findExport(module, 'f');
  return fn?.kind === 'function' ? reader.returnsOf(fn).returns.map(({ value }) => show(value)) : ['no function'];
}

describe('objects that a function changes in place', () => {
  it.each([
    [`const o = { a: 1 }; o.b = 2; return o;`, ['{a: 1, b: 2}']],
    [`let o = { a: 1 }; o.a = 2; return o;`, ['{a: 2}']],
    [`const o = { h: {} }; o.h.x = 1; o.h['y-z'] = 2; return o;`, ['{h: {x: 1, y-z: 2}}']],
    [`const o = { h: {} }; Object.assign(o.h, { x: 1 }); return o;`, ['{h: {x: 1}}']],
    [`const o = {}; Object.assign(o, { x: 1 }, { x: 2 }); return o;`, ['{x: 2}']],
    // in the order in which it is done
    [`const o = {}; if (p) return o; o.a = 1; return o;`, ['{}', '{a: 1}']],
    [`const o = {}; if (p) o.a = 1; return o;`, ['{a: 1}', '{}']],
    [`const o = make(); o.b = 2; return o;`, ['{a: 1, b: 2}']],
    [`const o = {}; o.a = 1; o.a = 2; return { ...o };`, ['{a: 2}']],
    // an exception may come from anywhere
    [
      `const o = {}; try { g(); o.a = 1; g(); } catch { return o; } return 1;`,
      ['1', '?(it depends on where the exception comes from)'],
    ],
    [`const o = {}; try { o.a = 1; g(); } catch { return o; } return 1;`, ['1', '{a: 1}']],
    // a property that is not there cannot be changed
    [`const o = {}; o.h.x = 1; return o;`, ['{h: ?(`h` is not there)}']],
  ])('%s', (body, expected) => {
    expect(returned(`const make = () => ({ a: 1 });\nexports.f = (p) => { ${body} };`)).toEqual(expected);
  });

  it('may be said to be changed out of sight', () => {
    expect(returned(`const o = { a: 1 }; exports.f = () => o;`, () => 'it may be changed')).toEqual([
      '{a: 1, ...?(it may be changed)}',
    ]);
  });
});

describe('classes', () => {
  it.each([
    [`class A { static b(x) { return { x }; } } exports.f = () => A.b(1);`, ['{x: 1}']],
    [`class A { static b = 'x'; } exports.f = () => A.b;`, [`'x'`]],
    [`class A { c() {} } exports.f = () => A;`, ['?(it is a class)']],
  ])('%s', (text, expected) => {
    expect(returned(text)).toEqual(expected);
  });
});
