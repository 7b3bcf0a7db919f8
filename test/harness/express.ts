import { fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { transform } from 'esbuild';
import { collectOutput, endProcess } from './process';
import { projectRoot } from './require';

export interface ExpressProgram {
  /** JavaScript or TypeScript, with `require` or `import`. */
  readonly text: string;
  readonly version: 4 | 5;
  /** The program's file name, relative to its folder; decides the language. By default `app.ts`. */
  readonly name?: string;
  /** Other files, relative to the same folder: modules (also `node_modules/x/index.js`) and documents. */
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

export interface RunningExpress {
  readonly port: number;
  readonly url: string;
  /** What the program has printed so far. */
  output(): string;
  stop(): Promise<void>;
}

/** The program ended, or threw, before it listened. The message holds what it printed. */
export class ExpressFailed extends Error {}

/**
 * Runs an Express program **of our own tests** in a child process: `express` is the wanted major version, `cors` the
 * installed package, and whatever port it listens on is replaced by a free one of 127.0.0.1. A program that makes an
 * app and never calls `listen` is made to listen. Rejects with {@link ExpressFailed} when it throws at start.
 */
export async function startExpress(program: ExpressProgram): Promise<RunningExpress> {
  const folder = mkdtempSync(join(tmpdir(), 'cors-lint-express-'));
  const discard = () => rmSync(folder, { recursive: true, force: true });
  try {
    const main = await layOut(folder, program);
    const child = fork(main, [], {
      cwd: folder,
      execArgv: ['--require', join(import.meta.dirname, 'expressPreload.cjs')],
      env: { ...process.env, NODE_ENV: 'test', ...program.env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const output = collectOutput(child);
    const port = await new Promise<number>((resolve, reject) => {
      const late = setTimeout(() => {
        child.kill('SIGKILL');
        reject(new ExpressFailed(`The program does not listen after 15 s:\n${output()}`));
      }, 15_000);
      child.once('message', (message) => {
        clearTimeout(late);
        resolve(Number(message));
      });
      // 'close' comes after the last of the output, 'exit' may come before it.
      child.once('close', (code) => {
        clearTimeout(late);
        reject(new ExpressFailed(`The program ended with ${code} before it listened:\n${output()}`));
      });
    });
    return {
      port,
      url: `http://127.0.0.1:${port}`,
      output,
      stop: async () => {
        await endProcess(child);
        discard();
      },
    };
  } catch (error) {
    discard();
    throw error;
  }
}

/** What a program may use besides Express: the frameworks beside it, with their CORS middleware. */
const AS_THEY_ARE = ['cors', 'fastify', '@fastify/cors', 'koa', '@koa/cors', 'socket.io'];

async function layOut(folder: string, program: ExpressProgram): Promise<string> {
  const packages = {
    express: `express${program.version}`,
    ...Object.fromEntries(AS_THEY_ARE.map((name) => [name, name])),
  };
  mkdirSync(join(folder, 'node_modules'));
  for (const [name, installed] of Object.entries(packages)) {
    mkdirSync(dirname(join(folder, 'node_modules', name)), { recursive: true });
    symlinkSync(join(projectRoot, 'node_modules', installed), join(folder, 'node_modules', name));
  }
  for (const [name, text] of Object.entries(program.files ?? {})) await write(folder, name, text);
  return write(folder, program.name ?? 'app.ts', program.text);
}

/** Writes a file; code becomes a CommonJS module that Node.js runs, under the same name with `.js`. */
async function write(folder: string, name: string, text: string): Promise<string> {
  const code = /^(.*)\.[cm]?([jt]sx?)$/.exec(name);
  const path = join(folder, code === null || name.startsWith('node_modules/') ? name : `${code[1]}.js`);
  mkdirSync(dirname(path), { recursive: true });
  if (code === null || name.startsWith('node_modules/')) {
    writeFileSync(path, text);
    return path;
  }
  const loader = code[2]?.startsWith('ts') ? 'ts' : 'jsx';
  writeFileSync(path, (await transform(text, { loader, format: 'cjs', target: 'node20', platform: 'node' })).code);
  return path;
}
