import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dailyProblem, dueSlot, slotAfter, slotOn } from '../../src/clock/daily.ts';
import type { Daily } from '../../src/clock/pool-clock.ts';
import { DAY, days, HOUR, instants, MINUTE, times, zones } from '../support/pure-clock.ts';

const ZONE = 'America/New_York';
const WORKDAYS: Daily = { cron: '0 8 * * 1-5', zone: ZONE, holidays: ['2026-03-17'] };

const at = (instant: string) => new Date(instant);
const daily = (cron: string, zone = ZONE): Daily => ({ cron, zone, holidays: [] });

/** As people write them, at any time of day. */
const dailies: fc.Arbitrary<Daily> = fc.record({
  cron: fc
    .tuple(
      times,
      fc.constantFrom('* * *', '* * 1-5', '* * MON,WED,FRI', '1,15 * *', 'L * *', '* 1-3 0', '* * 1#1'),
    )
    .map(([time, fields]) => `${Number(time.slice(3))} ${Number(time.slice(0, 2))} ${fields}`),
  zone: zones,
  holidays: fc.array(days, { maxLength: 10 }),
});

describe('A slot', () => {
  it.each([
    ['before its time', '2026-03-05T12:59:59.999Z', HOUR, undefined],
    ['at its time', '2026-03-05T13:00:00.000Z', HOUR, '2026-03-05'],
    ['within the grace', '2026-03-05T13:59:59.999Z', HOUR, '2026-03-05'],
    ['after the grace', '2026-03-05T14:00:00.000Z', HOUR, undefined],
    ['on a Saturday', '2026-03-07T13:00:00.000Z', HOUR, undefined],
    ['on a holiday', '2026-03-17T12:00:00.000Z', HOUR, undefined],
    ['on the Monday after the clocks went forward', '2026-03-09T12:00:00.000Z', HOUR, '2026-03-09'],
    ['after days, the newest alone', '2026-03-05T20:00:00.000Z', 5 * DAY, '2026-03-05'],
    ['over a weekend, as long as the grace is', '2026-03-08T20:00:00.000Z', 3 * DAY, '2026-03-06'],
    ['over a weekend that was too long', '2026-03-08T20:00:00.000Z', 2 * DAY, undefined],
    ['with a grace of none', '2026-03-05T13:00:00.000Z', 0, undefined],
  ])('is due %s', (_when, now, grace, day) => {
    expect(dueSlot(WORKDAYS, at(now), grace)?.day).toBe(day);
  });

  it.each([
    ['2026-03-05', '0 8 * * 1-5', '2026-03-05T13:00:00.000Z'],
    ['2026-03-07', '0 8 * * 1-5', undefined],
    ['2026-03-08', '30 2 * * *', '2026-03-08T07:00:00.000Z'],
    ['2026-11-01', '30 1 * * *', '2026-11-01T05:30:00.000Z'],
    ['2028-02-29', '0 8 29 2 *', '2028-02-29T13:00:00.000Z'],
    ['2028-02-29', '0 8 L * *', '2028-02-29T13:00:00.000Z'],
    ['2027-02-28', '0 8 L * *', '2027-02-28T13:00:00.000Z'],
    ['2026-03-05', '05 08 * * THU', '2026-03-05T13:05:00.000Z'],
    // As cron has it: either of the two days.
    ['2026-03-05', '0 8 1 * THU', '2026-03-05T13:00:00.000Z'],
  ])('on %s of "%s" is %s', (day, cron, instant) => {
    expect(slotOn(day, daily(cron))?.at.toISOString()).toBe(instant);
  });

  it('of a time that is skipped at the end of a day keeps its day', () => {
    // Nuuk goes from Saturday, 23:00, to Sunday, 00:00.
    const nuuk = daily('30 23 * * 6', 'America/Nuuk');

    expect(dueSlot(nuuk, at('2026-03-29T01:00:00Z'), HOUR)).toEqual({
      day: '2026-03-28',
      at: at('2026-03-29T01:00:00Z'),
    });
    expect(slotAfter(at('2026-03-29T00:59:59Z'), nuuk)?.day).toBe('2026-03-28');
  });

  it('is still due where midnight comes a second time', () => {
    // St. John’s went from Sunday, 00:01, back to Saturday, 23:01.
    const midnight = daily('0 0 * * 0', 'America/St_Johns');

    expect(dueSlot(midnight, at('2010-11-07T02:45:00Z'), HOUR)?.day).toBe('2010-11-07');
    expect(dueSlot(midnight, at('2010-11-07T03:29:00Z'), HOUR)?.day).toBe('2010-11-07');
    expect(dueSlot(midnight, at('2010-11-07T03:30:00Z'), HOUR)).toBeUndefined();
  });

  it('is not on a day that its zone goes without', () => {
    // Apia had no Friday, 30 December 2011.
    const apia = daily('0 8 * * 1-5', 'Pacific/Apia');

    expect(slotOn('2011-12-30', apia)).toBeUndefined();
    expect(slotAfter(at('2011-12-29T20:00:00Z'), apia)?.day).toBe('2012-01-02');
  });

  it.each([
    ['today’s, before its time', WORKDAYS, '2026-03-05T12:59:59.999Z', '2026-03-05'],
    ['tomorrow’s, at its time', WORKDAYS, '2026-03-05T13:00:00.000Z', '2026-03-06'],
    ['Monday’s, on a Friday', WORKDAYS, '2026-03-06T20:00:00.000Z', '2026-03-09'],
    ['the day after a holiday’s', WORKDAYS, '2026-03-16T20:00:00.000Z', '2026-03-18'],
    ['that of a year from now', daily('0 8 1 1 *'), '2026-01-01T20:00:00.000Z', '2027-01-01'],
    ['that of the leap day after 2100', daily('0 8 29 2 *'), '2096-03-01T00:00:00.000Z', '2104-02-29'],
    [
      'none, if every day is left out',
      { ...daily('0 8 1 1 *'), holidays: years() },
      '2026-01-01T20:00:00Z',
      undefined,
    ],
  ])('comes next: %s', (_which, rule, after, day) => {
    expect(slotAfter(at(after), rule)?.day).toBe(day);
  });

  it('is due from its time until its grace is over or the next one has come, and never before', () => {
    const grace = fc.integer({ min: 1, max: 3 * DAY });
    fc.assert(
      fc.property(dailies, instants, grace, (rule, after, graceMs) => {
        const slot = slotAfter(after, rule);
        const next = slot && slotAfter(slot.at, rule);
        if (slot === undefined || next === undefined) throw new Error('these have slots in every year');
        const end = Math.min(slot.at.getTime() + graceMs, next.at.getTime());

        expect(slot.at > after && next.at > slot.at && next.day > slot.day).toBe(true);
        expect(dueSlot(rule, slot.at, graceMs)).toEqual(slot);
        expect(dueSlot(rule, new Date(end - 1), graceMs)).toEqual(slot);
        expect(dueSlot(rule, new Date(end), graceMs)?.day).not.toBe(slot.day);
        expect(dueSlot(rule, new Date(slot.at.getTime() - 1), graceMs)?.day).not.toBe(slot.day);
      }),
    );
  });

  it('is the same one, whichever way it is asked for', () => {
    fc.assert(
      fc.property(dailies, instants, fc.integer({ min: 1, max: 2 * DAY }), (rule, now, graceMs) => {
        const due = dueSlot(rule, now, graceMs);
        const next = slotAfter(new Date(now.getTime() - graceMs), rule);

        if (due === undefined) expect(next === undefined || next.at > now).toBe(true);
        else expect([slotOn(due.day, rule), next && next.at <= due.at]).toEqual([due, true]);
      }),
    );
  });
});

