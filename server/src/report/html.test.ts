import { describe, expect, it } from 'vitest';
import { htmlReport } from './html';
import type { Showing } from './page';
import { nameFile, reportData } from './testing/reportData';

const editor: Showing = { in: 'editor', nonce: 'abc123', script: 'run();' };
const browser: Showing = { in: 'browser', nonce: 'abc123' };

/** What a workspace may hold in hope of becoming markup. */
const hostile = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</style><script>alert(1)</script>',
  '</script><!--',
  '<svg/onload=alert(1)>',
  '&lt;b&gt;',
];

describe('htmlReport', () => {
  it.each(hostile)('shows %j as text', (text) => {
    for (const showing of [editor, browser]) {
      const tags = (data: string) => [...htmlReport(reportData(data), nameFile, showing).html.matchAll(/<[^>]*>/g)];
      // Every tag of the page is the page's own: names and attributes are those of the same report of harmless text.
      const names = (list: RegExpMatchArray[]) => list.map(([tag]) => tag.replace(/"[^"]*"/g, '""'));
      expect(names(tags(text))).toEqual(names(tags('harmless')));
    }
  });

  it('names what cannot be seen', () => {
    const { html } = htmlReport(reportData('a\u202eb\u200bc\u0000d'), nameFile, browser);
    expect(html).toContain('a\\u{202e}b\\u{200b}c\\u{0}d');
  });

  it('lets in only its own style and script', () => {
    const { html } = htmlReport(reportData(), nameFile, editor);
    expect(html).toContain(
      `content="default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'nonce-abc123'; script-src 'nonce-abc123'"`,
    );
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).not.toMatch(/ (on\w+|style|src|href)=/);
  });

  it('has no script and nothing to click on outside of an editor', () => {
    const { html, places } = htmlReport(reportData(), nameFile, browser);
    expect(places).toEqual([]);
    expect(html).not.toMatch(/<script|<button|script-src/);
  });

  it('leads to the places that it names, in their order', () => {
    const { html, places } = htmlReport(reportData(), nameFile, editor);
    const shown = [...html.matchAll(/data-place="(\d+)"[^>]*>([^<]*)</g)].map(([, index, words]) => [index, words]);
    expect(shown).toHaveLength(places.length);
    for (const [index, words] of shown) {
      const { uri, range } = places[Number(index)] ?? { uri: '', range: { start: { line: -1 } } };
      expect(words).toMatch(new RegExp(`(${nameFile(uri).replace('.', '\\.')}:|line )${range.start.line + 1}$`));
    }
  });

  it('tells in words what the picture of the layers shows', () => {
    const { html } = htmlReport(reportData(), nameFile, browser);
    expect(html).toContain(
      'From front end https://app.example.com, to proxy location /api/, which sets Access-Control-Allow-Origin: location /api/, to application app.js, which sets Access-Control-Allow-Origin: *. Set twice: location /api/.',
    );
    expect(html.match(/class="box clash"/g)).toHaveLength(2);
  });

  it('draws endpoints that go the same way once', () => {
    const data = reportData();
    const [endpoint] = data.endpoints;
    const [chain] = data.chains;
    if (endpoint === undefined || chain === undefined) throw new Error('The sample has both');
    const twice = {
      ...data,
      endpoints: [endpoint, { ...endpoint, id: 'e2', label: 'location /more/' }],
      chains: [chain, { ...chain, endpoint: 'e2' }],
    };
    const { html } = htmlReport(twice, nameFile, browser);
    expect(html.match(/<figure>/g)).toHaveLength(1);
    expect(html).toContain('<code>location /api/</code>, <code>location /more/</code>');
  });

  it('says so when nothing was found', () => {
    const { counts } = reportData();
    const none = {
      ...reportData(),
      counts: { ...counts, severities: { error: 0, warning: 0, info: 0, hint: 0 }, rules: [] },
      endpoints: [],
      findings: [],
      chains: [],
    };
    const { html } = htmlReport(none, nameFile, browser);
    expect(html).toContain('Nothing found.');
    expect(html).not.toMatch(/<table|<figure/);
  });
});
