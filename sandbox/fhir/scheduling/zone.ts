import type { DayOfWeek } from '@medplum/core';
import { DAYS_OF_WEEK } from '@medplum/core';

const DAY_MS = 24 * 60 * 60 * 1000;
const clocks = new Map<string, Intl.DateTimeFormat>();

/** A day as a time zone has it. */
export interface LocalDay {
  readonly weekday: DayOfWeek;
  /** The instant at which the clock shows this time of day, `HH:MM:SS`; the next day's with `after` 1. */
  at(time: string, after?: number): number;
}

/** The local days that an interval of instants touches, and the day before it, in order. */
export function localDays(start: number, end: number, zone: string): LocalDay[] {
  const first = Math.floor(wallClock(start, zone) / DAY_MS) - 1;
  const last = Math.floor(wallClock(end, zone) / DAY_MS);
  return Array.from({ length: last - first + 1 }, (_, index) => toDay(first + index, zone));
}

function toDay(day: number, zone: string): LocalDay {
  return {
    // 1970-01-01 was a Thursday.
    weekday: DAYS_OF_WEEK[(((day + 3) % 7) + 7) % 7] ?? 'mon',
    at: (time, after = 0) => instantOf((day + after) * DAY_MS + millisecondsOf(time), zone),
  };
}

/** What the zone's clock shows, as if it were UTC. */
function wallClock(instant: number, zone: string): number {
  const parts = clockOf(zone).formatToParts(instant);
  const part = (type: Intl.DateTimeFormatPartTypes) =>
    Number(parts.find((candidate) => candidate.type === type)?.value ?? 0);
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
}

/** The instant at which the clock shows this. A time that the clock skips in spring is the one an hour later. */
function instantOf(wall: number, zone: string): number {
  const guess = wall - (wallClock(wall, zone) - wall);
  return guess - (wallClock(guess, zone) - wall);
}

function millisecondsOf(time: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number);
  return ((hours * 60 + minutes) * 60 + seconds) * 1000;
}

function clockOf(zone: string): Intl.DateTimeFormat {
  let clock = clocks.get(zone);
  if (!clock) {
    clock = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    clocks.set(zone, clock);
  }
  return clock;
}
