import { defineConfig } from 'vitest/config';

/** The flows that need nothing but a FHIR server, against the one that MEDPLUM_BASE_URL names: `npm run test:medplum`. */
export default defineConfig({
  test: {
    include: ['test/specification/**/*.test.ts'],
    env: { TEST_RECORD: 'medplum' },
    // One clinic at a time: a project's quota is a few hundred writes a minute.
    maxWorkers: 1,
    globalSetup: 'test/support/ledger-image-setup.ts',
    testTimeout: 120_000,
    hookTimeout: 300_000,
  },
});
