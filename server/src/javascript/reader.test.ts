import { beforeAll, describe, expect, it } from 'vitest';
import { prepare } from './load';
import { createReader } from './reader';
import { show } from './show';

beforeAll(prepare);

/** The value of the first argument of the first `$(…)` in the first file. */
function valueIn(files: Readonly<Record<string, string>>): string {
  const [path] = Object.keys(files);
  const reader = createReader({ readFile: (name) => files[name] ?? null });
  const module = path === undefined ? null : reader.module(path);
  const call = module?.index
    .of('CallExpression')
    .find(({ callee }) => callee.type === 'Identifier' && callee.name === '$');
  const argument = call?.arguments[0];
  return module && argument ? show(reader.evaluate(argument, { module, frame: null })) : 'no $(…)';
}

describe('values', () => {
  it.each([
    // literals and operators
    [`$('a')`, `'a'`],
    ['$(`a${1}b${"c"}`)', `'a1bc'`],
    [`$('a' + 'b' + 1)`, `'ab1'`],
    [`$(60 * 60 * 24)`, '86400'],
    [`$(-1)`, '-1'],
    [`$(!0)`, 'true'],
    [`$(void 0)`, 'undefined'],
    [`$(/a.b$/gi)`, '/a.b$/gi'],
    [`$(new RegExp('^a' + 'b', 'i'))`, '/^ab/i'],
    [`$([1, , 'x'])`, `[1, undefined, 'x']`],
    [`$({ a: 1, 'b-c': [2], ['d']: null, e() {}, a: 3 })`, `{a: 3, b-c: [2], d: null, e: function}`],
    // names
    [`const a = 'x'; const b = a; $(b)`, `'x'`],
    [`$(later); const later = 1;`, '1'],
    [`const { a: { b }, c = 'd' } = { a: { b: 'x' } }; $([b, c])`, `['x', 'd']`],
    [`const [, b] = ['x', 'y']; $(b)`, `'y'`],
    [`const o = { list: ['x'] }; $(o.list[0])`, `'x'`],
    [`const o = { a: 1 }; $(o.b)`, 'undefined'],
    [`let a = 1; a = 2; $(a)`, '2'],
    [`let a; if (process.env.X) a = 1; else a = 2; $(a)`, '(1 when X is set; 2 when X is unset)'],
    [`let a = 'd'; if (process.env.X === 'y') { a = 'e' } $(a)`, `('d' when X is not 'y'; 'e' when X is 'y')`],
    [
      `let a = 'd'; if (process.env.X) a = 'e'; if (process.env.Y) a = 'f'; $(a)`,
      `('d' when X is unset and Y is unset; 'e' when X is set and Y is unset; 'f' when Y is set)`,
    ],
    [
      `let a = 'd'; if ((process.env.X ?? 'y') !== 'y') a = 'e'; $(a)`,
      `('d' when X is set and X is 'y'; 'd' when X is unset; 'e' when X is set and X is not 'y')`,
    ],
    [`let a = 1; function f() { a = 2 } $(a)`, '?(a function changes it)'],
    [`let a = 1; a++; $(a)`, '?(it is changed in a way that cannot be followed)'],
    [`const a = b; const b = a; $(a)`, '?(it refers to itself)'],
    [`for (const a of list) { $(a) }`, '?(it is one of the items of a loop)'],
    [`$(unseen)`, 'globalThis#unseen'],
    // `this`
    [`const o = { a: 'x', b() { return this.a } }; $(o.b())`, `'x'`],
    [`const o = { a(n) { return [n, this.b()] }, b: function () { return 'x' } }; $(o.a(1))`, `[1, 'x']`],
    [`const o = { a: 'x', b() { return [1].map(() => this.a) } }; $(o.b())`, `['x']`],
    [`const o = { a: 'x', b() { return (() => ({ c: this.a }))() } }; $(o.b())`, `{c: 'x'}`],
    [`const o = { a: 'x', b() { return this.a } }; $({ ...o, a: 'y' }.b())`, `'y'`],
    [`const o = { a: 'x', b() { const { a } = this; return a } }; $(o.b())`, `'x'`],
    [`const o = { a: 'x', b: () => this.a }; $(o.b())`, '?(`this.a` is set elsewhere)'],
    [
      `const o = { a: 'x', b() { return (function () { return this.a })() } }; $(o.b())`,
      '?(`this.a` is set elsewhere)',
    ],
    [`const o = { a: 'x', b() { return this.a } }; const { b } = o; $(b())`, '?(`this.a` is set elsewhere)'],
    [
      `const o = { a: {}, b() { this.a.c = 1; return this }, d() { return this.a } }; o.b(); $(o.d())`,
      '?(`this.a` may be changed)',
    ],
    [`const o = { a: 1, b() { this.a = 2; return this.a } }; $(o.b())`, '?(`this.a` may be changed)'],
    [`const o = { a() { return this.a() } }; $(o.a())`, 'function()'],
    [`class A { b(c) { return { c, d: this.d() } } d() { return 'x' } } $(new A().b(1))`, `{c: 1, d: 'x'}`],
    [`class A { a = { b: 1 }; c() { return { ...this.a } } } $(new A().c())`, `{b: 1}`],
    [`class A { constructor() { this.a = 'x' } b() { return this.a } } $(new A().b())`, `'x'`],
    [`class A { a = {}; b() { this.a.c = 1; return this.a } } $(new A().b())`, 'new A().b()'],
    [
      `class A { a = {}; b() { this.c(); return { d: this.a } } c() { Object.assign(this.a, x) } } $(new A().b())`,
      'new A().b()',
    ],
    [
      `class A { a = {}; b(c) { this.a[c] = 1; return this } d() { return this.a } } $(new A().b('e').d())`,
      `new A().b('e').d()`,
    ],
    [`class A extends B { b() { return 'x' } } $(new A().b())`, 'new A().b()'],
    [`class A { b() { return 'x' } } const a = new A(); a.b = f; $(a.b())`, 'new A().b()'],
    // types that are gone when it runs
    [`const a = 'x' as const; $((a as string)!)`, `'x'`, 'a.ts'],
    [`$({ origin: ['x'] } satisfies CorsOptions)`, `{origin: ['x']}`, 'a.ts'],
    [`$(<any>'x')`, `'x'`, 'a.ts'],
    [`import fs = require('fs'); $(fs)`, 'fs#*', 'a.ts'],
    // environment
    [`$(process.env.X)`, 'env.X'],
    [`$(process.env['X'])`, 'env.X'],
    [`$(import.meta.env.VITE_X)`, 'env.VITE_X'],
    [`const { X, Y = 'y' } = process.env; $([X, Y])`, `[env.X, (env.Y when Y is set; 'y' when Y is unset)]`],
    [`$(process.env.X || '*')`, `(env.X when X is set; '*' when X is unset)`],
    [`$(process.env.X ?? '*')`, `(env.X when X is set; '*' when X is unset)`],
    [`$(process.env.X && 'on')`, `('on' when X is set; env.X when X is unset)`],
    ['$(`https://${process.env.HOST}/`)', '`https://${env.HOST}/`'],
    [
      '$(`https://${process.env.HOST || "a"}`)',
      "(`https://${env.HOST}` when HOST is set; 'https://a' when HOST is unset)",
    ],
    // conditions
    [
      `const isProd = process.env.NODE_ENV === 'production'; $(isProd ? 'a' : 'b')`,
      `('a' when NODE_ENV is 'production'; 'b' when NODE_ENV is not 'production')`,
    ],
    [
      `const p = process.env.X; $(p ? [p ? 1 : 2] : 3)`,
      '([(1 when X is set; 2 when X is unset)] when X is set; 3 when X is unset)',
    ],
    [`$(true ? 'a' : 'b')`, `'a'`],
    [`$(isDev() ? 'a' : 'b')`, "('a' when `isDev()` is true; 'b' when `isDev()` is false)"],
    [`$(!x ? 1 : 2)`, '(1 when `x` is falsy; 2 when `x` is truthy)', 'a.js', 'function f(x) {'],
    [`$(a.list.includes(b) ? 1 : 2)`, '(1 when `a.list.includes(b)` is true; 2 when `a.list.includes(b)` is false)'],
    [`$(a.get(b) ? 1 : 2)`, '(1 when `a.get(b)` is truthy; 2 when `a.get(b)` is falsy)'],
    [`$(a.is_prod ? 1 : 2)`, '(1 when `a.is_prod` is true; 2 when `a.is_prod` is false)'],
    [`$(a.issue > 3 ? 1 : 2)`, '(1 when `a.issue > 3` is true; 2 when `a.issue > 3` is false)'],
    [`$(a.list.length ? 1 : 2)`, '(1 when `a.list.length` is not 0; 2 when `a.list.length` is 0)'],
    [`$( === 'a' ? 1 : 2)`, "(1 when `…` is 'a'; 2 when `…` is not 'a')"],
    [`$(a.issue ? 1 : 2)`, '(1 when `a.issue` is truthy; 2 when `a.issue` is falsy)'],
    // spreads
    [`const base = { a: 1, b: 2 }; $({ ...base, b: 3 })`, '{a: 1, b: 3}'],
    [`$([...['a'], 'b', ...new Set(['c'])])`, `['a', 'b', 'c']`],
    [
      `$({ a: 1, ...unseen })`,
      '{a: ?(what is spread after it may hold `a` too: it cannot be read), ...globalThis#unseen}',
    ],
    [`$({ ...(process.env.X && { a: 1 }), b: 2 })`, '({a: 1, b: 2} when X is set; {b: 2} when X is unset)'],
    [`$(Object.freeze({ a: 1 }))`, '{a: 1}'],
    [`$(Object.assign({}, { a: 1 }, { a: 2 }))`, '{a: 2}'],
    // lists and strings
    [`$('a, b,'.split(',').map((s) => s.trim()).filter(Boolean))`, `['a', 'b']`],
    [`$((process.env.X || 'a,b').split(','))`, `([...env.X] when X is set; ['a', 'b'] when X is unset)`],
    [
      `$((process.env.X ?? '').split(',').map(s => s.trim()).filter(s => s.length > 0).concat(['c']))`,
      `(['c', ...env.X] when X is set; ['c'] when X is unset)`,
    ],
    [`$(process.env.X?.split(',') ?? ['a'])`, `[...env.X]`],
    [
      `const l = ['a']; l.push('b'); if (process.env.X) l.push(process.env.X); $(l)`,
      `['a', 'b', (env.X when X is set; undefined when X is unset)]`,
    ],
    [`const l = ['a']; l.splice(0, 1); $(l)`, `['a', ...?(it is changed afterwards)]`],
    [`const o = {}; o.origin = 'x'; $(o)`, `{origin: 'x'}`],
    [`const o = { a: 1 }; function f() { o.a = 2 } $(o)`, '{a: ?(`a` is assigned in a function)}'],
    [`$(['a', 'b'].join(', '))`, `'a, b'`],
    [`$(['a', 'b'].includes('b'))`, 'true'],
    [`$('https://A'.toLowerCase())`, `'https://a'`],
    [`$(['a', undefined, ''].filter(Boolean))`, `['a']`],
    // functions
    [`const f = (x, y = 'd') => ({ x, y }); $(f('a'))`, `{x: 'a', y: 'd'}`],
    [
      `function f({ origin }) { return { origin, credentials: true } } $(f({ origin: 'x' }))`,
      `{origin: 'x', credentials: true}`,
    ],
    [`function f(p) { if (p) { return 1 } return 2 } $(f(process.env.P))`, '(1 when P is set; 2 when P is unset)'],
    [`function f(n) { return f(n - 1) } $(f(3))`, '$0(-1)', 'a.js', '', true],
    [`async function f() { return 'x' } $(await f())`, `'x'`],
    [`async function f() { return Promise.resolve('x') } async function g() { return f() } $(await g())`, `'x'`],
    // what comes from outside stays what it is
    [`const cors = require('cors'); $(cors({ origin: true }))`, 'cors#*({origin: true})'],
    [`$(require('cors')())`, 'cors#*()'],
    [`import cors from 'cors'; $(cors())`, 'cors#default()'],
    [`import * as cors from 'cors'; $(cors)`, 'cors#*'],
    [`import { Router as R } from 'express'; $(R())`, 'express#Router()'],
    [`const { Router } = require('express'); $(Router())`, 'express#Router()'],
    [`const express = require('express'); $(express.Router())`, 'express#Router()'],
    [`$(new Set(['a']))`, `new Set(['a'])`],
    [`$(new URL(origin).hostname)`, 'new URL($0).hostname', 'a.js', 'function f(origin) {'],
    [`$(req.headers.origin)`, '$0.headers.origin', 'a.js', 'function f(req) {'],
    [`$(!list.includes(origin))`, `!['a'].includes($0)`, 'a.js', `const list = ['a']; function f(origin) {`],
    [`class A { constructor() { this.app = require('express')() } m() { $(this.app) } }`, 'express#*()'],
    [`class A { origins = ['a']; m() { $(this.origins) } }`, `['a']`],
  ])('%s is %s', (source, expected, path = 'a.js', prefix = '', recursive = false) => {
    const text = prefix === '' ? source : `${prefix} ${source} }`;
    if (recursive) expect(valueIn({ [path]: text })).toMatch(/^(\?|globalThis|function)/);
    else expect(valueIn({ [path]: text })).toBe(expected);
  });
});

