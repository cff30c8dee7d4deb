import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addOpenTime, isOpen, nextOpening, openTimeBetween } from '../../src/clock/hours.ts';
import type { Hours } from '../../src/clock/pool-clock.ts';
import {
  closingHours,
  DAY,
  days,
  HOUR,
  instants,
  MINUTE,
  nineToFive,
  roundTheClock,
  wall,
  zones,
} from '../support/pure-clock.ts';

const ZONE = 'America/New_York';
const WEEK = nineToFive(ZONE, ['2026-03-17']);
const LUNCH: Hours = {
  zone: ZONE,
  openings: [
    { weekday: 1, from: '08:00', to: '12:00' },
    { weekday: 1, from: '13:00', to: '17:00' },
  ],
  holidays: [],
};
const ALWAYS: Hours = { zone: ZONE, openings: [], holidays: ['2026-03-17'] };

/** An instant of New York in the winter, or of its summer from 8 March 2026 on. */
const winter = (local: string) => new Date(`${local}:00-05:00`);
const summer = (local: string) => new Date(`${local}:00-04:00`);

describe('A pool', () => {
  it.each([
    ['Thursday at ten', winter('2026-03-05T10:00'), WEEK, true],
    ['the first minute', winter('2026-03-05T09:00'), WEEK, true],
    ['the minute before', winter('2026-03-05T08:59'), WEEK, false],
    ['closing time', winter('2026-03-05T17:00'), WEEK, false],
    ['Saturday at ten', winter('2026-03-07T10:00'), WEEK, false],
    ['a holiday at ten', summer('2026-03-17T10:00'), WEEK, false],
    ['lunch time', winter('2026-03-02T12:30'), LUNCH, false],
    ['the end of lunch', winter('2026-03-02T13:00'), LUNCH, true],
    ['midnight, round the clock', winter('2026-03-05T00:00'), roundTheClock(ZONE), true],
    ['a holiday, always open', summer('2026-03-17T10:00'), ALWAYS, true],
  ])('on %s: %s', (_when, at, hours, open) => {
    expect(isOpen(at, hours)).toBe(open);
  });
});

