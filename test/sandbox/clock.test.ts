import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { ZONE } from '../../sandbox/clinic.ts';
import { createClock } from '../../sandbox/clock.ts';
import { nextMorning } from '../../sandbox/next-morning.ts';

const HOUR_MS = 60 * 60 * 1000;

describe('the clinic’s clock', () => {
  it('shows real time, and as much more as it was moved', () => {
    let real = 1_000_000;
    const clock = createClock(() => real);

    expect(clock.now()).toBe(1_000_000);
    clock.advance(HOUR_MS);
    expect([clock.now(), clock.offset()]).toEqual([1_000_000 + HOUR_MS, HOUR_MS]);
    real += 5;
    clock.moveTo(new Date(1_000_000 + 2 * HOUR_MS));
    expect([clock.now(), clock.offset()]).toEqual([1_000_000 + 2 * HOUR_MS, 2 * HOUR_MS - 5]);
  });

  it('is not moved back, and not by what is no number', () => {
    const clock = createClock(() => 1_000_000);

    for (const ms of [-1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => clock.advance(ms)).toThrow(RangeError);
    expect(() => clock.moveTo(new Date(999_999))).toThrow(RangeError);
    expect(() => clock.moveTo(new Date(Number.NaN))).toThrow(RangeError);

    expect([clock.now(), clock.offset()]).toEqual([1_000_000, 0]);
  });

  it('does not go back when the machine’s own clock is set back', () => {
    let real = 1_000_000;
    const clock = createClock(() => real);
    clock.advance(10);
    clock.now();

    real -= 500;
    expect(clock.now()).toBe(1_000_010);
    real += 600;
    expect(clock.now()).toBe(1_000_110);
  });

  it('tells whoever listens of each move, until they do not', () => {
    const clock = createClock();
    const heard: number[] = [];
    const stop = clock.onMove((offset) => heard.push(offset));

    clock.advance(10);
    clock.advance(20);
    stop();
    clock.advance(30);

    expect(heard).toEqual([10, 30]);
  });
});

describe('the next morning', () => {
  const local = (text: string) => DateTime.fromISO(text, { zone: ZONE }).toJSDate();
  const shown = (instant: Date) =>
    DateTime.fromJSDate(instant, { zone: ZONE }).toFormat("ccc yyyy-MM-dd'T'HH:mm:ss.SSS");

  it.each([
    ['a weekday’s afternoon', '2026-11-24T13:20', 'Wed 2026-11-25'],
    ['a Friday’s afternoon', '2026-11-27T16:45', 'Mon 2026-11-30'],
    ['a Saturday', '2026-11-28T07:00', 'Mon 2026-11-30'],
    ['a Sunday’s night', '2026-11-29T23:59', 'Mon 2026-11-30'],
    ['the hours before it', '2026-11-30T02:00', 'Mon 2026-11-30'],
    ['the very instant', '2026-11-30T07:59:30', 'Tue 2026-12-01'],
    ['the evening before New Year', '2026-12-31T18:00', 'Fri 2027-01-01'],
    ['the weekend on which the clock is put forward', '2026-03-06T17:00', 'Mon 2026-03-09'],
    ['the weekend on which the clock is put back', '2026-10-30T17:00', 'Mon 2026-11-02'],
  ])('of %s is the next weekday’s', (_, after, day) => {
    expect(shown(nextMorning(local(after), ZONE))).toBe(`${day}T07:59:30.000`);
  });

  it('is always ahead, on a weekday, half a minute to eight, and there is none before it', () => {
    const instants = fc.date({
      min: new Date('2020-01-01'),
      max: new Date('2035-01-01'),
      noInvalidDate: true,
    });
    const zones = fc.constantFrom(ZONE, 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Apia', 'UTC');

    fc.assert(
      fc.property(instants, zones, (after, zone) => {
        const morning = DateTime.fromJSDate(nextMorning(after, zone), { zone });

        expect(morning.toMillis()).toBeGreaterThan(after.getTime());
        expect(morning.weekday).toBeLessThan(6);
        expect(morning.toFormat('HH:mm:ss.SSS')).toBe('07:59:30.000');
        const dayBefore = morning.minus({ days: morning.weekday === 1 ? 3 : 1 });
        expect(dayBefore.toMillis()).toBeLessThanOrEqual(after.getTime());
      }),
    );
  });
});
