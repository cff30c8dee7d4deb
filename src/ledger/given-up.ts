import type { Journal } from '../runtime/ports/ledger.ts';
import type { DeadLetter, DeadLetters } from './dead-letters.ts';

/** Something that was given up, and how it is tried again. */
export interface GivenUp extends Omit<DeadLetter, 'tries'> {
  /** Unknown of a change in the journal. */
  readonly tries?: number;
  /** What it is tried again by. */
  readonly id: string;
}

/** The journal's dead letters stand beside those of the queues. */
export const JOURNAL = 'journal';

/** What was given up, the oldest first: jobs that ran out of tries, and changes that cannot be finished. */
export async function givenUp(
  letters: Pick<DeadLetters, 'list'>,
  journal: Pick<Journal, 'stuck'>,
  now: () => number = Date.now,
): Promise<readonly GivenUp[]> {
  const jobs = (await letters.list()).map((one) => ({ ...one, id: one.key }));
  const changes = (await journal.stuck()).map(({ id, taskId, ageMs, failure }) => ({
    queue: JOURNAL,
    key: taskId,
    since: new Date(now() - ageMs),
    error: failure,
    id,
  }));
  return [...changes, ...jobs].sort((a, b) => a.since.getTime() - b.since.getTime());
}