describe('Open time', () => {
  it.each([
    ['within a day', winter('2026-03-05T10:00'), winter('2026-03-05T12:30'), WEEK, 2.5],
    ['over a night', winter('2026-03-05T16:00'), winter('2026-03-06T10:00'), WEEK, 2],
    ['over the night alone', winter('2026-03-05T17:00'), winter('2026-03-06T09:00'), WEEK, 0],
    [
      'over a weekend with a change of clocks',
      winter('2026-03-06T16:00'),
      summer('2026-03-09T10:00'),
      WEEK,
      2,
    ],
    ['over a holiday', summer('2026-03-16T16:00'), summer('2026-03-18T10:00'), WEEK, 2],
    ['over lunch', winter('2026-03-02T11:00'), winter('2026-03-02T14:00'), LUNCH, 2],
    ['backwards', winter('2026-03-05T12:00'), winter('2026-03-05T10:00'), WEEK, 0],
    [
      'of a day that is one hour short',
      winter('2026-03-08T00:00'),
      summer('2026-03-09T00:00'),
      roundTheClock(ZONE),
      23,
    ],
    [
      'of a day that is one hour long',
      summer('2026-11-01T00:00'),
      winter('2026-11-02T00:00'),
      roundTheClock(ZONE),
      25,
    ],
    ['where it is always open', winter('2026-03-06T16:00'), winter('2026-03-08T16:00'), ALWAYS, 48],
    ['of a year', winter('2026-01-01T00:00'), winter('2027-01-01T00:00'), nineToFive(ZONE), 261 * 8],
  ])('%s is counted', (_what, from, to, hours, count) => {
    expect(openTimeBetween(from, to, hours) / HOUR).toBe(count);
  });

  it.each([
    ['on the same day', winter('2026-03-05T10:00'), 2, WEEK, winter('2026-03-05T12:00')],
    ['until closing time', winter('2026-03-05T16:00'), 1, WEEK, winter('2026-03-05T17:00')],
    ['on the next day', winter('2026-03-05T16:00'), 2, WEEK, winter('2026-03-06T10:00')],
    ['after a weekend', winter('2026-03-06T16:30'), 1, WEEK, summer('2026-03-09T09:30')],
    ['after a night', winter('2026-03-05T20:00'), 1, WEEK, winter('2026-03-06T10:00')],
    ['after a holiday', summer('2026-03-16T16:00'), 2, WEEK, summer('2026-03-18T10:00')],
    ['after lunch', winter('2026-03-02T11:30'), 1, LUNCH, winter('2026-03-02T13:30')],
    [
      'in the hour that is skipped',
      winter('2026-03-08T01:00'),
      2,
      roundTheClock(ZONE),
      summer('2026-03-08T04:00'),
    ],
    [
      'in the hour that comes twice',
      summer('2026-11-01T00:00'),
      3,
      roundTheClock(ZONE),
      winter('2026-11-01T02:00'),
    ],
    ['none, while open', winter('2026-03-05T10:00'), 0, WEEK, winter('2026-03-05T10:00')],
    ['none, while closed', winter('2026-03-05T20:00'), 0, WEEK, winter('2026-03-06T09:00')],
    ['none, at closing time', winter('2026-03-06T17:00'), 0, WEEK, summer('2026-03-09T09:00')],
    ['less than none', winter('2026-03-05T10:00'), -5, WEEK, winter('2026-03-05T10:00')],
    ['where it is always open', winter('2026-03-07T22:00'), 8, ALWAYS, summer('2026-03-08T07:00')],
  ])('is over %s', (_when, from, count, hours, end) => {
    expect(addOpenTime(from, count * HOUR, hours)).toEqual(end);
  });

  it('counts every hour where the pool never opens again', () => {
    const closed: Hours = {
      zone: ZONE,
      openings: [{ weekday: 1, from: '10:00', to: '10:00' }],
      holidays: [],
    };
    const from = winter('2026-03-05T10:00');

    expect(addOpenTime(from, 5 * HOUR, closed)).toEqual(winter('2026-03-05T15:00'));
    expect(isOpen(from, closed)).toBe(false);
    expect(openTimeBetween(from, new Date(from.getTime() + 900 * DAY), closed)).toBe(0);
    expect(nextOpening(from, closed)).toBeUndefined();
  });

  it('is counted once where openings overlap', () => {
    const hours: Hours = {
      zone: ZONE,
      openings: [
        { weekday: 4, from: '12:00', to: '16:00' },
        { weekday: 4, from: '08:00', to: '13:00' },
        { weekday: 4, from: '09:00', to: '10:00' },
      ],
      holidays: [],
    };

    expect(openTimeBetween(winter('2026-03-05T00:00'), winter('2026-03-06T00:00'), hours)).toBe(8 * HOUR);
  });

  it('of so much has passed when so much has been added', () => {
    fc.assert(
      fc.property(instants, fc.integer({ min: 0, max: 60 * HOUR }), closingHours, (from, ms, hours) => {
        expect(openTimeBetween(from, addOpenTime(from, ms, hours), hours)).toBe(ms);
      }),
    );
  });

  it('added again gives the instant back, if the pool was open until then', () => {
    const at = fc.integer({ min: 1, max: 60 * HOUR });
    fc.assert(
      fc.property(instants, at, closingHours, (from, ms, hours) => {
        const to = addOpenTime(from, ms, hours);

        expect(isOpen(new Date(to.getTime() - 1), hours)).toBe(true);
        expect(addOpenTime(from, openTimeBetween(from, to, hours), hours)).toEqual(to);
      }),
    );
  });

  it('only ever grows, and adds up', () => {
    const later = fc.integer({ min: 0, max: 20 * DAY });
    fc.assert(
      fc.property(instants, later, later, closingHours, (a, more, evenMore, hours) => {
        const b = new Date(a.getTime() + more);
        const c = new Date(b.getTime() + evenMore);
        const [ab, bc, ac] = [
          openTimeBetween(a, b, hours),
          openTimeBetween(b, c, hours),
          openTimeBetween(a, c, hours),
        ];

        expect(ab).toBeGreaterThanOrEqual(0);
        expect(ab).toBeLessThanOrEqual(more);
        expect(ab + bc).toBe(ac);
      }),
    );
  });

  it('of more takes longer, and from later ends no earlier', () => {
    const some = fc.integer({ min: 0, max: 40 * HOUR });
    fc.assert(
      fc.property(instants, some, some, some, closingHours, (from, ms, more, later, hours) => {
        const end = addOpenTime(from, ms, hours);

        expect(addOpenTime(from, ms + more, hours) >= end).toBe(true);
        expect(addOpenTime(new Date(from.getTime() + later), ms, hours) >= end).toBe(true);
      }),
    );
  });

  it('does not pass while the pool is closed', () => {
    fc.assert(
      fc.property(
        instants,
        closingHours,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (from, hours, share) => {
          fc.pre(!isOpen(from, hours));
          const opens = addOpenTime(from, 0, hours);
          const meanwhile = new Date(from.getTime() + Math.floor((opens.getTime() - from.getTime()) * share));

          expect(openTimeBetween(from, meanwhile, hours)).toBe(0);
          expect(isOpen(opens, hours)).toBe(true);
          expect(addOpenTime(meanwhile, 0, hours)).toEqual(opens);
        },
      ),
    );
  });

  it('is what the clock on the wall counts', () => {
    // No clock changes between these times of day, so that each of them is there once.
    const clockTimes = ['00:00', '05:00', '08:15', '12:00', '13:30', '17:45', '22:00', '24:00'];
    const opening = fc
      .record({
        weekday: fc.integer({ min: 1, max: 7 }),
        at: fc.uniqueArray(fc.constantFrom(...clockTimes), { minLength: 2, maxLength: 2 }),
      })
      .map(({ weekday, at }) => ({ weekday, at: at.toSorted() }));
    fc.assert(
      fc.property(
        zones,
        fc.array(opening, { minLength: 1, maxLength: 12 }),
        days,
        days,
        (zone, found, day, holiday) => {
          const openings = found.map(({ weekday, at: [from = '', to = ''] }) => ({ weekday, from, to }));
          const start = Date.parse(`${day}T00:00:00Z`);
          let count = 0;
          for (let at = start; at < start + 2 * DAY; at += 15 * MINUTE) {
            const shown = wall(at, zone);
            const weekday = new Date(shown.day).getUTCDay() || 7;
            const open = openings.some(
              (one) => one.weekday === weekday && one.from <= shown.time && shown.time < one.to,
            );
            if (open && shown.day !== holiday) count += 15 * MINUTE;
          }

          expect(
            openTimeBetween(new Date(start), new Date(start + 2 * DAY), {
              zone,
              openings,
              holidays: [holiday],
            }),
          ).toBe(count);
        },
      ),
    );
  });
});

