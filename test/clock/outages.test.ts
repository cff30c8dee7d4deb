import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ahead, DAY, daysFrom, HOUR, isWorkday, MINUTE, wall } from '../support/pure-clock.ts';
import { LONGEST, looks, run } from '../support/pure-looks.ts';

describe('After outages', () => {
  const START = Date.parse('2026-02-20T00:00:00Z');
  const END = Date.parse('2026-04-10T00:00:00Z');
  const outages = fc.array(
    fc.record({
      from: fc.integer({ min: START, max: END }),
      length: fc.oneof(fc.integer({ min: MINUTE, max: 6 * HOUR }), fc.integer({ min: HOUR, max: 8 * DAY })),
    }),
    { maxLength: 6 },
  );
  const zone = fc.constantFrom('America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', 'Asia/Kolkata');
  const grace = fc.constantFrom(HOUR, 2 * HOUR, 12 * HOUR, 2 * DAY);

  it('each day has its digest once, in its grace or not at all, and at most one comes late', () => {
    fc.assert(
      fc.property(outages, zone, grace, (out, where, graceMs) => {
        const daily = { cron: '0 8 * * 1-5', zone: where, holidays: [] };
        const isUp = (now: number) => !out.some(({ from, length }) => from <= now && now < from + length);
        const up = [...looks(START, END)].filter(isUp);

        const posted = run(daily, up, graceMs);

        for (const { day, at, now } of posted) {
          expect(wall(at, where)).toEqual({ day, time: '08:00' });
          expect(now).toBeGreaterThanOrEqual(at.getTime());
          expect(now).toBeLessThan(at.getTime() + graceMs);
        }
        // After each time away the first look may post what is late; from then on it is as if nothing had been.
        const late = posted.filter(({ at, now }) => now - at.getTime() > LONGEST);
        const returns = up.filter((now, n) => now - (up[n - 1] ?? START) > LONGEST || n === 0);
        expect(late.every(({ now }) => returns.includes(now))).toBe(true);
        expect(new Set(late.map(({ now }) => now)).size).toBe(late.length);
        // And a day is without one only if nobody looked while it was due.
        const days = new Set(posted.map(({ day }) => day));
        for (const day of daysFrom('2026-02-21', '2026-04-09').filter(
          (one) => isWorkday(one) && !days.has(one),
        )) {
          const eight = Date.parse(`${day}T08:00:00Z`) - ahead(Date.parse(`${day}T00:00:00Z`), where);
          const next = daysFrom(day, '2026-04-11').filter(isWorkday)[1] ?? '2026-04-13';
          const eightAgain = Date.parse(`${next}T08:00:00Z`) - ahead(Date.parse(`${next}T00:00:00Z`), where);
          const end = Math.min(eight + graceMs, eightAgain);
          expect(up.some((now) => eight <= now && now < end)).toBe(false);
        }
      }),
      { numRuns: 25 },
    );
  });
});