describe('A daily expression', () => {
  it.each([
    '0 8 * * 1-5',
    '30 17 * * *',
    ' 5  8 L * * ',
    '59 23 29 2 *',
    '0 0 ? * THU',
    '0 8 * JAN-MAR MON#1',
  ])('may be "%s"', (cron) => {
    expect(dailyProblem(cron)).toBeUndefined();
  });

  it.each([
    '',
    '@daily',
    '8:00',
    '0 8 * *',
    '0 0 8 * * 1-5',
    '* 8 * * *',
    '0 * * * *',
    '*/5 8 * * *',
    '0 8,17 * * *',
    '0 8-9 * * *',
    '60 8 * * *',
    '0 24 * * *',
    '0 -8 * * *',
  ])('is told its form: "%s"', (cron) => {
    expect(dailyProblem(cron)).toBe(
      'must be a cron expression with one minute and one hour, e.g. "0 8 * * 1-5"',
    );
    expect(() => dueSlot(daily(cron), at('2026-03-05T13:00:00Z'), MINUTE)).toThrow(RangeError);
  });

  it.each([
    '0 8 32 * *',
    '0 8 * 13 *',
    '0 8 * * 8',
    '0 8 30 2 *',
    '0 8 * * Monday',
    '0 8 5-1 * *',
    '0 8 H * *',
    '0 8 * * THU,H',
  ])('is told that it names no day: "%s"', (cron) => {
    expect(dailyProblem(cron)).toMatch(/^must name days that there are, e\.g\. "0 8 \* \* 1-5": .+/);
  });
});

function years(): string[] {
  return Array.from({ length: 20 }, (_, n) => `${2026 + n}-01-01`);
}
