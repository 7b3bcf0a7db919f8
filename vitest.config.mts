import { defineConfig } from 'vitest/config';

/** Unit tests stand beside the code they hold; suites on real servers, browsers and editors stand in test/. */
export default defineConfig({
  test: {
    include: ['{server,client}/src/**/*.test.ts', 'test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 300_000,
  },
});
