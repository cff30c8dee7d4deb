import { nextOpening } from './hours.ts';
import type { Hours } from './pool-clock.ts';
import type { Target } from './targets.ts';

const DAY_MS = 24 * 3_600_000;

/**
 * How far a forecast looks: until the pool opens again, on a Friday afternoon until Monday morning. For a pool that is
 * always open (or opens no more), 24 hours: by then its next digest has come. `hours` are the pool's own, also for a
 * Task that does not wait for them.
 */
export function forecastUntil(now: Date, hours: Hours): Date {
  return nextOpening(now, hours) ?? new Date(now.getTime() + DAY_MS);
}

/**
 * Whether a target that is not missed yet will be, unless somebody does something before the pool opens again. For many
 * Tasks, ask `forecastUntil` once and compare.
 */
export function willPass(target: Target, now: Date, hours: Hours): boolean {
  return now < target.due && target.due <= forecastUntil(now, hours);
}