describe('imports', () => {
  const main = (head: string, expression: string) => `${head}\n$(${expression});`;
  it.each<[string, string, Record<string, string>, string]>([
    [
      'a named export',
      main(`import { origins } from './config';`, 'origins'),
      { 'src/config.ts': `export const origins = ['a'];` },
      `['a']`,
    ],
    [
      'a renamed one',
      main(`import { o } from './config.js';`, 'o'),
      { 'src/config.ts': `const x = 'a'; export { x as o };` },
      `'a'`,
    ],
    [
      'a default export',
      main(`import config from '../config';`, 'config.cors.origin'),
      { 'config/index.js': `export default { cors: { origin: 'a' } };` },
      `'a'`,
    ],
    [
      'a method of a class',
      main(`import Answers from './answers';`, `new Answers().build('x')`),
      {
        'src/answers.ts': `class Answers implements A { build(a: string) { return { a, ...HEADERS } } }\nconst HEADERS = { b: 1 };\nexport default Answers;`,
      },
      `{a: 'x', b: 1}`,
    ],
    [
      'a namespace',
      main(`import * as config from './config';`, 'config.origin'),
      { 'src/config.js': `export const origin = 'a';` },
      `'a'`,
    ],
    [
      'module.exports',
      main(`const config = require('./config');`, 'config.origin'),
      { 'src/config.js': `module.exports = { origin: 'a' };` },
      `'a'`,
    ],
    [
      'exports.name',
      main(`const { origin } = require('./config');`, 'origin'),
      { 'src/config.js': `exports.origin = 'a';` },
      `'a'`,
    ],
    [
      'a default import of CommonJS',
      main(`import config from './config';`, 'config'),
      { 'src/config.cjs': `module.exports = 'a';` },
      `'a'`,
    ],
    [
      'an ES default by require',
      main(`const c = require('./config').default;`, 'c'),
      { 'src/config.js': `export default 'a';` },
      `'a'`,
    ],
    [
      'JSON',
      main(`import config from './config.json';`, 'config.origin'),
      { 'src/config.json': `{ "origin": "a" }` },
      `'a'`,
    ],
    [
      'two hops',
      main(`import { o } from './one';`, 'o'),
      {
        'src/one.ts': `export { o } from './two';`,
        'src/two.ts': `import x from './three'; export const o = x;`,
        'src/three.ts': `export default process.env.O;`,
      },
      'env.O',
    ],
    [
      'export *',
      main(`import { o } from './one';`, 'o'),
      { 'src/one.ts': `export * from 'pkg'; export * from './two';`, 'src/two.ts': `export const o = 1;` },
      '1',
    ],
    [
      'files that import each other',
      main(`import { o } from './one';`, 'o'),
      { 'src/one.ts': `export { o } from './two';`, 'src/two.ts': `export { o } from './one';` },
      '?(the files import each other)',
    ],
    ['a file that is not there', main(`import { o } from './gone';`, 'o'), {}, './gone#o'],
    [
      'an export that is not there',
      main(`import { o } from './one';`, 'o'),
      { 'src/one.ts': 'export const p = 1;' },
      '?(the file that it comes from does not export it)',
    ],
    [
      'a package, though a folder has its name',
      main(`import { o } from '../node_modules/x';`, 'o'),
      { 'node_modules/x/index.js': 'exports.o = 1' },
      '../node_modules/x#o',
    ],
    [
      'TypeScript import and export',
      main(`import c = require('./c');`, 'c.o'),
      { 'src/c.ts': `const c = { o: 'a' }; export = c;` },
      `'a'`,
    ],
    [
      'a function of another file',
      main(`import { f } from './f';`, `f('b')`),
      { 'src/f.ts': `const base = 'a'; export function f(x: string) { return base + x }` },
      `'ab'`,
    ],
  ])('%s', (_, text, others, expected) => {
    expect(valueIn({ 'src/main.ts': text, ...others })).toBe(expected);
  });
});

