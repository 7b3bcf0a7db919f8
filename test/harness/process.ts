import type { ChildProcess } from 'node:child_process';

/** Ends a child process that we started and waits until it is gone: politely first, by force after three seconds. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise<void>((resolve) => {
    const force = setTimeout(() => child.kill('SIGKILL'), 3000);
    child.once('exit', () => {
      clearTimeout(force);
      resolve();
    });
    child.kill('SIGTERM');
  });
}

/** Collects what a child process prints, for error messages: at most the last 64 KiB. */
export function collectOutput(child: ChildProcess): () => string {
  let text = '';
  const add = (chunk: Buffer) => {
    text = (text + chunk.toString('utf8')).slice(-65536);
  };
  child.stdout?.on('data', add);
  child.stderr?.on('data', add);
  return () => text;
}

/** Polls until `ready` holds; stops with an error when the process ends before that, or the time is over. */
export async function waitUntil(
  ready: () => Promise<boolean>,
  child: ChildProcess,
  what: string,
  output: () => string,
  milliseconds = 20_000,
): Promise<void> {
  const deadline = Date.now() + milliseconds;
  while (!(await ready())) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`${what} ended:\n${output()}`);
    if (Date.now() > deadline) throw new Error(`${what} is not ready after ${milliseconds} ms:\n${output()}`);
    await pause(15);
  }
}

export async function pause(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}
