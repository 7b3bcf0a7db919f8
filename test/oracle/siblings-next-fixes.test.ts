import { readFileSync, writeFileSync } from 'node:fs';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import { applyEdits } from '../../server/src/lint/edits';
import { lint } from '../../server/src/lint/engine';
import { rules } from '../../server/src/lint/registry';
import { DEFAULT_SETTINGS } from '../../server/src/lint/settings';
import { express } from '../../server/src/platforms/express/platform';
import { memoryHost } from '../harness/memoryHost';
import { FAULTY, type Faulty } from './siblings-next-faulty';

/**
 * Faulty files of Next.js, their fixes, and what Next.js answers to their preflights before and after
 * (facts/next-fixes.json, which siblings-next-fixes-observe.mjs writes). With WRITE_FIXED the fixed texts are put there,
 * to be observed anew.
 */
interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}
interface Program {
  readonly file: string;
  readonly method: string;
  readonly text: string;
  readonly fixed: string;
}
interface Facts {
  readonly programs: readonly Program[];
  readonly answers: Readonly<Record<string, readonly { readonly before: Answer; readonly after: Answer }[]>>;
}

const FACTS = new URL('facts/next-fixes.json', import.meta.url);
const ORIGIN = 'https://app.example.com';
const MANIFEST = '{ "dependencies": { "next": "*" } }';

beforeAll(() => express.prepare?.());

function findingsIn(file: string, text: string) {
  const host = memoryHost(
    new Map([
      [file, text],
      ['package.json', MANIFEST],
    ]),
  );
  const onCrash = ({ error }: { readonly error: unknown }) => {
    throw error;
  };
  return lint({ platform: express, file, text, host, settings: DEFAULT_SETTINGS, rules, onCrash }).findings;
}

function mended({ file, text, rule, fix }: Faulty): string {
  const findings = findingsIn(file, text);
  const found = findings
    .filter((one) => one.rule.id === rule)
    .flatMap((one) => one.fixes())
    .find(({ title }) => title.startsWith(fix));
  expect(found, findings.map((one) => `${one.rule.id}: ${one.message}`).join('\n')).toBeDefined();
  return applyEdits(text, found?.edits ?? []);
}

/** Whether the handler reads a JSON body: pages name its type. */
function readsBody(text: string): boolean {
  return /request\.json\(|req\.body/.test(text);
}

/** Whether a browser sends the request after this answer (https://fetch.spec.whatwg.org/#cors-preflight-fetch-0). */
function isPassed({ status, headers }: Answer, method: string, names: readonly string[]): boolean {
  const allowed = headers['access-control-allow-headers']?.toLowerCase().split(/\s*,\s*/) ?? [];
  if (!names.every((name) => allowed.includes(name))) return false;
  const origin = headers['access-control-allow-origin'];
  const methods = headers['access-control-allow-methods']?.split(/\s*,\s*/) ?? [];
  return status >= 200 && status <= 299 && (origin === '*' || origin === ORIGIN) && methods.includes(method);
}

if (process.env['WRITE_FIXED'])
  it('writes the fixed texts', () => {
    const programs = FAULTY.map((one) => ({ file: one.file, method: one.method, text: one.text, fixed: mended(one) }));
    writeFileSync(FACTS, `${JSON.stringify({ programs, answers: {} }, null, 1)}\n`);
  });
else {
  const facts: Facts = JSON.parse(readFileSync(FACTS, 'utf8'));
  const versions = Object.entries(facts.answers);

  describe.each(FAULTY.map((one, i) => ({ ...one, i })))('$file: $name', (one) => {
    const { file, method, rule, text, i } = one;

    it('is found, and the fix is the one that was observed', () => {
      const fixed = mended(one);
      expect({ file, method, text, fixed }).toEqual(facts.programs[i]);
      expect(findingsIn(file, fixed).filter((other) => other.rule.id === rule)).toEqual([]);
    });

    it.each(versions)('Next.js %s passes the preflight after it, and not before', (_, answers) => {
      const { before, after } = answers[i] ?? {};
      const names = readsBody(text) ? ['content-type'] : [];
      expect(before && isPassed(before, method, names)).toBe(false);
      expect(after && isPassed(after, method, names), JSON.stringify(after)).toBe(true);
    });
  });

  it('was observed on two versions', () =>
    expect(versions.map(([name]) => Number.parseInt(name, 10))).toEqual([15, 16]));

  it('the fixes type-check', () => {
    const typed = facts.programs.flatMap(({ file, fixed }, i): [string, string][] =>
      file.endsWith('.ts') ? [[`/${i}.ts`, fixed]] : [],
    );
    expect(typed.length).toBeGreaterThan(5);
    expect(typeErrors(new Map([...typed, ['/next.d.ts', TYPES]]))).toEqual([]);
    expect(typeErrors(new Map([['/wrong.ts', 'export const wrong: number = "text";']]))).toHaveLength(1);
  });
}

/** What the files take of Next.js, as its own declarations have it. */
const TYPES = `declare module 'next/server' {
  export class NextResponse extends Response {
    static json<T>(body: T, init?: ResponseInit): NextResponse;
  }
}
declare module 'next' {
  export interface NextApiRequest { method?: string }
  export interface NextApiResponse {
    setHeader(name: string, value: number | string | readonly string[]): this;
    status(code: number): NextApiResponse;
    json(body: unknown): void;
    end(): this;
  }
}
`;

function typeErrors(files: ReadonlyMap<string, string>): readonly string[] {
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    types: [],
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile } = host;
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.readFile = (name) => files.get(name) ?? readFile(name);
  host.getSourceFile = (name, target) => {
    const text = host.readFile(name);
    return text === undefined ? undefined : ts.createSourceFile(name, text, target);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}
