import { describe, expect, it } from 'vitest';
import { escapeMarkdown, markdownBlock, markdownCode } from './escape';
import { jsonReport } from './json';
import { markdownReport } from './markdown';
import { sarifReport } from './sarif';
import { nameFile, reportData } from './testing/reportData';

describe('markdownReport', () => {
  it('has the counts, the endpoints, what collides and the findings with their exchange', () => {
    const text = markdownReport(reportData(), nameFile);
    expect(text).toContain('**1 error and 2 warnings in 2 files.** 2 of 12 files set up CORS or may, with 1 endpoint.');
    expect(text).toContain(
      '| Endpoint | Platform | Origins | Where |\n| --- | --- | --- | --- |\n| `location /api/` | nginx |',
    );
    expect(text).toContain(
      '- `location /api/`: Set twice: location /api/\\.'.replace(':', ':').replace('twice:', 'twice\\:'),
    );
    expect(text).toContain('### proxy/api\\.conf');
    expect(text).toContain('Access-Control-Allow-Origin: *    # location /api/, api/app.js:8');
    expect(text.match(/^\*\*(error|warning)\*\*/gm)).toHaveLength(3);
  });

  it.each([
    ['<img src=x>', '&lt;img src=x&gt;'],
    ['[a](javascript:x)', '\\[a\\]\\(javascript\\:x\\)'],
    ['a | b\n# c', 'a \\| b \\# c'],
    ['@someone www.example.com', '\\@someone www\\.example\\.com'],
  ])('shows %j as text', (text, shown) => {
    expect(escapeMarkdown(text)).toBe(shown);
  });

  it.each([
    ['`', '`` ` ``'],
    ['a``b', '```a``b```'],
    ['a|b\nc', '`a\\|b c`'],
  ])('shows %j as code', (text, shown) => {
    expect(markdownCode(text)).toBe(shown);
  });

  it('fences a block with more backticks than are in it', () => {
    expect(markdownBlock('http', '````\nb')).toBe('`````http\n````\nb\n`````');
  });

  it('keeps hostile text inside of its cells, lines and blocks', () => {
    const shape = (text: string) => markdownReport(reportData(text), nameFile).split('\n').length;
    expect(shape('a\n```\n\n# b\r\n| c')).toBe(shape('harmless'));
  });
});

describe('sarifReport', () => {
  const log = JSON.parse(sarifReport(reportData(), nameFile));

  it('names each rule once and refers to it', () => {
    const { rules } = log.runs[0].tool.driver;
    expect(rules.map(({ id }: { id: string }) => id)).toEqual(['duplicate-header', 'vary-overwritten']);
    expect(log.runs[0].results.map(({ ruleIndex }: { ruleIndex: number }) => ruleIndex)).toEqual([0, 0, 1]);
    expect(rules[0].properties.tags).toEqual(['broken', 'external/cwe/cwe-942']);
  });

  it('counts lines and columns from 1, files from the folder', () => {
    expect(log.runs[0].results[0].locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'proxy/api.conf', uriBaseId: 'SRCROOT' },
      region: { startLine: 4, startColumn: 5, endLine: 4, endColumn: 10 },
    });
  });

  it('has the exchange as request and response, a header that comes twice as one', () => {
    const [{ webRequest, webResponse, properties }] = log.runs[0].results;
    expect(webRequest).toMatchObject({ method: 'PUT', headers: { Origin: 'https://app.example.com' } });
    expect(webResponse).toEqual({ headers: { 'Access-Control-Allow-Origin': 'location /api/, *' } });
    expect(properties.verdict).toBe('blocked');
  });

  it('has what code scanning requires of a rule, and of a message that no link comes out of it', () => {
    const hostile = JSON.parse(sarifReport(reportData('[here](https://evil.example)'), nameFile));
    const [{ tool, results }] = hostile.runs;
    expect(tool.driver.rules[0]).toMatchObject({
      shortDescription: { text: 'Two lines of one header' },
      fullDescription: { text: 'Two lines of one header' },
      help: { text: 'Two lines of one header. What decides: https://docs.example/page' },
    });
    expect(results[0].message.text).toBe('Twice: [here] (https://evil.example).');
    expect(results[0].relatedLocations[0].message.text).toBe('[here] (https://evil.example)');
  });

  it('makes addresses of the names of files', () => {
    const named = JSON.parse(sarifReport(reportData(), () => 'a b/ü#.conf'));
    expect(named.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri).toBe('a%20b/%C3%BC%23.conf');
  });

  it('says when it was stopped', () => {
    const stopped = JSON.parse(sarifReport({ ...reportData(), cancelled: true }, nameFile));
    expect(stopped.runs[0].invocations).toEqual([{ executionSuccessful: false }]);
  });
});

describe('jsonReport', () => {
  it('is the data, with places for people', () => {
    const data = JSON.parse(jsonReport(reportData(), nameFile));
    expect(data.findings[0].location).toEqual({
      file: 'proxy/api.conf',
      start: { line: 4, column: 5 },
      end: { line: 4, column: 10 },
    });
    expect(JSON.stringify(data)).not.toContain('file:///');
    expect(data.chains[0].layers).toHaveLength(3);
  });
});
