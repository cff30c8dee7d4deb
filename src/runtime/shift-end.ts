import type { Logger } from 'pino';
import { dueSlot } from '../clock/daily.ts';
import { changedSince, shiftEndOf } from '../duties/shift-end.ts';
import type { RecipientRule } from '../record/recipients.ts';
import { SERVICE, writesOf } from '../record/writes.ts';
import { type Pool, poolsOf } from '../routing/pools.ts';
import type { TaskRules } from '../routing/task.ts';
import { aFewAtATime } from './a-few.ts';
import type { Commit } from './commit.ts';
import { withRetries } from './patience.ts';
import type { Jobs, Journal, Ledger } from './ports/ledger.ts';
import { RecordError, type RecordStore } from './ports/record.ts';

export interface ShiftEndParts {
  readonly store: Pick<RecordStore, 'owned' | 'observe' | 'versions'>;
  readonly ledger: Pick<Ledger, 'cursor' | 'moveCursor'> & { readonly journal: Pick<Journal, 'isOpen'> };
  readonly jobs: Pick<Jobs, 'mark'>;
  readonly commit: Pick<Commit, 'run'>;
  readonly pools: readonly Pool[];
  readonly rules: TaskRules;
  readonly recipients: RecipientRule;
  readonly log: Logger;
}

/** So late it is still done, after an outage. */
const GRACE_MS = 2 * 60 * 60_000;
/** The record has others to serve as well. */
const FEW = 4;
/** What could not be done is tried again after so long. */
const AGAIN_MS = 60_000;
/** How often a Task is looked at anew when somebody else was quicker. */
const TRIES = 3;

/**
 * Ends the shifts that have ended by now: what the people of a pool have had since before goes back to it. To be called
 * every few seconds, by each replica: what is to be done is read off the record, and a pool that is done is only
 * remembered so as not to be read again. What could not be done is tried again a minute later. Never throws.
 */
export function createShiftEnd(parts: ShiftEndParts): (now: Date) => Promise<void> {
  const { store, ledger, jobs, commit, pools, rules, recipients, log } = parts;
  /** By pool, until when it is left alone. */
  const waits = new Map<string, number>();

  async function endIn(pool: Pool, now: Date): Promise<void> {
    const slot = pool.clock?.shiftEnd && dueSlot(pool.clock.shiftEnd, now, GRACE_MS);
    if (!slot) return;
    const cursor = `shift-end:${pool.id}`;
    const done = await ledger.cursor(cursor);
    if (done && done >= slot.at) return;

    const ids = await withRetries(() => owned(pool));
    let left = 0;
    await aFewAtATime(ids, FEW, async (id) => {
      if (!(await giveBack(id, slot.at, now))) left++;
    });
    log.info({ pool: pool.id, slot: slot.at, tasks: ids.length, left }, 'end of the shift');
    if (left === 0) await ledger.moveCursor(cursor, slot.at);
    else waits.set(pool.id, now.getTime() + AGAIN_MS);
  }

  /** All at once: the pages are in the order of the last change, and giving one back is one. */
  async function owned(pool: Pool): Promise<string[]> {
    const ids: string[] = [];
    for await (const task of store.owned(pool)) {
      // A Task of several pools goes by the first one's clock.
      if (poolsOf(task, pools)[0]?.id === pool.id) ids.push(task.id);
    }
    return ids;
  }

  /** False where it is not settled yet. */
  async function giveBack(taskId: string, end: Date, now: Date): Promise<boolean> {
    try {
      for (let attempt = 1; attempt <= TRIES; attempt++) {
        if (await ledger.journal.isOpen(taskId)) return false;
        const seen = await withRetries(() => store.observe(taskId));
        if (seen === undefined) return true;
        const versions = changedSince(seen.task, end) ? await withRetries(() => store.versions(taskId)) : [];
        const decision = shiftEndOf({ ...seen, versions }, end, rules);
        if (decision === undefined) return true;
        const outcome = await commit.run(writesOf(decision, { ...seen, now }, SERVICE, recipients));
        log.info({ task: taskId, verb: decision.verb, outcome }, 'duty');
        if (outcome === 'lost') continue;
        await jobs.mark(taskId);
        return outcome === 'done';
      }
    } catch (error) {
      tell(error, { task: taskId }, 'a Task could not be given back at the end of the shift');
    }
    return false;
  }

  function tell(error: unknown, what: object, message: string): void {
    log[error instanceof RecordError ? 'warn' : 'error']({ err: error, ...what }, message);
  }

  return async (now) => {
    for (const pool of pools) {
      if (now.getTime() < (waits.get(pool.id) ?? 0)) continue;
      try {
        await endIn(pool, now);
      } catch (error) {
        waits.set(pool.id, now.getTime() + AGAIN_MS);
        tell(error, { pool: pool.id }, 'the end of a shift could not be looked after');
      }
    }
  };
}
