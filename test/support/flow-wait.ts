import { vi } from 'vitest';

/** Waits until the assertion holds: cards follow the record, and answers follow a press, in their own time. */
export function eventually<T>(assertion: () => T | Promise<T>, timeout = 12_000): Promise<T> {
  return vi.waitFor(assertion, { timeout, interval: 20 });
}
