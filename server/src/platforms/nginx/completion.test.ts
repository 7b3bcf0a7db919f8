import { describe, expect, it } from 'vitest';
import { completionAt } from './completion';

/** What the cursor, `|`, would write over, and the first words offered. */
function at(marked: string) {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const context = completionAt(text, offset);
  if (context === undefined) return undefined;
  const { replace, words } = context;
  return [text.slice(replace.start, replace.end), ...words.slice(0, 2).map((word) => word.text)];
}

describe('completion in nginx files', () => {
  it.each([
    ['add_header |', ['', 'Access-Control-Allow-Origin', 'Access-Control-Allow-Credentials']],
    ['  add_header Acc|ess-X;', ['Access-X', 'Access-Control-Allow-Origin', 'Access-Control-Allow-Credentials']],
    ['server { add_header "A|";', ['A', 'Access-Control-Allow-Origin', 'Access-Control-Allow-Credentials']],
    ['proxy_hide_header |;', ['', 'Access-Control-Allow-Origin', 'Access-Control-Allow-Credentials']],
    ['add_header Access-Control-Allow-Origin |', ['', '*', '$http_origin']],
    ['add_header access-control-allow-origin "ht|tps://a" always;', ['https://a', '*', '$http_origin']],
    ['add_header\n  Access-Control-Allow-Origin # whose\n  $ht|;', ['$ht', '*', '$http_origin']],
    [
      'add_header Access-Control-Allow-Methods |;',
      ['', '"GET, POST, PUT, PATCH, DELETE, OPTIONS"', '"GET, POST, OPTIONS"'],
    ],
    ["add_header Access-Control-Allow-Headers '|';", ['', 'Content-Type, Authorization', 'Content-Type']],
    ['add_header Access-Control-Allow-Credentials t|', ['t', 'true']],
    ['add_header Vary |', ['', 'Origin']],
    ['add_header Access-Control-Allow-Origin * |;', ['', 'always']],
    ['add_header Access-Control-Allow-Origin "https://a.example" al|', ['al', 'always']],
    ['add_header X-A b\n  add_header Vary |', ['', 'Origin']],
    ['add_header X-Frame-Options |', undefined],
    ['add_header Access-Control-Allow-Origin * always |', undefined],
    ['add_header Access-Control-Allow-Origin *; |', undefined],
    ['add_header Access-Control-Allow-Origin *;\nroot |', undefined],
    ['# add_header |', undefined],
    ['add_header Vary # what |', undefined],
    ['add_heade|', undefined],
    ['add_header|', undefined],
    ['location / { |', undefined],
    ['proxy_hide_header Vary |', undefined],
    ['map $http_origin $cors {\n  |\n}', ['', 'default']],
    [
      'map $http_origin $cors {\n  # ours\n  default "";\n  htt|ps://a.example $http_origin;\n}',
      ['https://a.example', 'default'],
    ],
    ['map $http_origin $cors { https://a.example |; }', ['', '$http_origin', '""']],
    ['map $http_origin $cors { https://a.example $http|', ['$http', '$http_origin', '""']],
    ['map $http_origin $cors { https://a.example $http_origin |', undefined],
    ['map $http_origin $cors { # |', undefined],
    ['map $http_origin $cors { } |', undefined],
    ['map $host $name { |', undefined],
    ['remap $http_origin $cors { |', undefined],
    ['|', undefined],
  ])('%j', (marked, expected) => {
    expect(at(marked)).toEqual(expected);
  });

  it('warns of what lets everyone in, and takes configured origins bare', () => {
    const context = completionAt('add_header Access-Control-Allow-Origin ', 39);
    expect(context?.originQuote).toBe('');
    expect(completionAt('map $http_origin $o { ', 22)?.originQuote).toBe('');
    expect(completionAt('map $http_origin $o { default ', 30)?.originQuote).toBeUndefined();
    expect(context?.words.find(({ text }) => text === '$http_origin')?.note).toMatch(/every origin/);
  });
});
