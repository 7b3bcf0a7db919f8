import { describe, expect, test } from 'vitest';
import { hasScripts, scriptsOf } from './scripts';

describe('the scripts of', () => {
  test.each([
    ['a component', '<template>\n<a/>\n</template>\n<script setup lang="ts">\nfetch(a)\n</script>\n', ['fetch(a)']],
    ['two blocks', '<script>\na()\n</script><script setup>\nb()\n</script>', ['a()', 'b()']],
    ['a quoted bracket', '<script data-a=">">a()</script>', ['a()']],
    ['an open one', '<p><script>a()', ['a()']],
    ['a page with data', '<script type="application/json">{}</script><script type="module">a()</script>', ['a()']],
    ['a page without any', '<p>a()</p>', []],
    ['capital letters', '<SCRIPT>a()</SCRIPT>', ['a()']],
  ])('%s', (_, text, expected) => {
    const scripts = scriptsOf('/web/a.vue', text);
    expect(scripts.length).toBe(text.length);
    expect(scripts.split(';').flatMap((each) => each.trim() || [])).toEqual(expected);
    for (const script of expected) expect(scripts.indexOf(script)).toBe(text.indexOf(script));
    expect(scripts.split('\n').length).toBe(text.split('\n').length);
  });

  test('any other file', () => {
    expect(scriptsOf('/web/a.ts', '<script>a()</script>')).toBe('<script>a()</script>');
    expect(hasScripts('/web/a.tsx')).toBe(false);
  });
});

test('many tags take no longer than their text', () => {
  const text = '<script '.repeat(20_000);
  const before = performance.now();
  scriptsOf('/a.html', text);
  expect(performance.now() - before).toBeLessThan(2000);
});
