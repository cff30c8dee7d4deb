import { describe, expect, it } from 'vitest';
import { duration, since } from '../../src/routing/duration.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('A length of time', () => {
  it.each([
    [0, 'less than a minute'],
    [59 * SECOND, 'less than a minute'],
    [-5 * MINUTE, 'less than a minute'],
    [Number.NaN, 'less than a minute'],
    [MINUTE, '1 min'],
    [HOUR - 1, '59 min'],
    [HOUR, '1 h'],
    [2 * HOUR + 10 * MINUTE + 59 * SECOND, '2 h 10 min'],
    [DAY - 1, '23 h 59 min'],
    [DAY, '1 d'],
    [DAY + 59 * MINUTE, '1 d'],
    [3 * DAY + 4 * HOUR, '3 d 4 h'],
    [400 * DAY, '400 d'],
  ])('of %i ms is said in its two largest units: %s', (ms, words) => {
    expect(duration(ms)).toBe(words);
  });

  it('is counted between instants, wherever their zones are', () => {
    expect(since('2026-03-02T10:50:00+03:00', new Date('2026-03-02T10:00:00.000Z'))).toBe('2 h 10 min');
  });
});
