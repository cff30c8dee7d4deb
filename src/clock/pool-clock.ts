import type { Priority } from '../routing/priority.ts';

/** When a pool is at work. What is due in business hours is counted in these. */
export interface Hours {
  /** IANA name, e.g. `America/New_York`. */
  readonly zone: string;
  /** Where there are none the pool is always open. */
  readonly openings: readonly Opening[];
  /** Local days, `YYYY-MM-DD`, on which it is closed. */
  readonly holidays: readonly string[];
}

/** A stretch of one weekday in local time. */
export interface Opening {
  /** 1 is Monday, 7 is Sunday (ISO 8601). */
  readonly weekday: number;
  /** `HH:MM`; `to` may be `24:00`. */
  readonly from: string;
  readonly to: string;
}

/** At most once a day at a local time: a cron expression whose minute and hour are one number each. */
export interface Daily {
  readonly cron: string;
  /** IANA name. */
  readonly zone: string;
  /** Local days, `YYYY-MM-DD`, that are left out. */
  readonly holidays: readonly string[];
}

/** What happens by itself when nobody claims: each once, `afterMs` (open time) behind the target. */
export type LadderStep = { readonly afterMs: number } & (
  | { readonly kind: 'mention'; readonly whom: 'channel' | 'here' }
  | { readonly kind: 'lead' }
  | { readonly kind: 'reroute'; readonly pool: string }
);

/** Private reminders to an owner who has not answered in time. */
export interface ReminderRule {
  /** Open time between one and the next; the first comes when the target is missed. */
  readonly everyMs: number;
  readonly most: number;
  /** Whether the Task goes back to its pool once the last one has been waited for as long. */
  readonly returnToPool: boolean;
}

export interface DigestRule {
  readonly at: Daily;
  /** So late it may still come, after an outage. */
  readonly graceMs: number;
  readonly empty: 'skip' | 'post';
}

/** What the clock means for the Tasks of a pool. Lengths of time are milliseconds. */
export interface PoolClock {
  readonly hours: Hours;
  readonly claimWithin: Readonly<Partial<Record<Priority, number>>>;
  readonly answerWithin: Readonly<Partial<Record<Priority, number>>>;
  readonly ladder: readonly LadderStep[];
  /** Practitioners (references) who are told when nobody claims. */
  readonly leads: readonly string[];
  readonly reminders: ReminderRule | undefined;
  readonly digest: DigestRule | undefined;
  /** When everybody's shift ends: what they have goes back to the pool. */
  readonly shiftEnd: Daily | undefined;
}

/** Always open, and nothing is ever due. */
export const NO_CLOCK: PoolClock = {
  hours: { zone: 'UTC', openings: [], holidays: [] },
  claimWithin: {},
  answerWithin: {},
  ladder: [],
  leads: [],
  reminders: undefined,
  digest: undefined,
  shiftEnd: undefined,
};
