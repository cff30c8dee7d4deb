import { dueSlot } from '../../src/clock/daily.ts';
import type { Daily } from '../../src/clock/pool-clock.ts';
import { MINUTE } from './pure-clock.ts';

/*
 * A clinic's clock runs: every few minutes somebody asks what is due, and a ledger lets each day through once.
 */

/** Between one look and the next; about all minutes of the hour come up. */
export const STEPS = [1, 13, 59, 37, 43, 29].map((minutes) => minutes * MINUTE);
export const LONGEST = Math.max(...STEPS);
/** The same, where a clock changes. */
export const DENSE = [3, 5, 2, 7].map((minutes) => minutes * MINUTE);

export interface Posted {
  readonly day: string;
  readonly at: Date;
  readonly now: number;
}

/** Everything that was posted at these looks, with nothing twice. */
export function run(daily: Daily, looks: Iterable<number>, graceMs: number): Posted[] {
  const done = new Map<string, Posted>();
  for (const now of looks) {
    const slot = dueSlot(daily, new Date(now), graceMs);
    if (slot && !done.has(slot.day)) done.set(slot.day, { ...slot, now });
  }
  return [...done.values()];
}

/** Looks from one instant to another, at the minutes that the steps make. */
export function* looks(from: number, to: number, steps: readonly number[] = STEPS): Generator<number> {
  let at = from;
  for (let n = 0; at < to; n += 1) {
    yield at;
    at += steps[n % steps.length] ?? MINUTE;
  }
}
