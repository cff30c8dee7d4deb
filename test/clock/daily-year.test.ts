import { describe, expect, it } from 'vitest';
import { ahead, DAY, daysFrom, HOUR, isWorkday, jumps, MINUTE, wall } from '../support/pure-clock.ts';
import { DENSE, LONGEST, looks, run, STEPS } from '../support/pure-looks.ts';

/* What the wall shows is asked of the runtime, not of the library that the rules use. */

/** A year as the wall counts it, in which the days near anything unusual are looked at more closely. */
function* looksOf(year: number, zone: string): Generator<number> {
  const start = Date.UTC(year, 0, 1) - ahead(Date.UTC(year, 0, 1), zone);
  const end = Date.UTC(year + 1, 0, 1) - ahead(Date.UTC(year + 1, 0, 1), zone);
  const unusual = [...jumps(zone, year).map(Number), Date.UTC(year, 1, 29), end];
  for (let day = start; day < end; day += DAY) {
    const close = unusual.some((at) => Math.abs(at - day - DAY / 2) < 1.5 * DAY);
    yield* looks(day, Math.min(day + DAY, end), close ? DENSE : STEPS);
  }
}

describe('Over a whole year', () => {
  it.each([
    ['America/New_York', 2026, 2],
    ['Europe/Berlin', 2028, 2],
    ['Australia/Lord_Howe', 2026, 2],
    ['America/St_Johns', 2028, 2],
    ['Asia/Kolkata', 2028, 0],
    ['Asia/Kathmandu', 2026, 0],
    ['Pacific/Kiritimati', 2027, 0],
    ['America/Sao_Paulo', 2018, 2],
    // Also the year in which it crossed the date line, and went without a Friday.
    ['Pacific/Apia', 2011, 3],
  ])('%s has one digest for each working day of %i, at eight by the wall', (zone, year, changes) => {
    const holidays = [`${year}-01-01`, `${year}-05-01`, `${year}-12-25`];
    const left = [...holidays, ...(zone === 'Pacific/Apia' ? ['2011-12-30'] : [])];
    const expected = daysFrom(`${year}-01-01`, `${year}-12-31`).filter(
      (day) => isWorkday(day) && !left.includes(day),
    );

    const posted = run({ cron: '0 8 * * 1-5', zone, holidays }, looksOf(year, zone), 2 * HOUR);

    expect(jumps(zone, year)).toHaveLength(changes);
    expect(posted.map(({ day }) => day)).toEqual(expected);
    for (const { day, at, now } of posted) {
      expect(wall(at, zone)).toEqual({ day, time: '08:00' });
      expect(now - at.getTime()).toBeLessThan(LONGEST);
    }
  });

  it.each([
    ['America/New_York', 2026, '30 2 * * *'],
    ['America/New_York', 2026, '30 1 * * *'],
    ['America/New_York', 2026, '0 2 * * *'],
    ['Europe/Berlin', 2028, '30 2 * * *'],
    ['Europe/London', 2026, '30 1 * * *'],
    ['Australia/Lord_Howe', 2026, '15 2 * * *'],
    ['Australia/Lord_Howe', 2026, '45 1 * * *'],
    ['America/Sao_Paulo', 2018, '30 0 * * *'],
    ['America/Sao_Paulo', 2018, '30 23 * * *'],
    ['America/Santiago', 2026, '0 0 * * *'],
    ['America/Nuuk', 2026, '30 23 * * *'],
    ['America/St_Johns', 2010, '0 0 * * *'],
  ])('%s in %i has one a day, also where "%s" is skipped or comes twice', (zone, year, cron) => {
    const [minute = '', hour = ''] = cron.split(' ');
    const time = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
    const changes = jumps(zone, year).map(Number);
    expect(changes).toHaveLength(2);

    for (const change of changes) {
      const posted = run(
        { cron, zone, holidays: [] },
        looks(change - 3 * DAY, change + 3 * DAY, DENSE),
        2 * HOUR,
      );

      // The first and the last day are looked at in part.
      const whole = daysFrom(wall(change - 2 * DAY, zone).day, wall(change + 2 * DAY, zone).day);
      expect(posted.map(({ day }) => day)).toEqual(expect.arrayContaining(whole));
      for (const { day, at } of posted) {
        const shown = wall(at, zone);
        if (shown.time !== time || shown.day !== day) {
          // The wall never showed it: then it is the very instant at which the clock jumped over it.
          expect(at.getTime()).toBe(change);
          expect(wall(change - MINUTE, zone).time < time || wall(change - MINUTE, zone).day < day).toBe(true);
        } else {
          // Shown twice, it is the first.
          expect(wall(at.getTime() - HOUR, zone)).not.toEqual(shown);
          expect(wall(at.getTime() - HOUR / 2, zone)).not.toEqual(shown);
        }
      }
    }
  });
});
