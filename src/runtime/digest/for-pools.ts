import type { Surface } from '../../cards/surfaces.ts';
import { surfaceKey } from '../../cards/surfaces.ts';
import { dueSlot } from '../../clock/daily.ts';
import type { DigestFacts, Occasion } from '../../clock/digest-facts.ts';
import type { DigestRule } from '../../clock/pool-clock.ts';
import type { Pool } from '../../routing/pools.ts';
import { countPool } from './counting.ts';
import type { DigestParts } from './parts.ts';

export interface PoolDigests {
  /** Makes the pool's digest of that day in each of its channels, except where there is one already. */
  make(pool: Pool, rule: DigestRule, occasion: Occasion): Promise<void>;
}

/** So long one process counts a large pool while the others wait for it; after that it is taken for dead. */
const TURN_MS = 60_000;

export function createPoolDigests(
  parts: Pick<DigestParts, 'store' | 'ledger' | 'jobs' | 'pools' | 'log'>,
): PoolDigests & { due(now: Date): Promise<void> } {
  const { store, ledger, jobs, pools, log } = parts;
  const { digests } = ledger;
  /** The last day of each pool that is known to be made, so that nobody asks again all day. */
  const made = new Map<string, string>();

  /** The channels that have none of that day yet, and what those say that there are. */
  async function missing(
    pool: Pool,
    day: string,
  ): Promise<{ readonly surfaces: readonly Surface[]; readonly facts: DigestFacts | undefined }> {
    const standing = await digests.madeOn(pool.id, day);
    const keys = new Set(standing.map(({ surface }) => surfaceKey(surface)));
    const surfaces = channelsOf(pool).filter((surface) => !keys.has(surfaceKey(surface)));
    return { surfaces, facts: standing[0]?.facts };
  }

  /** Counts and makes; false where somebody else is just doing it. */
  async function make(pool: Pool, rule: DigestRule, occasion: Occasion): Promise<boolean> {
    const { day } = occasion;
    if ((await missing(pool, day)).surfaces.length === 0) return true;
    const turn = `digest ${pool.id} ${day}`;
    if ((await ledger.reserve([turn], TURN_MS)) === undefined) return false;
    try {
      const { surfaces, facts: said } = await missing(pool, day);
      if (surfaces.length === 0) return true;
      const facts =
        said?.kind === 'pool'
          ? said
          : await countPool(pool, occasion, await digests.lastBefore(pool.id, day), store);
      const isLeftOut = facts.waiting === 0 && rule.empty === 'skip';
      log.info({ pool: pool.id, day, waiting: facts.waiting, posted: !isLeftOut }, 'a digest is made');
      for (const surface of surfaces) {
        const id = await digests.make({ of: pool.id, surface, facts }, isLeftOut ? 'closed' : 'due');
        if (!isLeftOut) await jobs.markDigest(id);
      }
      return true;
    } finally {
      await ledger.unreserve(turn);
    }
  }

  async function dueIn(pool: Pool, now: Date): Promise<void> {
    const rule = pool.clock?.digest;
    if (rule === undefined) return;
    const slot = dueSlot(rule.at, now, rule.graceMs);
    if (slot === undefined || made.get(pool.id) === slot.day) return;
    const until = new Date(slot.at.getTime() + rule.graceMs);
    if (await make(pool, rule, { day: slot.day, now, until })) made.set(pool.id, slot.day);
  }

  return {
    make: async (pool, rule, occasion) => {
      await make(pool, rule, occasion);
    },
    due: async (now) => {
      const failures: unknown[] = [];
      // One after the other: each may read thousands of Tasks.
      for (const pool of pools) {
        await dueIn(pool, now).catch((error: unknown) => failures.push(error));
      }
      if (failures.length > 0) throw new AggregateError(failures, 'making the digests of pools');
    },
  };
}

/** The surfaces of a pool's channels. */
export function channelsOf({ channels }: Pool): Surface[] {
  return channels.map(({ platform, channel }) => ({ platform, kind: 'channel', id: channel }));
}
