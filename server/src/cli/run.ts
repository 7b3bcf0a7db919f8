import { type Command, parseArguments } from './arguments';
import { Complaint } from './complaint';
import { HELP, VERSION } from './help';
import type { Input } from './input';
import type { Output } from './output';

export interface Surroundings {
  readonly cwd: string;
  readonly output: Output;
  readonly input: Input;
  /** Ctrl+C. */
  readonly signal?: AbortSignal;
}

/** 0: nothing at error. 1: findings at error, or too many warnings. 2: it could not do its work. */
export type ExitCode = 0 | 1 | 2;

/**
 * Does what the arguments (without the program's own) ask for.
 * @returns the exit code; never rejects
 */
export async function run(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { output } = surroundings;
  try {
    const command = parseArguments(args);
    if (command.kind === 'mistake')
      throw new Complaint(`${command.message}\nRun cors-lint --help to see what there is.`);
    return await carryOut(command, surroundings);
  } catch (error) {
    const message = error instanceof Complaint ? error.message : `This is a fault in cors-lint itself: ${trace(error)}`;
    output.error(`${output.errorPaint('red', 'cors-lint:')} ${message}\n`);
    return 2;
  }
}

async function carryOut(command: Exclude<Command, { kind: 'mistake' }>, surroundings: Surroundings): Promise<ExitCode> {
  switch (command.kind) {
    case 'help':
      surroundings.output.out(HELP);
      return 0;
    case 'version':
      surroundings.output.out(`${VERSION}\n`);
      return 0;
    case 'audit':
      return (await import('./auditCommand')).runAudit(command, surroundings);
    case 'try':
      return (await import('./tryCommand')).runTry(command, surroundings);
    case 'explain':
      return (await import('./explainCommand')).runExplain(command, surroundings);
  }
}

function trace(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
