import { describe, expect, it } from 'vitest';
import { forecastUntil, willPass } from '../../src/clock/forecast.ts';
import type { Hours } from '../../src/clock/pool-clock.ts';
import { nineToFive, roundTheClock } from '../support/pure-clock.ts';

const ZONE = 'America/New_York';
const WEEK = nineToFive(ZONE, ['2026-03-09']);
const ALWAYS: Hours = { zone: ZONE, openings: [], holidays: [] };

/** Friday, 27 February 2026, at four, and that Monday at nine. */
const FRIDAY = new Date('2026-02-27T16:00:00-05:00');
const MONDAY = new Date('2026-03-02T09:00:00-05:00');

describe('A forecast', () => {
  it.each([
    ['on a Friday afternoon, until Monday', FRIDAY, WEEK, MONDAY],
    ['on a Monday morning, until Tuesday', MONDAY, WEEK, new Date('2026-03-03T09:00:00-05:00')],
    // The clocks go forward on Sunday the 8th, and Monday is a holiday.
    [
      'over a long weekend',
      new Date('2026-03-06T16:00:00-05:00'),
      WEEK,
      new Date('2026-03-10T09:00:00-04:00'),
    ],
    ['of a pool that is always open, for a day', FRIDAY, ALWAYS, new Date('2026-02-28T16:00:00-05:00')],
    [
      'of one that is open round the clock, too',
      FRIDAY,
      roundTheClock(ZONE),
      new Date('2026-02-28T16:00:00-05:00'),
    ],
  ])('looks ahead %s', (_how, now, hours, until) => {
    expect(forecastUntil(now, hours)).toEqual(until);
  });

  it.each([
    ['is missed already', '2026-02-27T15:59:00-05:00', false],
    ['falls due now', '2026-02-27T16:00:00-05:00', false],
    ['falls due before the pool closes', '2026-02-27T16:30:00-05:00', true],
    ['falls due at the weekend', '2026-02-28T03:00:00-05:00', true],
    ['falls due as the pool opens', '2026-03-02T09:00:00-05:00', true],
    ['falls due when the pool is at work again', '2026-03-02T09:01:00-05:00', false],
  ])('on a Friday afternoon of what %s: %s, %s', (_what, due, passes) => {
    expect(willPass({ kind: 'claim', due: new Date(due) }, FRIDAY, WEEK)).toBe(passes);
  });
});
