import type { Jobs, Ledger } from './ports/ledger.ts';

export interface WakesParts {
  readonly ledger: Pick<Ledger, 'wakesDue' | 'wokeUp'>;
  readonly jobs: Pick<Jobs, 'mark'>;
}

const BATCH = 500;

/**
 * Marks the Tasks whose time has come: a target is missed, a step of a ladder is due, a reminder. Marked first and crossed
 * out then, so that a crash in between, or another replica, marks one twice, which is harmless.
 */
export function createWakes({ ledger, jobs }: WakesParts): (now: Date) => Promise<void> {
  return async (now) => {
    for (;;) {
      const due = await ledger.wakesDue(now, BATCH);
      for (const taskId of due) await jobs.mark(taskId);
      await ledger.wokeUp(due, now);
      if (due.length < BATCH) return;
    }
  };
}