describe('The next opening', () => {
  it.each([
    ['on a Friday afternoon is on Monday', winter('2026-03-06T16:00'), WEEK, summer('2026-03-09T09:00')],
    ['before a holiday is after it', summer('2026-03-16T18:00'), WEEK, summer('2026-03-18T09:00')],
    ['at an opening is the one after it', winter('2026-03-05T09:00'), WEEK, winter('2026-03-06T09:00')],
    ['just before an opening is that', winter('2026-03-05T08:59'), WEEK, winter('2026-03-05T09:00')],
    ['in the morning is the end of lunch', winter('2026-03-02T09:00'), LUNCH, winter('2026-03-02T13:00')],
    ['round the clock is none', winter('2026-03-05T08:59'), roundTheClock(ZONE), undefined],
    [
      'round the clock is after a holiday',
      winter('2026-03-05T08:59'),
      roundTheClock(ZONE, ['2026-03-17']),
      summer('2026-03-18T00:00'),
    ],
    ['where it is always open is none', winter('2026-03-05T08:59'), ALWAYS, undefined],
  ])('%s', (_when, after, hours, opening) => {
    expect(nextOpening(after, hours)).toEqual(opening);
  });

  it('is the first instant at which a pool opens that was closed', () => {
    fc.assert(
      fc.property(instants, closingHours, (after, hours) => {
        const opens = nextOpening(after, hours);
        if (opens === undefined) return;

        expect(opens > after).toBe(true);
        expect(isOpen(opens, hours)).toBe(true);
        expect(isOpen(new Date(opens.getTime() - 1), hours)).toBe(false);
        const closes = isOpen(after, hours)
          ? addOpenTime(after, openTimeBetween(after, opens, hours), hours)
          : after;
        expect(openTimeBetween(closes, opens, hours)).toBe(0);
        expect(closes < opens).toBe(true);
      }),
    );
  });
});
