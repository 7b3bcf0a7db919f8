/** The command line's entry: hands over to `run`, and nothing is loaded that the command does not need. */
import { processInput } from './input';
import { processOutput } from './output';
import { run } from './run';

process.stdout.on('error', leaveOnClosedPipe);
process.stderr.on('error', leaveOnClosedPipe);

const controller = new AbortController();
process.once('SIGINT', () => {
  controller.abort();
  // A second Ctrl+C need not wait for anything.
  process.once('SIGINT', () => process.exit(130));
});

run(process.argv.slice(2), {
  cwd: process.cwd(),
  output: processOutput(),
  input: processInput(),
  signal: controller.signal,
}).then((code) => {
  process.exitCode = code;
});

/** `cors-lint | head` closes the pipe when it has enough: no fault of anyone's. */
function leaveOnClosedPipe(error: NodeJS.ErrnoException): void {
  process.exit(error.code === 'EPIPE' ? 0 : EXIT_FAILED);
}

const EXIT_FAILED = 2;
