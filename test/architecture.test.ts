import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findViolations } from './harness/architecture';
import { projectRoot } from './harness/require';

/** Modules that build a regular expression of text, and why that text is not the workspace's. */
const regexpOfText: Readonly<Record<string, string>> = {};

function readSources(): Map<string, string> {
  const files = ['client', 'server'].flatMap((folder) =>
    readdirSync(join(projectRoot, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.[cm]?tsx?$/.test(entry.name) && !/\.test\.ts$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  return new Map(
    files.map((file) => [relative(projectRoot, file).split(sep).join('/'), readFileSync(file, 'utf8')] as const),
  );
}

describe('the architecture', () => {
  const sources = readSources();

  test('is held by every module of client/ and server/', () => {
    expect(sources.size).toBeGreaterThan(20);
    expect(findViolations(sources, { regexpOfText }).join('\n')).toBe('');
  });

  test('names no exception that is not needed', () => {
    const violations = findViolations(sources, { regexpOfText: {} });
    for (const file of Object.keys(regexpOfText)) {
      expect(
        violations.some((violation) => violation.startsWith(`${file}:`)),
        file,
      ).toBe(true);
    }
  });
});

/** Each invariant, broken on purpose, and the words that must come out. */
describe('the architecture test', () => {
  const at = (file: string, text: string, others: Readonly<Record<string, string>> = {}) =>
    findViolations(new Map([[file, text], ...Object.entries(others)]), { regexpOfText: {} });

  const broken: readonly [string, string, string, Readonly<Record<string, string>>?][] = [
    [
      'server/src/cors/a.ts',
      "import { b } from '../lint/b';",
      'server/src/cors/a.ts:1 imports "../lint/b": cors/ imports nothing of ours.',
      { 'server/src/lint/b.ts': '' },
    ],
    [
      'server/src/cors/a.ts',
      "\nimport type { B } from '../lint/types';",
      'server/src/cors/a.ts:2 imports "../lint/types": cors/ imports nothing of ours.',
      { 'server/src/lint/types.ts': '' },
    ],
    [
      'server/src/rules/x/index.ts',
      "import { y } from '../y';",
      'x and y are siblings in server/src/rules/',
      { 'server/src/rules/y/index.ts': '' },
    ],
    [
      'server/src/rules/x/index.ts',
      "export { y } from '../../platforms/nginx/y';",
      'rules/ imports of ours only cors',
      { 'server/src/platforms/nginx/y.ts': '' },
    ],
    [
      'server/src/rules/x/index.ts',
      "import { run } from '../../lint/engine';",
      'rules/ imports of ours only cors, lint contracts.',
      { 'server/src/lint/engine.ts': '' },
    ],
    [
      'server/src/platforms/nginx/a.ts',
      "import { b } from '../express/b';",
      'nginx and express are siblings in server/src/platforms/',
      { 'server/src/platforms/express/b.ts': '' },
    ],
    [
      'server/src/platforms/nginx/a.ts',
      "const b = await import('../../rules/b');",
      'platforms/ imports of ours only cors, javascript, yaml, aws, lint contracts.',
      { 'server/src/rules/b.ts': '' },
    ],
    [
      'server/src/lsp/a.ts',
      "import { b } from '../cli/b';",
      'lsp/ imports of ours only',
      { 'server/src/cli/b.ts': '' },
    ],
    [
      'server/src/workspace/a.ts',
      "import { b } from '../lsp/b';",
      'workspace/ imports of ours only',
      { 'server/src/lsp/b.ts': '' },
    ],
    [
      'server/src/lsp/a.ts',
      "import { b } from '../../../client/src/b';",
      'the server does not know its clients.',
      { 'client/src/b.ts': '' },
    ],
    [
      'client/src/a.ts',
      "import { b } from '../../server/src/cors/b';",
      'client/ talks to the server through the protocol',
      { 'server/src/cors/b.ts': '' },
    ],
    [
      'server/src/lint/a.ts',
      "import type { Range } from 'vscode-languageserver';",
      'only lsp/ knows the language server',
    ],
    ['server/src/cli/a.ts', "import * as types from 'vscode-languageserver-types';", 'only lsp/ knows'],
    ['server/src/lsp/a.ts', "import { workspace } from 'vscode';", 'only client/ knows VS Code.'],
    ['server/src/lsp/a.ts', "import { spawn } from 'node:child_process';", 'nothing of the workspace is ever run'],
    ['client/src/a.ts', "import { exec } from 'child_process';", 'nothing of the workspace is ever run'],
    ['server/src/workspace/a.ts', "import vm = require('node:vm');", 'nothing of the workspace is ever run'],
    ['server/src/config/a.ts', "import { createRequire } from 'node:module';", 'nothing of the workspace is ever run'],
    ['server/src/cors/a.ts', "import { readFileSync } from 'node:fs';", 'it sees files through the Host only.'],
    ['server/src/workspace/a.ts', "import { readFileSync } from 'node:fs';", 'files are seen through the Disk only.'],
    ['server/src/lsp/a.ts', "import { createHash } from 'node:crypto';", 'a browser has no such module'],
    ['client/src/a.ts', "import { join } from 'node:fs/promises';", 'a browser has no such module'],
    ['server/src/lint/a.ts', "import ts from 'typescript';", 'it is slow to load'],
    ['server/src/lint/a.ts', "import './gone';", 'there is no such module.'],
    ['server/src/config/a.ts', 'const c = require(path);', 'has "require(path)": a module whose name is computed'],
    ['server/src/config/a.ts', 'const c = await import(`${folder}/cors.js`);', 'a module whose name is computed'],
    [
      'server/src/cors/a.ts',
      "if (platform === 'nginx') return;",
      "server/src/cors/a.ts:1 names 'nginx': cors/ knows no",
    ],
    ['server/src/lint/a.ts', 'eval(text);', 'text is never run.'],
    ['server/src/lint/a.ts', "new Function('return 1');", 'text is never run.'],
    ['server/src/lint/a.ts', 'const r = new RegExp(source, flags);', 'never run on a backtracking engine.'],
    ['server/src/lint/a.ts', 'const r = RegExp(`^${source}$`);', 'never run on a backtracking engine.'],
    ['server/src/lint/a.ts', 'console.log(1);', 'only cli/ prints.'],
    ['server/src/lsp/a.ts', 'process.stdout.write(text);', 'only cli/ prints.'],
    ['server/src/lsp/a.ts', "import { stdout } from 'node:process';", 'only cli/ prints.'],
    [
      'server/src/cors/a.ts',
      "import { b } from './b';",
      'server/src/cors/a.ts imports server/src/cors/b.ts imports server/src/cors/a.ts',
      { 'server/src/cors/b.ts': "export { a } from './a';" },
    ],
  ];
  test.each(broken)('fails for %s with %s', (file, text, words, others) => {
    expect(at(file, text, others).join('\n')).toContain(words);
  });

  const held: readonly [string, string, Readonly<Record<string, string>>?][] = [
    ['server/src/rules/x/index.ts', "import { c } from '../../cors/c';", { 'server/src/cors/c.ts': '' }],
    [
      'server/src/rules/x/index.ts',
      "import { d } from '../../lint/defineRule';",
      { 'server/src/lint/defineRule.ts': '' },
    ],
    [
      'server/src/platforms/express/a.ts',
      "import { j } from '../../javascript/j';",
      { 'server/src/javascript/j.ts': '' },
    ],
    [
      'server/src/platforms/express/rules/x/index.ts',
      "import { a } from '../../a';",
      { 'server/src/platforms/express/a.ts': '' },
    ],
    ['server/src/lsp/a.ts', "import { Diagnostic } from 'vscode-languageserver';"],
    [
      'client/src/a.ts',
      "import { window } from 'vscode';\nimport { LanguageClient } from 'vscode-languageclient/node';",
    ],
    ['server/src/javascript/a.ts', "import type ts from 'typescript';\nconst load = () => import('typescript');"],
    ['server/src/lint/a.ts', "const r = new RegExp('a+');"],
    ['server/src/lsp/a.ts', "connection.console.info('started');"],
    ['server/src/lsp/a.ts', 'function log(console: Out) { return () => console.info(1); }'],
    ['server/src/lsp/a.ts', 'const { console } = connection;\nconst process = own;\nprocess.stdout.write(1);'],
    ['server/src/cli/a.ts', 'process.stdout.write(text);'],
    ['server/src/cors/a.ts', "import type { B } from './b';", { 'server/src/cors/b.ts': "import { a } from './a';" }],
    ['server/src/workspace/nodeDisk.ts', "import { readdirSync } from 'node:fs';"],
    ['server/src/cli/a.ts', "import { readdir } from 'node:fs/promises';"],
    ['server/src/lint/a.ts', '// import { b } from \'../lsp/b\'; console.log(1)\nconst text = "require(x)";'],
  ];
  test.each(held)('is content with %s: %s', (file, text, others) => {
    expect(at(file, text, others)).toEqual([]);
  });
});
