import { setTimeout as sleep } from 'node:timers/promises';
import { RecordError } from './ports/record.ts';

const TRIES = 5;
/** The longest that a person is kept waiting because the server asks for it. */
const LONGEST_WAIT_MS = 2_000;

/**
 * How long to wait before the next try, or undefined where another try is of no use. A conflict wrote nothing and is
 * over in a moment; a throttled server says how long; an unreachable one gets a breath.
 *
 * @param attempt 1 for the first that failed.
 * @param random between 0 and 1, so that those who collided do not collide again.
 */
export function waitBefore(error: unknown, attempt: number, random: number): number | undefined {
  if (!(error instanceof RecordError) || attempt >= TRIES) return undefined;
  switch (error.kind) {
    case 'conflict':
      return 10 + random * 60 * attempt;
    case 'unreachable':
      return attempt < 3 ? 100 * attempt + random * 100 : undefined;
    case 'throttled': {
      const wait = error.retryAfterMs ?? 500;
      return wait <= LONGEST_WAIT_MS ? wait + random * 100 : undefined;
    }
    default:
      return undefined;
  }
}

/** Runs work that is safe to repeat, again where that can help. */
export async function withRetries<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const wait = waitBefore(error, attempt, Math.random());
      if (wait === undefined) throw error;
      await sleep(wait);
    }
  }
}