describe('places', () => {
  it('keeps the place of each piece of a split string', () => {
    const text = `$('https://a, https://b'.split(',').map((s) => s.trim()))`;
    const reader = createReader({ readFile: () => text });
    const module = reader.module('a.js');
    const argument = module?.index.of('CallExpression')[0]?.arguments[0];
    if (!module || !argument) throw new Error('no call');
    const value = reader.evaluate(argument, { module, frame: null });
    const pieces = value.kind === 'array' ? value.items.map(({ place }) => text.slice(place.start, place.end)) : [];
    expect(pieces).toEqual(['https://a', 'https://b']);
  });
});

describe('returnsOf', () => {
  function returnsIn(text: string, callback?: number): string[] {
    const reader = createReader({ readFile: (name) => (name === 'h.js' ? text : null) });
    const module = reader.module('h.js');
    if (!module) throw new Error('no module');
    const handler = reader.findExport(module, 'handler');
    if (handler.kind !== 'function') throw new Error(show(handler));
    const { returns, complete } = reader.returnsOf(
      handler,
      callback === undefined ? undefined : { callback, context: 1 },
    );
    expect(complete).toBe(true);
    return returns.map(
      (one) => `${one.how}${one.error ? ' error' : ''}: ${show(one.value)}${one.words ? ` when ${one.words}` : ''}`,
    );
  }
  it.each<[string, number | undefined, string[]]>([
    [`exports.handler = async () => ({ statusCode: 200 });`, undefined, ['return: {statusCode: 200}']],
    [
      `export const handler = async (event) => { if (!event.body) { return { statusCode: 400 }; } return { statusCode: 200 }; };`,
      undefined,
      ['return: {statusCode: 400} when `event.body` is falsy', 'return: {statusCode: 200} when `event.body` is truthy'],
    ],
    [
      `export async function handler(e) { try { const r = await work(e); return { statusCode: 200, body: r }; } catch (error) { return { statusCode: 500 }; } }`,
      undefined,
      ['return: {statusCode: 200, body: globalThis#work($0)}', 'return error: {statusCode: 500}'],
    ],
    [
      `module.exports.handler = (e, c, callback) => { callback(null, { statusCode: 200 }); };`,
      2,
      ['callback: {statusCode: 200}'],
    ],
    [
      `module.exports.handler = (e, c, cb) => { if (e.bad) return cb(new Error('x')); cb(null, { statusCode: 200 }); };`,
      2,
      [
        "callback-error error: new Error('x') when `e.bad` is truthy",
        'callback: {statusCode: 200} when `e.bad` is falsy',
      ],
    ],
    [
      `const ok = (body) => ({ statusCode: 200, headers: { 'Access-Control-Allow-Origin': '*' }, body }); export const handler = async () => ok('x');`,
      undefined,
      [`return: {statusCode: 200, headers: {Access-Control-Allow-Origin: '*'}, body: 'x'}`],
    ],
    [
      `export const handler = () => work().then((r) => ({ statusCode: 200 })).catch(() => ({ statusCode: 500 }));`,
      undefined,
      ['return: {statusCode: 200}', 'return error: {statusCode: 500}'],
    ],
    [
      `import { respond } from './gone'; export const handler = async () => respond(200);`,
      undefined,
      ['return: ./gone#respond(200)'],
    ],
    [`export const handler = async () => { throw new Error('x'); };`, undefined, [`throw error: new Error('x')`]],
    [
      `export const handler = async (e) => { switch (e.m) { case 'a': return 1; case 'b': case 'c': return 2; default: return 3; } };`,
      undefined,
      [
        "return: 1 when `e.m` is 'a'",
        "return: 2 when `e.m` is not 'a' and `e.m` is 'b'",
        "return: 2 when `e.m` is not 'a' and `e.m` is not 'b' and `e.m` is 'c'",
        "return: 3 when `e.m` is not 'a' and `e.m` is not 'b' and `e.m` is not 'c'",
      ],
    ],
    [
      `export const handler = async (e) => { let code = 200; if (e.bad) code = 400; return { code }; };`,
      undefined,
      ['return: {code: 400} when `e.bad` is truthy', 'return: {code: 200} when `e.bad` is falsy'],
    ],
    [`export const handler = (e, c, cb) => { later(() => cb(null, 1)); };`, 2, ['callback: 1']],
    [
      `export const handler = (e, c, cb) => { later(() => cb(null, 1)); hand(cb); };`,
      2,
      ['end: ?(the callback may be called later)'],
    ],
    [
      `export const handler = (e, c, cb) => { const f = () => cb(null, 1); later(f); };`,
      2,
      ['end: ?(the callback may be called later)'],
    ],
    [
      `export const handler = (e, c) => { if (e.bad) c.fail('x'); else if (e.odd) c.succeed(1); else c.done(null, 2); };`,
      2,
      [
        "callback-error error: 'x' when `e.bad` is truthy",
        'callback: 1 when `e.bad` is falsy and `e.odd` is truthy',
        'callback: 2 when `e.bad` is falsy and `e.odd` is falsy',
      ],
    ],
    [`export const handler = (e, c) => { later(() => c.succeed(1)); };`, 2, ['callback: 1']],
    [
      `export const handler = (e, c) => { later(() => c.succeed(1)); hand(c); };`,
      2,
      ['end: ?(the callback may be called later)'],
    ],
  ])('%s', (text, callback, expected) => {
    expect(returnsIn(text, callback)).toEqual(expected);
  });
});

