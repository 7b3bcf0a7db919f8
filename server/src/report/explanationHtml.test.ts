import { describe, expect, it } from 'vitest';
import { callPage, type ExplainedMessage, explanationPage } from './explanationHtml';
import type { Showing } from './page';
import { nameFile, place, reportData } from './testing/reportData';

const editor: Showing = { in: 'editor', nonce: 'abc123', script: 'run();' };

function tried(text?: string) {
  const found = reportData(text).findings[0]?.tried;
  if (!found) throw new Error('The sample has one');
  return found;
}

describe('callPage', () => {
  it('leads to the endpoint and to the line of each header', () => {
    const endpoint = { label: 'location /api/', location: place('file:///shop/proxy/api.conf', 1) };
    const { html, places } = callPage({ ...tried(), endpoint }, nameFile, editor);
    expect(places.map(({ range }) => range.start.line)).toEqual([1, 3, 3, 7]);
    expect(html).toContain('The browser refuses: the answer says location /api/ and *.');
    expect(html).toContain('data-command="curl-preflight"');
  });

  it('has no button for a leg that there is not', () => {
    const { html } = callPage({ ...tried(), preflight: null, endpoint: null }, nameFile, editor);
    expect(html).not.toContain('curl-preflight');
    expect(html).toContain('curl-request');
  });
});

describe('explanationPage', () => {
  const explained = (text: string): ExplainedMessage => ({
    message: { browser: 'firefox', text },
    meaning: text,
    endpoints: [
      {
        endpoint: { label: text, location: place('file:///shop/proxy/api.conf', 1) },
        sureness: 'likely',
        because: text,
        says: text,
        blame: place('file:///shop/proxy/api.conf', 3),
        tried: tried(text),
        findings: [{ rule: 'x', severity: 'error', message: text, location: place('file:///shop/api/app.js', 7) }],
      },
    ],
    advice: [text],
  });

  it('says whose message it was, what it means, and the line to blame', () => {
    const { html, places } = explanationPage([explained('words')], nameFile, editor);
    expect(html).toContain('Firefox said:');
    const [, number] = /The line to look at: <button[^>]*data-place="(\d+)"[^>]*>proxy\/api\.conf:4</.exec(html) ?? [];
    expect(places[Number(number)]?.range.start.line).toBe(3);
  });

  it('shows hostile text as text', () => {
    const { html } = explanationPage([explained('<script>"\'</script>')], nameFile, editor);
    expect(html.match(/<script/g)).toHaveLength(1);
  });
});
