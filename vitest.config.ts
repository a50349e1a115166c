import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Two cores: more workers only make Azurite and the KQL analyser load more often.
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 180_000,
    reporters: ['default', './tools/vitest-tally.ts'],
    coverage: { include: ['src/**'] },
  },
});
