import { setTimeout as sleep } from 'node:timers/promises';
import { waitBefore, withRetries } from './patience.ts';
import { RecordError, type RecordErrorKind } from './ports/record.ts';

/**
 * `done`: it is in the record. `lost`: the Task is not what the decision stood on any more; nothing was written.
 * `unknown`: the server went silent; the journal finishes it, or finds that it was refused, when it is back.
 */
export type Committed = 'done' | 'lost' | 'unknown';

/**
 * Writes something that must not be written twice: tried again where that can help, and once an answer was lost, never
 * before it has been looked whether the write is there.
 *
 * @param inDoubt an earlier try may have been heard.
 */
export async function writeOnce(
  write: () => Promise<void>,
  isWritten: () => Promise<boolean>,
  inDoubt: boolean,
): Promise<Committed> {
  let doubt = inDoubt;
  for (let attempt = 1; ; attempt++) {
    if (doubt) {
      const found = await look(isWritten);
      if (found !== 'absent') return OUTCOMES[found];
    }
    try {
      await write();
      return 'done';
    } catch (error) {
      doubt ||= is(error, 'unreachable');
      if (isRefusal(error, doubt)) return doubt ? OUTCOMES[await look(isWritten)] : 'lost';
      const wait = waitBefore(error, attempt, Math.random());
      if (wait === undefined && !doubt) throw error;
      if (wait === undefined) return 'unknown';
      await sleep(wait);
    }
  }
}

export function is(error: unknown, ...kinds: RecordErrorKind[]): boolean {
  return error instanceof RecordError && kinds.includes(error.kind);
}

/** A guard that failed wrote nothing. After doubt a clear no means as little: our first try may have been heard. */
function isRefusal(error: unknown, doubt: boolean): boolean {
  return is(error, 'lost', 'gone') || (doubt && is(error, 'forbidden', 'invalid'));
}

/** What is found of a write whose answer was lost; `silent`: that cannot be found out now. */
type Found = 'there' | 'absent' | 'gone' | 'silent';

/** After a refusal: was it our own write that came first? Where nobody can say, nobody knows. */
const OUTCOMES: Readonly<Record<Found, Committed>> = {
  there: 'done',
  absent: 'lost',
  gone: 'lost',
  silent: 'unknown',
};

async function look(isWritten: () => Promise<boolean>): Promise<Found> {
  try {
    return (await withRetries(isWritten)) ? 'there' : 'absent';
  } catch (error) {
    if (is(error, 'gone')) return 'gone';
    if (error instanceof RecordError) return 'silent';
    throw error;
  }
}
