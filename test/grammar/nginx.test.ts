import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import oniguruma from 'vscode-oniguruma';
import textmate, { type IGrammar } from 'vscode-textmate';
import { parse } from '../../server/src/platforms/nginx/syntax/parse';
import type { Directive } from '../../server/src/platforms/nginx/syntax/tree';
import { readPages } from '../harness/pages';
import { projectRoot } from '../harness/require';

/** The grammar in the engine that VS Code runs it with. */

let grammar: IGrammar;

beforeAll(async () => {
  const wasm = createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm');
  await oniguruma.loadWASM(readFileSync(wasm));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (sources) => new oniguruma.OnigScanner(sources),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async (scope) => {
      const path = join(projectRoot, 'syntaxes/nginx.tmLanguage.json');
      return scope === 'source.nginx' ? textmate.parseRawGrammar(readFileSync(path, 'utf8'), path) : null;
    },
  });
  const loaded = await registry.loadGrammar('source.nginx');
  if (loaded === null) throw new Error('the grammar does not load');
  grammar = loaded;
});

interface Token {
  readonly start: number;
  readonly end: number;
  readonly scopes: readonly string[];
}

/** The tokens of a text; offsets are into the whole text. */
function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  let stack = textmate.INITIAL;
  let offset = 0;
  for (const line of text.split('\n')) {
    const result = grammar.tokenizeLine(line, stack);
    for (const { startIndex, endIndex, scopes } of result.tokens) {
      tokens.push({ start: offset + startIndex, end: offset + Math.min(endIndex, line.length), scopes });
    }
    stack = result.ruleStack;
    offset += line.length + 1;
  }
  return tokens;
}

function scopesAt(tokens: readonly Token[], offset: number): string {
  return tokens.find(({ start, end }) => start <= offset && offset < end)?.scopes.join(' ') ?? '';
}

describe('scopes', () => {
  test.each([
    ['add_header A b;', 'add_header', 'keyword.other.directive'],
    ['add_header A b always;', 'always', 'keyword.other.modifier'],
    ['server { listen 80; }', 'server', 'keyword.control.block'],
    ['server { listen 80; }', '80', 'constant.numeric'],
    ['server { listen 80; } # end', '# end', 'comment.line'],
    ['a b#c;', '#c', '!comment'],
    ['add_header A "x # y";', '# y', 'string.quoted.double'],
    ["add_header A '$http_origin';", 'http_origin', 'variable.other'],
    ['add_header A ${cors}x;', 'cors', 'variable.other'],
    ['return 204;', 'return', 'keyword.control.flow'],
    ['location ~* \\.(js|css)$ { }', '(js|css)', 'string.regexp'],
    ['location = /x { }', '=', 'keyword.operator'],
    ['location @named { }', '@named', 'entity.name.label'],
    ['if ($request_method = OPTIONS) { return 204; }', 'if', 'keyword.control.conditional'],
    ['if ($request_method = OPTIONS) { return 204; }', '=', 'keyword.operator.comparison'],
    ['if ($http_origin ~ ^https://a\\.b$) { return 204; }', 'https://a', 'string.regexp'],
    ['if ($a) { return 204; }', '204', 'constant.numeric'],
    ['map $http_origin $o { default ""; "~^https://a$" $http_origin; }', 'default', 'keyword.other.directive'],
    ['map $http_origin $o { ~^https://(a|b)$ 1; }', '(a|b)', 'string.regexp'],
    ['map $http_origin $o { "~^https://(a|b)$" 1; }', '(a|b)', 'string.regexp'],
    ['rewrite ^/a/(.*)$ /$1 last;', '(.*)', 'string.regexp'],
    ['rewrite ^/a/(.*)$ /$1 last;', 'last', 'keyword.control.flow'],
    ['proxy_buffering off;', 'off', 'constant.language'],
    ['client_max_body_size 10m;', '10m', 'constant.numeric'],
    ['content_by_lua_block { local a = { b = 1 } } set $x 1;', 'set', 'keyword.other.directive'],
  ])('%s: %s is %s', (text, part, scope) => {
    const scopes = scopesAt(tokenise(text), text.indexOf(part));
    if (scope.startsWith('!')) expect(scopes).not.toContain(scope.slice(1));
    else expect(scopes).toContain(scope);
  });
});

/** What our parser takes for names, quoted words and comments, the grammar has to colour as such. */
describe('the grammar agrees with the parser', () => {
  const blocks = readPages().flatMap(({ id, examples }) =>
    examples.flatMap(({ blocks: all }) =>
      all
        .filter(({ language }) => language === 'nginx')
        .map(({ line, text }) => [`${id}, line ${line}`, text] as const),
    ),
  );
  test.each(blocks)('%s', (_name, text) => {
    const tree = parse(text);
    if (tree.faults.length > 0) return;
    const tokens = tokenise(text);
    for (const { range } of tree.comments) expect(scopesAt(tokens, range.start)).toContain('comment.line');
    const stack: Directive[] = [...tree.directives];
    for (let directive = stack.pop(); directive !== undefined; directive = stack.pop()) {
      const { name, args, block, parent } = directive;
      const shown = text.slice(directive.range.start, name.range.end + 40);
      const isEntry = parent?.name.value === 'map';
      // A slip such as `add-header`, and a template's hole, are no names of directives: nothing is promised of them.
      const isDirective = isEntry || /^\w+$/.test(name.value);
      if (isDirective && !isEntry) expect(scopesAt(tokens, name.range.start), shown).toContain('keyword.');
      for (const word of isDirective ? args : []) {
        if (word.quote !== 'none') expect(scopesAt(tokens, word.range.start), shown).toContain('string.quoted');
      }
      stack.push(...(block?.directives ?? []));
    }
    expect(tokens.at(-1)?.scopes, 'every block is closed').toEqual(['source.nginx']);
  });
});
