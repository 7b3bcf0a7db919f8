import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { SlowFirst } from './test/harness/slowFirst';

/** Unit tests stand beside the code they hold; suites on real servers, browsers and editors stand in test/. */
export default defineConfig({
  test: {
    include: ['{server,client}/src/**/*.test.ts', 'test/**/*.test.ts'],
    // Half of the time goes by in waiting for real servers and browsers: two at a time, on two cores too.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    sequence: { sequencer: SlowFirst },
    testTimeout: 60_000,
    hookTimeout: 300_000,
    // A loaded machine is slow, not wrong.
    expect: { poll: { timeout: 20_000 } },
  },
});
