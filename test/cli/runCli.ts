import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../harness/require';

const PROGRAM = join(projectRoot, 'dist/cli.js');

export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

export interface CliOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What is piped in; nothing when left out. */
  readonly input?: string;
}

/** Builds what the tests run. Quick when nothing changed. */
export async function buildCli(): Promise<void> {
  await promisify(execFile)(process.execPath, [join(projectRoot, 'esbuild.mjs'), '--quiet']);
}

/** Runs a line of shell in which $NODE and $CLI are the program. */
export function runShell(line: string, cwd: string): Promise<Outcome> {
  return finish(spawn('sh', ['-c', line], { cwd, env: { ...process.env, NODE: process.execPath, CLI: PROGRAM } }));
}

/** Runs the built program to its end, without colours unless the environment given asks for them. */
export function runCli(args: readonly string[], { cwd, env = {}, input = '' }: CliOptions): Promise<Outcome> {
  const { FORCE_COLOR: _force, NO_COLOR: _no, ...inherited } = process.env;
  const options = { cwd, env: { ...inherited, ...env }, timeout: 60_000 };
  const child = spawn(process.execPath, [PROGRAM, ...args], options);
  // A command that reads nothing may be gone before all is written.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  return finish(child);
}

function finish(child: ChildProcessWithoutNullStreams): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    let out = '';
    let error = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      error += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, error }));
  });
}
