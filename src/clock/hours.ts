import { byDay } from './by-day.ts';
import type { Hours } from './pool-clock.ts';
import { atLocal, dayAfter, localDay, weekdayOf } from './times.ts';

/*
 * Open time is real time between an opening and its closing: on the day on which clocks go forward a pool that is open
 * all day is open for 23 hours. A pool without openings is always open, on holidays too. An opening's first instant is
 * open, its last is not.
 */

/** With nothing but holidays for so many days, nobody waits for an opening any more. */
const FURTHEST_DAYS = 400;

/** A stretch of open time, in ms since the epoch: from `start` on, before `end`. */
interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** Whether the pool is open at an instant. */
export function isOpen(at: Date, hours: Hours): boolean {
  const now = at.getTime();
  if (hours.openings.length === 0) return true;
  const next = stretchesFrom(at, hours).next();
  return !next.done && next.value.start <= now;
}

/**
 * The first instant by which so much open time (ms) has passed: 30 minutes from half an hour before closing is closing
 * time. No time at all, or less, is `from` itself while it is open, and else the next opening. Where the pool opens no
 * more within 400 days, all time counts.
 */
export function addOpenTime(from: Date, ms: number, hours: Hours): Date {
  const wanted = ms > 0 ? ms : 0;
  const start = from.getTime();
  if (hours.openings.length === 0) return new Date(start + wanted);
  let left = wanted;
  for (const stretch of stretchesFrom(from, hours)) {
    const begin = Math.max(stretch.start, start);
    if (begin + left <= stretch.end) return new Date(begin + left);
    left -= stretch.end - begin;
  }
  return new Date(start + wanted);
}

/** How much of the time between two instants was open, in ms; 0 where `to` is not after `from`. */
export function openTimeBetween(from: Date, to: Date, hours: Hours): number {
  const [start, end] = [from.getTime(), to.getTime()];
  if (end <= start) return 0;
  if (hours.openings.length === 0) return end - start;
  let open = 0;
  for (const stretch of stretchesFrom(from, hours)) {
    if (stretch.start >= end) break;
    open += Math.min(stretch.end, end) - Math.max(stretch.start, start);
  }
  return open;
}

/**
 * The next instant, after this one, at which the pool opens. Midnight between two days that are open all day is none.
 * Undefined where it is always open, or opens no more within 400 days.
 */
export function nextOpening(after: Date, hours: Hours): Date | undefined {
  const now = after.getTime();
  const furthest = now + FURTHEST_DAYS * 24 * 3_600_000;
  let closed: number | undefined;
  for (const { start, end } of stretchesFrom(after, hours)) {
    if (start > now && start !== closed) return new Date(start);
    if (start > furthest) return undefined;
    closed = end;
  }
  return undefined;
}

/** The stretches that end after this instant, in their order, until there are none for a long time. */
function* stretchesFrom(from: Date, hours: Hours): Generator<Stretch, void> {
  if (hours.openings.length === 0) return;
  let day = localDay(from, hours.zone);
  let idle = 0;
  while (idle <= FURTHEST_DAYS) {
    const ahead = stretchesOf(hours)(day).filter(({ end }) => end > from.getTime());
    yield* ahead;
    idle = ahead.length === 0 ? idle + 1 : 0;
    day = dayAfter(day);
  }
}

/** One day's, in their order; openings that overlap or touch are one stretch. */
const stretchesOf = byDay(({ zone, openings, holidays }: Hours) => (day: string): readonly Stretch[] => {
  if (holidays.includes(day)) return [];
  const weekday = weekdayOf(day);
  const stretches = openings
    .filter((opening) => opening.weekday === weekday)
    .map(({ from, to }) => ({
      start: atLocal(day, from, zone).getTime(),
      end: atLocal(day, to, zone).getTime(),
    }))
    .filter(({ start, end }) => start < end)
    .sort((a, b) => a.start - b.start);
  return joined(stretches);
});

function joined(stretches: readonly Stretch[]): Stretch[] {
  const merged: Stretch[] = [];
  for (const next of stretches) {
    const last = merged.at(-1);
    if (last === undefined || next.start > last.end) merged.push(next);
    else merged.splice(-1, 1, { start: last.start, end: Math.max(last.end, next.end) });
  }
  return merged;
}
