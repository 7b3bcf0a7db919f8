import { beforeAll, describe, expect, test } from 'vitest';
import { createReader, prepare } from '../../../javascript';
import { targetOf } from '../address';
import { scriptsOf } from '../scripts';
import { taggedIn } from './html';

beforeAll(() => prepare());

/** Where each call goes, what is said of it, and whether it has cookies with it. */
function tagged(text: string, file = '/site/index.html'): string[] {
  const module = createReader({ readFile: () => scriptsOf(file, text) }).module(file);
  if (module === null) throw new Error('no module');
  return taggedIn(module, text).map(({ url, place, credentials }) => {
    const target = targetOf(url, undefined, () => undefined);
    return `${target?.port ?? ''}${target?.path ?? '?'} ${text.slice(place.start, place.end)}${credentials ? ' with credentials' : ''}`;
  });
}

const A = 'http://localhost:3001/a';

describe('in a page', () => {
  test.each([
    ['a script', `<script crossorigin src="${A}"></script>`, ['3001/a crossorigin']],
    ['an image', `<img src='${A}' crossorigin="anonymous" />`, ['3001/a crossorigin="anonymous"']],
    ['cookies', `<IMG SRC=${A} CrossOrigin=USE-credentials>`, ['3001/a CrossOrigin=USE-credentials with credentials']],
    ['another word', `<video crossorigin="yes" src="${A}"></video>`, ['3001/a crossorigin="yes"']],
    ['a module', `<script type="module" src="${A}"></script>`, ['3001/a type="module"']],
    [
      'a module with cookies',
      `<script type="module" crossorigin="use-credentials" src="${A}"></script>`,
      ['3001/a crossorigin="use-credentials" with credentials'],
    ],
    ['a stylesheet', `<link rel="preload stylesheet" href="${A}?b=1&amp;c=2" crossorigin>`, ['3001/a crossorigin']],
    ['the first of two', `<img crossorigin src="${A}" src="http://localhost:3002/b">`, ['3001/a crossorigin']],
    [
      'several, over lines',
      `<p>a < b</p>\n<img\n  alt=">"\n  crossorigin\n  src = "${A}"\n>\n<audio crossorigin src=${A}></audio>`,
      ['3001/a crossorigin', '3001/a crossorigin'],
    ],
  ])('%s', (_, text, expected) => {
    expect(tagged(text)).toEqual(expected);
  });

  test.each([
    ['without the attribute', `<script src="${A}"></script><img src="${A}">`],
    ['another tag', `<a crossorigin href="${A}">a</a>`],
    ['a link that only connects', `<link rel="preconnect" href="${A}" crossorigin>`],
    ['a link for nothing', `<link href="${A}" crossorigin>`],
    ['a data block', `<script type="text/template" crossorigin src="${A}"></script>`],
    ['a script for old browsers', `<script nomodule crossorigin src="${A}"></script>`],
    ['no address', '<script crossorigin>a()</script><img crossorigin src="">'],
    ['a comment', `<!-- <img crossorigin src="${A}"> -->`],
    ['a script that writes it', `<script>document.write('<img crossorigin src="${A}">')</script>`],
    ['a template', `<template><img crossorigin src="${A}"></template>`],
    ['an address that is filled in', '<img crossorigin src="http://localhost:3001/{{ name }}">'],
    ['a tag without an end', `<img crossorigin src="${A}"`],
    ['a quote without an end', `<img crossorigin src="${A}>`],
  ])('not %s', (_, text) => {
    expect(tagged(text)).toEqual([]);
  });
});

describe('in a component', () => {
  test.each([
    ['of Vue', `<template><img crossorigin src="${A}"></template>\n<script>\na()\n</script>\n`, ['3001/a crossorigin']],
    ['of Vue, bound', `<template><img crossorigin :src="url"></template>`, []],
    ['of Svelte, bound', '<img crossorigin={mode} src={url}><img crossorigin src="{api}/a">', []],
    ['its own script', `<script type="module" src="${A}"></script>`, []],
  ])('%s', (_, text, expected) => {
    expect(tagged(text, '/web/src/Page.vue')).toEqual(expected);
  });
});

test.each(['<img ', '<img crossorigin ', '<a b="', "<a b='", '<!--', '<script>', `<a${' '.repeat(50)}`, '< '])(
  'many %j take no longer than their text',
  (unit) => {
    const before = performance.now();
    tagged(`crossorigin${unit.repeat(200_000 / unit.length)}`);
    expect(performance.now() - before).toBeLessThan(5000);
  },
);
