import { defineConfig } from 'vitest/config';

// Named imports only elsewhere; vitest itself wants a default export here.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/editor/**', '**/node_modules/**'],
    globalSetup: ['test/support/build.mjs'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
