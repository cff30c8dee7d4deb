import { vi } from 'vitest';

/** A server elsewhere cannot tell us about a change: the sweep has to come by, and its answers take their time. */
const PATIENCE_MS = process.env.TEST_RECORD === 'medplum' ? 60_000 : 12_000;

/** Waits until the assertion holds: cards follow the record, and answers follow a press, in their own time. */
export function eventually<T>(assertion: () => T | Promise<T>, timeout = PATIENCE_MS): Promise<T> {
  return vi.waitFor(assertion, { timeout, interval: 20 });
}
