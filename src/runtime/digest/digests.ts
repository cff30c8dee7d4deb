import type { Outcome } from '../../ledger/jobs.ts';
import { createPersonDigests } from './for-people.ts';
import { createPoolDigests, type PoolDigests } from './for-pools.ts';
import type { DigestParts } from './parts.ts';
import { createDigestReconcile } from './reconcile.ts';

/** The daily digests of pools and of people. */
export interface DailyDigests extends PoolDigests {
  /** Makes those whose time has come, each once; and sees to those that did not come to an end. To be called often. */
  due(now: Date): Promise<void>;
  /** Makes one say what is true: posts it, redraws it, closes it once a newer one stands below. */
  reconcile(digestId: string): Promise<Outcome>;
  /** A Task has changed: the digests that list it are looked at again. */
  touched(taskId: string): Promise<void>;
}

/** What a process has begun and not ended after so long was left by one that died. */
const LEFT_MS = 60_000;

export function createDailyDigests(parts: DigestParts): DailyDigests {
  const { ledger, jobs } = parts;
  const ofPools = createPoolDigests(parts);
  const ofPeople = createPersonDigests(parts);
  let lookedAt = Number.NEGATIVE_INFINITY;

  async function seeToUnfinished(now: Date): Promise<void> {
    if (now.getTime() - lookedAt < LEFT_MS) return;
    for (const id of await ledger.digests.unfinished(LEFT_MS)) await jobs.markDigest(id);
    lookedAt = now.getTime();
  }

  return {
    make: ofPools.make,
    due: async (now) => {
      // Where one cannot be made, the others are all the same.
      const looks = await Promise.allSettled([seeToUnfinished(now), ofPools.due(now), ofPeople.due(now)]);
      const failures = looks.flatMap((look) => (look.status === 'rejected' ? [look.reason] : []));
      if (failures.length > 0) throw new AggregateError(failures, 'making digests');
    },
    reconcile: createDigestReconcile(parts),
    touched: async (taskId) => {
      for (const id of await ledger.digests.listing(taskId)) await jobs.markDigest(id);
    },
  };
}
