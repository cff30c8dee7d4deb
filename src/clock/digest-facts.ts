import type { Task } from '@medplum/fhirtypes';
import type { Priority } from '../routing/priority.ts';
import { claimDue, DIGEST_ROWS, hasTargets, type Tally, type Traffic } from './digest-tally.ts';
import type { PoolClock } from './pool-clock.ts';

/**
 * What a digest says, counted once and kept in the ledger, so that every replica draws the same: numbers, instants (UTC,
 * ISO 8601) and the ids of Tasks. Nothing of a patient.
 */
export type DigestFacts = PoolFacts | PersonFacts;

interface Counted {
  /** The local day that it is of, `YYYY-MM-DD`. */
  readonly day: string;
  /** When it was counted. */
  readonly at: string;
  /** After this it is not posted any more. */
  readonly until: string;
  /** The Tasks that are listed, in this order. */
  readonly rows: readonly DigestRow[];
}

/** Of a pool: what waits in it. */
export interface PoolFacts extends Counted {
  readonly kind: 'pool';
  readonly waiting: number;
  readonly byPriority: Readonly<Record<Priority, number>>;
  /** Since when the patient who has waited longest has been waiting. */
  readonly oldest?: string;
  /** How many were past their target then; absent where the pool has none. */
  readonly over?: number;
  /** How many will pass it before the pool opens again. */
  readonly forecast?: { readonly count: number; readonly before: string };
  readonly traffic: Since;
}

/** Of a person: what they have, and what they have yet to accept. */
export interface PersonFacts extends Counted {
  readonly kind: 'person';
  readonly owned: number;
  readonly assigned: number;
}

/** What has happened since an instant, and what that was: the last digest, or a day ago where there is none. */
export interface Since extends Traffic {
  readonly since: string;
  readonly of: 'last digest' | 'day ago';
}

export interface DigestRow {
  readonly id: string;
  /** When it should have been claimed. */
  readonly due?: string;
}

/** When a digest is counted, of which day it is, and how long it may wait to be posted. */
export interface Occasion {
  readonly day: string;
  readonly now: Date;
  readonly until: Date;
}

/** @param before the end of the forecast that was counted. */
export function poolFacts(
  occasion: Occasion,
  { first, soon, over, oldest, waiting, byPriority }: Tally,
  moved: Since,
  clock: PoolClock,
  before: Date,
): PoolFacts {
  return {
    kind: 'pool',
    ...written(occasion),
    waiting,
    byPriority,
    ...(oldest !== undefined && { oldest }),
    ...(hasTargets(clock) && { over }),
    ...(soon > 0 && { forecast: { count: soon, before: before.toISOString() } }),
    traffic: moved,
    rows: first.map((task): DigestRow => {
      const due = claimDue(task, clock);
      return { id: task.id, ...(due && { due: due.toISOString() }) };
    }),
  };
}

/** @param owned what they have, @param assigned what they have yet to accept; the most urgent first. */
export function personFacts(
  occasion: Occasion,
  owned: readonly (Task & { id: string })[],
  assigned: readonly (Task & { id: string })[],
): PersonFacts {
  const rows = [...owned, ...assigned].slice(0, DIGEST_ROWS).map(({ id }): DigestRow => ({ id }));
  return {
    kind: 'person',
    ...written(occasion),
    owned: owned.length,
    assigned: assigned.length,
    rows,
  };
}

function written({ day, now, until }: Occasion): Pick<Counted, 'day' | 'at' | 'until'> {
  return { day, at: now.toISOString(), until: until.toISOString() };
}
