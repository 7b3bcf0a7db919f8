import { execFile, fork, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import {
  IPCMessageReader,
  IPCMessageWriter,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';
import { endProcess } from '../harness/process';
import { projectRoot } from '../harness/require';
import { type ClientOptions, connectClient, type TestClient } from './client';

/** Builds dist/, as `npm run build` does. */
export async function build(): Promise<void> {
  await promisify(execFile)(process.execPath, ['esbuild.mjs', '--quiet'], { cwd: projectRoot });
}

export interface BuiltServer {
  readonly client: TestClient;
  /** Settles with the status that the process ends with. */
  readonly ended: Promise<number | null>;
  stop(): Promise<void>;
}

/** The server as any editor starts it: a process of its own, over its standard streams. */
export async function startBuilt(options: ClientOptions, args: readonly string[] = ['--stdio']): Promise<BuiltServer> {
  const server = spawn(process.execPath, ['dist/server.js', ...args], {
    cwd: projectRoot,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve) => server.on('exit', resolve));
  const reader = new StreamMessageReader(server.stdout);
  const writer = new StreamMessageWriter(server.stdin);
  const client = await connectClient({ reader, writer }, options);
  return { client, ended, stop: () => endProcess(server) };
}

/** The server as VS Code starts it: forked, over the channel between Node.js processes. */
export async function forkBuilt(options: ClientOptions): Promise<BuiltServer> {
  const server = fork('dist/server.js', ['--node-ipc'], { cwd: projectRoot });
  const ended = new Promise<number | null>((resolve) => server.on('exit', resolve));
  const client = await connectClient(
    { reader: new IPCMessageReader(server), writer: new IPCMessageWriter(server) },
    options,
  );
  return { client, ended, stop: () => endProcess(server) };
}
