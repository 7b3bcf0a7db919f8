import { Worker } from 'node:worker_threads';

/**
 * Ends this process, with the name of the case on the error output, when one case takes longer than `seconds`: a
 * program that hangs cannot be stopped from within its own thread, and no test's time limit ever fires.
 */
export function startWatchdog(seconds: number): Watchdog {
  const worker = new Worker(SOURCE, { eval: true, workerData: { seconds, pid: process.pid } });
  worker.unref();
  return {
    watch: (name) => worker.postMessage(name),
    stop: async () => {
      await worker.terminate();
    },
  };
}

export interface Watchdog {
  /** A new case begins. */
  watch(name: string): void;
  stop(): Promise<void>;
}

const SOURCE = `
const { parentPort, workerData } = require('node:worker_threads');
const { writeSync } = require('node:fs');
let name = 'start';
let since = Date.now();
parentPort.on('message', (next) => {
  name = next;
  since = Date.now();
});
setInterval(() => {
  if (Date.now() - since < workerData.seconds * 1000) return;
  writeSync(2, 'Hangs for more than ' + workerData.seconds + ' s: ' + name + '\\n');
  process.kill(workerData.pid, 'SIGKILL');
}, 500);
`;
