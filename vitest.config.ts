import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Each clinic starts a database of its own; more of them at once than cores only wait for each other.
    maxWorkers: 2,
    globalSetup: 'test/support/ledger-image-setup.ts',
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 12_000 } },
  },
});
