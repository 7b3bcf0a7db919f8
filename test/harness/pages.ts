import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Rule pages (`rule.md`) as test suites.
 *
 * An example is a third-level heading (`### nginx: a title`) with fenced blocks below it. What a block is stands in
 * its info string, after the language:
 * - `faulty`: lines of spaces and `^`, followed by a rule's id, mark the text in the line above them. They are not
 *   part of the text. Linting must give those findings and no others.
 * - `fixed`: what the preferred fixes make of the faulty block before it, to the letter; must be clean. With
 *   `fix="start of a title"`, what that fix makes of it.
 * - `clean`: nothing is found (the traps).
 * - `with`: another file of the example, there for all its blocks.
 * Attributes: `main=NAME` names the `with` file that is linted in the block's place, for findings in files that another
 * one names; `file=NAME` (default by language: `app.js`, `app.ts`, `conf.d/app.conf`, `serverless.yml`), and on a
 * faulty or clean block `oracle="why not"` when real servers cannot be asked about it, and `ends=STATUS` when what stands
 * behind the endpoint must end with that status for the fault to show.
 *
 * Fences without a role are prose for the reader, and do not run.
 */
export interface Page {
  /** The rule's id: the folder's name. */
  readonly id: string;
  readonly file: string;
  readonly text: string;
  readonly examples: readonly Example[];
}

export interface Example {
  readonly title: string;
  readonly line: number;
  readonly blocks: readonly Block[];
}

export type Role = 'faulty' | 'fixed' | 'clean' | 'with';

export interface Block {
  readonly role: Role;
  readonly language: string;
  readonly file: string;
  /** Without the lines of marks. */
  readonly text: string;
  readonly marks: readonly Mark[];
  readonly attributes: ReadonlyMap<string, string>;
  /** 1-based line of the fence in the page. */
  readonly line: number;
}

/** A finding that the page promises; offsets are UTF-16, into the block's text. */
export interface Mark {
  readonly rule: string;
  readonly start: number;
  readonly end: number;
}

const SOURCE = join(dirname(fileURLToPath(import.meta.url)), '../../server/src');
const DEFAULT_FILES: Readonly<Record<string, string>> = {
  js: 'app.js',
  ts: 'app.ts',
  nginx: 'conf.d/app.conf',
  yaml: 'serverless.yml',
  json: 'package.json',
};

/** The pages of all rules, by id. */
export function readPages(): Page[] {
  const folders = [
    join(SOURCE, 'rules'),
    ...subfolders(join(SOURCE, 'platforms')).map((folder) => join(folder, 'rules')),
  ];
  return folders
    .flatMap(subfolders)
    .map((folder) => join(folder, 'rule.md'))
    .filter((file) => existsSync(file))
    .map((file) => parsePage(file, readFileSync(file, 'utf8')))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

export function parsePage(file: string, text: string): Page {
  const examples: { title: string; line: number; blocks: Block[] }[] = [];
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? '';
    const heading = /^#{1,3} (.*)$/.exec(line);
    if (heading) examples.push({ title: heading[1] ?? '', line: i + 1, blocks: [] });
    const fence = /^(`{3,})(\w+)?(.*)$/.exec(line);
    if (!fence) continue;
    const end = lines.indexOf(fence[1] ?? '```', i + 1);
    if (end < 0) throw new Error(`${file}:${i + 1}: the fence is never closed`);
    const block = parseBlock(file, i + 1, fence[2] ?? '', fence[3] ?? '', lines.slice(i + 1, end));
    if (block) examples.at(-1)?.blocks.push(block);
    i = end;
  }
  const id = dirname(file).split(/[/\\]/).pop() ?? '';
  return { id, file, text, examples: examples.filter((example) => example.blocks.length > 0) };
}

function parseBlock(
  page: string,
  line: number,
  language: string,
  info: string,
  lines: readonly string[],
): Block | undefined {
  const attributes = new Map<string, string>();
  const words: string[] = [];
  for (const [, name, quoted, bare, word] of info.matchAll(/(\w+)=(?:"([^"]*)"|(\S+))|(\S+)/g)) {
    if (name) attributes.set(name, quoted ?? bare ?? '');
    else if (word) words.push(word);
  }
  const role = words[0];
  if (role === undefined) return undefined;
  if (role !== 'faulty' && role !== 'fixed' && role !== 'clean' && role !== 'with') {
    throw new Error(`${page}:${line}: "${role}" is no role; use faulty, fixed, clean or with`);
  }
  const file = attributes.get('file') ?? DEFAULT_FILES[language];
  if (file === undefined) throw new Error(`${page}:${line}: a ${language} block needs file=NAME`);
  return { role, language, file, ...readMarks(lines), attributes, line };
}

function readMarks(lines: readonly string[]): { text: string; marks: Mark[] } {
  const marks: Mark[] = [];
  let text = '';
  let lineStart = 0;
  for (const line of lines) {
    const mark = /^( *)(\^+) ([\w-]+)$/.exec(line);
    if (mark) {
      const start = lineStart + (mark[1] ?? '').length;
      marks.push({ rule: mark[3] ?? '', start, end: start + (mark[2] ?? '').length });
      continue;
    }
    lineStart = text.length;
    text += `${line}\n`;
  }
  return { text, marks };
}

function subfolders(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(folder, entry.name));
}
