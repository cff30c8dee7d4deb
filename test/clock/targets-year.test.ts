import { describe, expect, it } from 'vitest';
import { NO_CLOCK, type PoolClock } from '../../src/clock/pool-clock.ts';
import { hoursFor, nextChange, overBy, overText, targetOf } from '../../src/clock/targets.ts';
import type { Priority } from '../../src/routing/priority.ts';
import { ahead, DAY, daysFrom, HOUR, isWorkday, MINUTE, nineToFive, wall } from '../support/pure-clock.ts';

/*
 * Tasks that arrive at all times of all days of a year. What is expected is reckoned on the wall: nowhere do clocks
 * change between nine and five.
 */

const HOLIDAYS = ['2026-01-01', '2026-12-25', '2028-02-29', '2028-12-25'];
const ARRIVALS = ['00:10', '02:30', '08:59', '09:00', '12:20', '16:00', '16:45', '17:00', '23:50'];

const clockOf = (zone: string): PoolClock => ({
  ...NO_CLOCK,
  hours: nineToFive(zone, HOLIDAYS),
  claimWithin: { stat: 5 * MINUTE, urgent: HOUR, routine: 8 * HOUR },
});

describe('Over a whole year', () => {
  it.each([
    ['America/New_York', 2026],
    ['Europe/Berlin', 2028],
    ['Australia/Lord_Howe', 2026],
    ['America/St_Johns', 2028],
    ['Asia/Kolkata', 2028],
    ['Asia/Kathmandu', 2026],
    ['Pacific/Kiritimati', 2027],
    ['America/Santiago', 2026],
  ])('in %s a Task of %i falls due at the time that people would say', (zone, year) => {
    const clock = clockOf(zone);
    const due = (instant: number, priority: Priority): Date | undefined =>
      targetOf(taskOf(instant, priority), 'unclaimed', clock)?.due;

    const wrong: string[] = [];
    for (const [n, day] of daysFrom(`${year}-01-01`, `${year}-12-31`).entries()) {
      // A third of them each day; each weekday sees them all.
      for (const time of ARRIVALS.filter((_, arrival) => arrival % 3 === n % 3)) {
        const local = Date.parse(`${day}T${time}:00Z`);
        const instant = local - ahead(local - ahead(local, zone), zone);
        for (const [priority, hours] of [
          ['urgent', 1],
          ['routine', 8],
        ] as const) {
          const found = due(instant, priority);
          const { day: shownDay, time: shownTime } = wall(instant, zone);
          const expected = expectedDue(shownDay, shownTime, hours);
          const shown = found && `${wall(found, zone).day} ${wall(found, zone).time}`;
          if (shown !== expected) wrong.push(`${priority} of ${day} ${time}: ${shown}, not ${expected}`);
        }
        // What does not wait for the morning knows no wall.
        if (due(instant, 'stat')?.getTime() !== instant + 5 * MINUTE) wrong.push(`stat of ${day} ${time}`);
      }
    }

    expect(wrong).toEqual([]);
  });

  it('a card that nobody claims is drawn again only where it says something new, and never at night', () => {
    const zone = 'America/New_York';
    const clock = clockOf(zone);
    const target = targetOf(taskOf(Date.parse('2026-02-20T15:00:00Z'), 'urgent'), 'unclaimed', clock);
    if (target === undefined) throw new Error('there is a target');
    const hours = hoursFor('urgent', clock);

    const said: string[] = [];
    const end = Date.parse('2027-02-20T15:00:00Z');
    for (let now = target.due; now.getTime() < end; now = nextChange(target, now, hours)) {
      said.push(overText(overBy(target, now, hours)));
      const { day, time } = wall(now, zone);
      expect(isWorkday(day) && !HOLIDAYS.includes(day) && time >= '09:00' && time <= '17:00').toBe(true);
    }

    // "due now", ten minutes, nine steps of five, 23 hours, and the days: 260 of eight hours are 86.
    expect(new Set(said).size).toBe(said.length);
    expect(said.slice(0, 3)).toEqual(['due now', '1 min over', '2 min over']);
    expect(said.at(-1)).toBe('86 d over');
    expect(said).toHaveLength(1 + 10 + 9 + 23 + 86);
  });
});

/** The wall's day and time so many hours of nine to five after a time of a day. */
function expectedDue(day: string, time: string, hours: number): string {
  let [at, left] = [isOff(day) ? 24 * 60 : minutes(time), hours * 60];
  let today = day;
  while (true) {
    const begin = Math.max(at, 9 * 60);
    if (begin < 17 * 60) {
      if (begin + left <= 17 * 60) return `${today} ${written(begin + left)}`;
      left -= 17 * 60 - begin;
    }
    do today = new Date(Date.parse(today) + DAY).toISOString().slice(0, 10);
    while (isOff(today));
    at = 0;
  }
}

function isOff(day: string): boolean {
  return !isWorkday(day) || HOLIDAYS.includes(day);
}

function minutes(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

function written(total: number): string {
  return new Date(total * MINUTE).toISOString().slice(11, 16);
}

function taskOf(instant: number, priority: Priority) {
  return {
    resourceType: 'Task' as const,
    status: 'requested' as const,
    intent: 'order' as const,
    priority,
    authoredOn: new Date(instant).toISOString(),
  };
}
