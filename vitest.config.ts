import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Two cores: more workers only make Azurite and the KQL analyser load more often.
    maxWorkers: 2,
    // The end-to-end tests start processes and servers; on a busy machine one of them may lose a race with the clock. Said in the report.
    retry: process.env['CI'] === undefined ? 0 : 1,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', './tools/vitest-tally.ts'],
    coverage: { include: ['src/**'] },
  },
});
