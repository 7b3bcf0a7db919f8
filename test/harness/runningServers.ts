import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** The ids of the processes that run the language server of one VS Code, and no other's: see `RunningVsCode.scratch`. */
export function runningServers(scratch: string): number[] {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      // A process that has ended and was not waited for has no program any more.
      readlinkSync(`/proc/${pid}/exe`);
      return command.includes(scratch) && command.includes('dist/server.js') ? [Number(pid)] : [];
    } catch {
      return [];
    }
  });
}
