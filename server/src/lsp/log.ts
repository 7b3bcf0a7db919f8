import type { Connection } from 'vscode-languageserver';

/** The server's output, which an editor shows on demand. */
export interface Log {
  info(message: string): void;
  warn(message: string): void;
  /** A fault of ours. The same one is written once, however often it comes. */
  fault(what: string, error: unknown): void;
  /** Runs what nobody waits for; a failure ends up here. */
  background(what: string, work: Promise<unknown>): void;
}

export function createLog(console: Pick<Connection['console'], 'error' | 'warn' | 'info'>): Log {
  const written = new Set<string>();
  const fault = (what: string, error: unknown): void => {
    const line = `${what}: ${describe(error)}`;
    if (written.has(line)) return;
    written.add(line);
    console.error(line);
  };
  return {
    info: (message) => console.info(message),
    warn(message) {
      if (written.has(message)) return;
      written.add(message);
      console.warn(message);
    },
    fault,
    background(what, work) {
      work.catch((error: unknown) => fault(what, error));
    },
  };
}

function describe(error: unknown): string {
  if (error instanceof Error) return error.stack ?? error.message;
  return String(error);
}
