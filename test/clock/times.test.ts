import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atLocal, dayAfter, isDayOf, localDay, localTime, weekdayOf } from '../../src/clock/times.ts';
import { days, HOUR, instants, MINUTE, times, wall, zones } from '../support/pure-clock.ts';

describe('A local time', () => {
  it.each([
    // An ordinary day, and one to either side of a change.
    ['2026-07-01', '08:00', 'America/New_York', '2026-07-01T12:00:00.000Z'],
    ['2026-03-07', '08:00', 'America/New_York', '2026-03-07T13:00:00.000Z'],
    ['2026-03-08', '08:00', 'America/New_York', '2026-03-08T12:00:00.000Z'],
    ['2026-11-01', '08:00', 'America/New_York', '2026-11-01T13:00:00.000Z'],
    ['2026-07-01', '24:00', 'America/New_York', '2026-07-02T04:00:00.000Z'],
    ['2028-02-29', '08:00', 'Europe/Berlin', '2028-02-29T07:00:00.000Z'],
    ['2026-01-01', '08:00', 'Asia/Kathmandu', '2026-01-01T02:15:00.000Z'],
    ['2026-01-01', '08:00', 'Pacific/Kiritimati', '2025-12-31T18:00:00.000Z'],
    // Skipped: the first instant after the gap, whichever of its minutes was asked for.
    ['2026-03-08', '01:59', 'America/New_York', '2026-03-08T06:59:00.000Z'],
    ['2026-03-08', '02:00', 'America/New_York', '2026-03-08T07:00:00.000Z'],
    ['2026-03-08', '02:30', 'America/New_York', '2026-03-08T07:00:00.000Z'],
    ['2026-03-08', '03:00', 'America/New_York', '2026-03-08T07:00:00.000Z'],
    ['2026-03-29', '02:30', 'Europe/Berlin', '2026-03-29T01:00:00.000Z'],
    ['2026-10-04', '02:15', 'Australia/Lord_Howe', '2026-10-03T15:30:00.000Z'],
    ['2026-10-04', '02:30', 'Australia/Lord_Howe', '2026-10-03T15:30:00.000Z'],
    ['2026-09-06', '00:00', 'America/Santiago', '2026-09-06T04:00:00.000Z'],
    ['2026-03-28', '23:30', 'America/Nuuk', '2026-03-29T01:00:00.000Z'],
    ['2011-12-30', '08:00', 'Pacific/Apia', '2011-12-30T10:00:00.000Z'],
    // Twice: the first.
    ['2026-11-01', '00:59', 'America/New_York', '2026-11-01T04:59:00.000Z'],
    ['2026-11-01', '01:00', 'America/New_York', '2026-11-01T05:00:00.000Z'],
    ['2026-11-01', '01:30', 'America/New_York', '2026-11-01T05:30:00.000Z'],
    ['2026-11-01', '02:00', 'America/New_York', '2026-11-01T07:00:00.000Z'],
    ['2026-10-25', '02:30', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
    ['2026-04-05', '01:45', 'Australia/Lord_Howe', '2026-04-04T14:45:00.000Z'],
    ['2026-04-05', '02:00', 'Australia/Lord_Howe', '2026-04-04T15:30:00.000Z'],
    ['2010-11-07', '00:00', 'America/St_Johns', '2010-11-07T02:30:00.000Z'],
  ])('%s %s in %s is %s', (day, time, zone, instant) => {
    expect(atLocal(day, time, zone).toISOString()).toBe(instant);
  });

  it('is the first instant at which the clock shows it, or a later one', () => {
    fc.assert(
      fc.property(days, times, zones, fc.integer({ min: 1, max: 26 * 60 }), (day, time, zone, minutes) => {
        const at = atLocal(day, time, zone);
        const shown = wall(at, zone);
        const earlier = wall(at.getTime() - minutes * MINUTE, zone);

        expect(`${shown.day} ${shown.time}` >= `${day} ${time}`).toBe(true);
        expect(`${earlier.day} ${earlier.time}` < `${day} ${time}`).toBe(true);
      }),
    );
  });

  it('is what the clock shows then, except in the hour that is skipped', () => {
    fc.assert(
      fc.property(days, times, zones, (day, time, zone) => {
        const at = atLocal(day, time, zone);
        const shown = wall(at, zone);

        fc.pre(wall(at.getTime() - 12 * HOUR, zone).time === wall(at.getTime() + 12 * HOUR, zone).time);
        expect(shown).toEqual({ day, time });
      }),
    );
  });

  it.each(['8:00', '08:00:00', '', 'noon'])('is no time of day: %j', (time) => {
    expect(() => atLocal('2026-01-01', time, 'UTC')).toThrow('not a time of day');
  });
});

describe('An instant', () => {
  it('has the local day and time that the wall shows', () => {
    fc.assert(
      fc.property(instants, zones, (at, zone) => {
        expect({ day: localDay(at, zone), time: localTime(at, zone) }).toEqual(wall(at, zone));
      }),
    );
  });

  it('has none in a zone that there is not', () => {
    expect(() => localDay(new Date(0), 'Mars/Olympus')).toThrow('not a time zone: Mars/Olympus');
  });
});

describe('A day', () => {
  it.each([
    ['2028-02-28', 1, '2028-02-29'],
    ['2028-02-29', 1, '2028-03-01'],
    ['2027-02-28', 1, '2027-03-01'],
    ['2026-12-31', 1, '2027-01-01'],
    ['2027-01-01', -1, '2026-12-31'],
    ['2026-03-08', 365, '2027-03-08'],
  ])('%s and %i make %s', (day, more, later) => {
    expect(dayAfter(day, more)).toBe(later);
  });

  it.each([
    ['2026-03-02', 1],
    ['2028-02-29', 2],
    ['2026-03-08', 7],
  ])('%s is day %i of its week', (day, weekday) => {
    expect(weekdayOf(day)).toBe(weekday);
  });

  it.each(['2026-02-29', '2026-2-1', '20260201', 'tomorrow'])('is none: %s', (day) => {
    expect(() => dayAfter(day)).toThrow(RangeError);
  });

  it('may be one that a zone went without', () => {
    expect(isDayOf('2011-12-30', 'Pacific/Apia')).toBe(false);
    expect(isDayOf('2011-12-31', 'Pacific/Apia')).toBe(true);
    // A day that begins at one o'clock is a day.
    expect(isDayOf('2026-09-06', 'America/Santiago')).toBe(true);
  });
});
