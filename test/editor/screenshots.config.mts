import { defineConfig } from 'vitest/config';

/** `npm run screenshots`: takes the README's pictures. No test: what it makes is for people to look at. */
export default defineConfig({
  test: { include: ['test/editor/screenshots.ts'], testTimeout: 300_000, hookTimeout: 300_000 },
});
