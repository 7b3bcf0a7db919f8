import { type ChildProcess, fork } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import type { Request } from '../../server/src/cors/http';

/** Many programs of our own tests on the installed majors of Express, in one process beside the test's. */

export interface Run {
  readonly version: 4 | 5;
  readonly file: string;
  readonly text: string;
  readonly env: Readonly<Record<string, string>>;
  readonly requests: readonly Request[];
}

export type Answer =
  | { readonly kind: 'answer'; readonly status: number; readonly headers: readonly (readonly [string, string])[] }
  | { readonly kind: 'hangs' };

/** The answers in the order of the requests, or what the program threw at its start. */
export type Result =
  | { readonly kind: 'ran'; readonly answers: readonly Answer[] }
  | { readonly kind: 'failed'; readonly error: string };

export interface ExpressWorld {
  run(runs: readonly Run[]): Promise<readonly Result[]>;
  stop(): void;
}

interface SentAnswer {
  readonly hangs?: true;
  readonly status: number;
  readonly headers: readonly string[];
}
type SentResult = { readonly failed: string } | { readonly answers: readonly SentAnswer[] };

export async function startExpressWorld(): Promise<ExpressWorld> {
  const child = fork(join(import.meta.dirname, 'express-runner.cjs'), [], {
    cwd: tmpdir(),
    env: { ...process.env, NODE_ENV: 'test' },
  });
  await nextMessage(child);
  let count = 0;
  return {
    async run(runs) {
      child.send(
        runs.map(({ version, file, text, env, requests }) => ({
          id: String(count++),
          version,
          code: toCommonJs(file, text),
          env,
          requests: requests.map(toSend),
        })),
      );
      const results = (await nextMessage(child)) as readonly SentResult[];
      return results.map((result): Result => {
        if ('failed' in result) return { kind: 'failed', error: result.failed };
        return { kind: 'ran', answers: result.answers.map(toAnswer) };
      });
    },
    stop: () => child.kill('SIGKILL'),
  };
}

function nextMessage(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`the programs' process ended with ${code}`));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message);
    });
  });
}

/** Modules and types away, as a project's own build would do it. */
function toCommonJs(file: string, text: string): string {
  return transpiled(file, text).outputText;
}

/** What is wrong with a program's syntax, by the compiler. */
export function syntaxErrors(file: string, text: string): readonly string[] {
  return (transpiled(file, text).diagnostics ?? []).map(({ messageText }) =>
    ts.flattenDiagnosticMessageText(messageText, '\n'),
  );
}

function transpiled(fileName: string, text: string): ts.TranspileOutput {
  return ts.transpileModule(text, {
    fileName,
    reportDiagnostics: true,
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      esModuleInterop: true,
      allowJs: true,
    },
  });
}

function toSend({ method, path, origin, headers }: Request): object {
  const all: Record<string, string> = Object.fromEntries(headers);
  if (origin !== undefined) all['origin'] = origin;
  const body = method === 'POST' || method === 'PUT' ? '{}' : undefined;
  if (body !== undefined) all['content-length'] = String(body.length);
  return { method, path, headers: all, body };
}

function toAnswer({ hangs, status, headers }: SentAnswer): Answer {
  if (hangs) return { kind: 'hangs' };
  const pairs = headers.flatMap((name, i) => (i % 2 === 0 ? [[name, headers[i + 1] ?? ''] as const] : []));
  return { kind: 'answer', status, headers: pairs };
}
