import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { stateBehind } from './watched-dialect.ts';

const FOR_MS = 60_000;
const EVERY_MS = 2_000;

/**
 * Opens a database that may be starting at the same time as we are: tried again for a minute while it cannot be reached.
 * Whatever else is wrong is thrown at once.
 */
export async function withPatience<T>(
  open: () => Promise<T>,
  log: Pick<Logger, 'warn'>,
  { forMs = FOR_MS, everyMs = EVERY_MS } = {},
): Promise<T> {
  const until = Date.now() + forMs;
  for (;;) {
    try {
      return await open();
    } catch (error) {
      if (!isAway(error) || Date.now() + everyMs > until) throw error;
      log.warn({ err: error }, 'the ledger is not reachable yet; it is tried again');
      await sleep(everyMs);
    }
  }
}

/** Only what says so: a folder that is in use is not a server that is starting. */
function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const cause = error.cause ?? error;
  if (cause instanceof AggregateError) return cause.errors.some(isAway);
  if (!(cause instanceof Error)) return false;
  return 'code' in cause ? stateBehind(cause) === 'unreachable' : /timeout|terminated/i.test(cause.message);
}
