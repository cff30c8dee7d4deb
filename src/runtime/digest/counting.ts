import {
  type Occasion,
  type PersonFacts,
  type PoolFacts,
  personFacts,
  poolFacts,
} from '../../clock/digest-facts.ts';
import { NO_TRAFFIC, NOTHING_WAITS, tally, traffic } from '../../clock/digest-tally.ts';
import { forecastUntil } from '../../clock/forecast.ts';
import { NO_CLOCK } from '../../clock/pool-clock.ts';
import type { Member } from '../../routing/eligibility.ts';
import type { Pool } from '../../routing/pools.ts';
import { standingOf, type TaskRules } from '../../routing/task.ts';
import type { RecordStore } from '../ports/record.ts';
import { ownedBy } from '../queue.ts';

const DAY_MS = 24 * 3_600_000;

/**
 * Counts what a pool's digest says: its unclaimed Tasks and those that have changed since the last one, page by page.
 *
 * @param last when the last digest was counted; undefined where there is none.
 */
export async function countPool(
  pool: Pool,
  occasion: Occasion,
  last: Date | undefined,
  store: Pick<RecordStore, 'unclaimed' | 'changedIn'>,
): Promise<PoolFacts> {
  const { now } = occasion;
  const clock = pool.clock ?? NO_CLOCK;
  const before = forecastUntil(now, clock.hours);
  let waiting = NOTHING_WAITS;
  for await (const task of store.unclaimed(pool)) waiting = tally(waiting, task, { clock, now, before });

  const since = last ?? new Date(now.getTime() - DAY_MS);
  let moved = NO_TRAFFIC;
  for await (const task of store.changedIn(pool, since)) moved = traffic(moved, task, since);
  const of = last === undefined ? 'day ago' : 'last digest';
  return poolFacts(occasion, waiting, { ...moved, since: since.toISOString(), of }, clock, before);
}

/** Counts what a person has, and what they have yet to accept. */
export async function countPerson(
  member: Member,
  occasion: Occasion,
  { store, rules }: { readonly store: RecordStore; readonly rules: TaskRules },
): Promise<PersonFacts> {
  const tasks = await ownedBy(member, { store });
  const isAssigned = (task: (typeof tasks)[number]) => standingOf(task, rules) === 'assigned';
  return personFacts(
    occasion,
    tasks.filter((task) => !isAssigned(task)),
    tasks.filter(isAssigned),
  );
}
