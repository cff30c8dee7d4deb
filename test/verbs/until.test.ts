import { describe, expect, it } from 'vitest';
import type { Hours } from '../../src/clock/pool-clock.ts';
import { clockTime, parseUntil, UNTIL_CHOICES, UNTIL_FORMS, untilInstant } from '../../src/verbs/until.ts';

const NEW_YORK: Hours = {
  zone: 'America/New_York',
  openings: [1, 2, 3, 4, 5].map((weekday) => ({ weekday, from: '08:00', to: '17:00' })),
  holidays: ['2026-03-03'],
};
/** A Monday, five in the morning in New York. */
const NOW = new Date('2026-03-02T10:00:00.000Z');
const MINUTE = 60_000;

describe('Until when', () => {
  it.each<[string, ReturnType<typeof parseUntil>]>([
    ['30m', { kind: 'in', ms: 30 * MINUTE }],
    ['30 min', { kind: 'in', ms: 30 * MINUTE }],
    ['1 minute', { kind: 'in', ms: MINUTE }],
    [' In 2 Hours. ', { kind: 'in', ms: 120 * MINUTE }],
    ['4h', { kind: 'in', ms: 240 * MINUTE }],
    ['3d', { kind: 'in', ms: 3 * 1_440 * MINUTE }],
    ['0m', { kind: 'in', ms: 0 }],
    ['14:30', { kind: 'at', time: '14:30' }],
    ['at 9:05', { kind: 'at', time: '09:05' }],
    ['00:00', { kind: 'at', time: '00:00' }],
    ['Opening', { kind: 'opening' }],
    ['REPLY', { kind: 'reply' }],
    ['24:00', undefined],
    ['12:60', undefined],
    ['tomorrow', undefined],
    ['2', undefined],
    ['-2h', undefined],
    ['1.5h', undefined],
    ['2h please', undefined],
    ['9999999m', undefined],
    ['', undefined],
  ])('is read: “%s”', (words, expected) => {
    expect(parseUntil(words)).toEqual(expected);
  });

  it.each([...UNTIL_FORMS, ...UNTIL_CHOICES.map(({ words }) => words)])(
    'is understood as it is offered: %s',
    (words) => {
      expect(parseUntil(words)).toBeDefined();
    },
  );

  it.each<[string, string, string | undefined]>([
    ['so long', '90m', '2026-03-02T11:30:00.000Z'],
    ['a time that comes today', '05:30', '2026-03-02T10:30:00.000Z'],
    ['a time that has been, tomorrow', '04:30', '2026-03-03T09:30:00.000Z'],
    ['this very minute, tomorrow', '05:00', '2026-03-03T10:00:00.000Z'],
    ['the opening of today', 'opening', '2026-03-02T13:00:00.000Z'],
    ['the patient’s reply, of which nobody knows when', 'reply', undefined],
  ])('is an instant of the pool’s own clock: %s', (_what, words, expected) => {
    const until = parseUntil(words) ?? expect.fail();

    expect(untilInstant(until, NOW, NEW_YORK)?.toISOString()).toBe(expected);
  });

  it('is the opening after the next holiday, where it is open now', () => {
    const at = untilInstant({ kind: 'opening' }, new Date('2026-03-02T15:00:00.000Z'), NEW_YORK);

    expect(at?.toISOString()).toBe('2026-03-04T13:00:00.000Z');
  });

  it.each([
    ['in spring, when the night is short', '2026-03-08T05:30:00.000Z', '00:15', '2026-03-09T04:15:00.000Z'],
    ['in autumn, when the night is long', '2026-11-01T04:30:00.000Z', '00:15', '2026-11-02T05:15:00.000Z'],
    ['in the hour that is left out', '2026-03-08T05:30:00.000Z', '02:30', '2026-03-08T07:00:00.000Z'],
  ])('is tomorrow’s time where clocks change: %s', (_what, now, time, expected) => {
    const at = untilInstant({ kind: 'at', time }, new Date(now), NEW_YORK);

    expect(at?.toISOString()).toBe(expected);
  });

  it('is said with the day where that is another one, and with the zone where none is configured', () => {
    const tomorrow = new Date('2026-03-03T13:00:00.000Z');

    expect(clockTime(new Date('2026-03-02T19:30:00.000Z'), NOW, 'America/New_York')).toBe('14:30');
    expect(clockTime(tomorrow, NOW, 'America/New_York')).toBe('Tuesday, 3 March, 08:00');
    expect(clockTime(new Date('2026-03-02T14:30:00.000Z'), NOW, 'UTC')).toBe('14:30 UTC');
  });
});