describe('half-typed code', () => {
  it('never throws, wherever the text stops', () => {
    const text = `import express, { Router } from 'express';\nimport config from './config';\nclass App { constructor(private a = 1) { this.app = express(); } }
const opts = { ...config, origin: [/a$/, \`x\${process.env.A ?? 'b'}\`], f(o, cb) { if (!o || list.some((x) => o.endsWith(x))) return cb(null, true); try { cb(null, false) } catch (e) { throw e } } };
export default async function handler({ a, b = 2, ...c }, [d]) { for (const x of await c) { switch (x) { case 1: break; default: y++; } } return opts as const; }`;
    for (let end = 0; end <= text.length; end += 3) {
      const reader = createReader({ readFile: (name) => (name === 'a.ts' ? text.slice(0, end) : null) });
      const module = reader.module('a.ts');
      if (!module) throw new Error('no module');
      for (const type of ['CallExpression', 'Identifier', 'ObjectExpression', 'MemberExpression'] as const) {
        for (const node of module.index.of(type)) show(reader.evaluate(node, { module, frame: null }));
      }
      const value = reader.findExport(module, 'default');
      if (value.kind === 'function') reader.returnsOf(value, { callback: 1, context: 0 });
    }
    expect(text.length).toBeGreaterThan(0);
  });
});
