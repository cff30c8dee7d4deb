import { describe, expect, it } from 'vitest';
import { NO_CLOCK, type PoolClock } from '../../src/clock/pool-clock.ts';
import { DEFAULT_TASK_RULES } from '../../src/routing/task.ts';
import { decide } from '../../src/verbs/index.ts';
import { keep } from '../../src/verbs/keep.ts';
import { snooze } from '../../src/verbs/snooze.ts';
import { parseUntil } from '../../src/verbs/until.ts';
import { ANA, BEN, bareTask, claimedBy, NOW, NURSES, refTo, situationOf } from '../support/pure-clinic.ts';

const START = NOW.toISOString();

/** Weekdays from eight to five in New York, where it is five in the morning of a Monday. */
const CLOCK: PoolClock = {
  ...NO_CLOCK,
  hours: {
    zone: 'America/New_York',
    openings: [1, 2, 3, 4, 5].map((weekday) => ({ weekday, from: '08:00', to: '17:00' })),
    holidays: [],
  },
  reminders: { everyMs: 30 * 60_000, most: 3, returnToPool: false },
};
const pools = [{ ...NURSES, clock: CLOCK }];

const asks = (words: string, more: Parameters<typeof situationOf>[2] = { pools }) =>
  decide(snooze, { until: parseUntil(words) ?? expect.fail(words) }, situationOf(claimedBy(ANA), ANA, more));

describe('Snooze', () => {
  it.each([
    ['a while', '30m', '2026-03-02T10:30:00.000Z', '05:30'],
    ['a time of the pool’s own clock', '14:30', '2026-03-02T19:30:00.000Z', '14:30'],
    ['a time that has been today', '4:30', '2026-03-03T09:30:00.000Z', 'Tuesday, 3 March, 04:30'],
    ['the next opening', 'opening', '2026-03-02T13:00:00.000Z', '08:00'],
    ['as long as may be', '7d', '2026-03-09T10:00:00.000Z', 'Monday, 9 March, 06:00'],
    ['as short as may be', '1m', '2026-03-02T10:01:00.000Z', '05:01'],
  ])('is until %s', (_what, words, end, said) => {
    expect(asks(words)).toEqual({
      kind: 'accepted',
      verb: 'snooze',
      guard: 'version',
      change: { snooze: { start: START, end } },
      sentence: `You get no reminders of Task a1b2c3 until ${said}.`,
    });
  });

  it('is until the patient writes, with no end of its own', () => {
    expect(asks('reply')).toMatchObject({
      change: { snooze: { start: START } },
      sentence: 'You get no reminders of Task a1b2c3 until the patient writes.',
    });
    expect(JSON.stringify(asks('reply'))).not.toContain('end');
  });

  it.each(['0m', '8d', '169h'])('is no shorter than a minute and no longer than a week: %s', (words) => {
    expect(asks(words)).toEqual({
      kind: 'refused',
      sentence: 'A snooze lasts for a minute at least, and for 7 days at most.',
      field: 'until',
    });
  });

  it('until the next opening lasts as long as a holiday does', () => {
    const holidays = Array.from({ length: 12 }, (_, i) => `2026-03-${String(i + 2).padStart(2, '0')}`);
    const closed = { ...CLOCK, hours: { ...CLOCK.hours, holidays } };

    const decision = asks('opening', { pools: [{ ...NURSES, clock: closed }] });

    expect(decision.sentence).toBe('You get no reminders of Task a1b2c3 until Monday, 16 March, 08:00.');
  });

  it('until the next opening is refused where there is none, in words that name the pool', () => {
    const direct = bareTask({ status: 'accepted', owner: refTo(ANA) });

    expect(asks('opening', {})).toEqual({
      kind: 'refused',
      sentence: '“Registered nurse” does not close, so it does not open again. Say a time instead.',
      field: 'until',
    });
    expect(decide(snooze, { until: { kind: 'opening' } }, situationOf(direct, ANA)).sentence).toMatch(
      /^The clinic does not close/,
    );
  });

  it('of a Task that is in no pool goes by the clinic’s clock', () => {
    const direct = bareTask({ status: 'accepted', owner: refTo(ANA) });
    const rules = { ...DEFAULT_TASK_RULES, clock: CLOCK };

    const decision = decide(snooze, { until: { kind: 'opening' } }, situationOf(direct, ANA, { rules }));

    expect(decision.sentence).toBe('You get no reminders of Task a1b2c3 until 08:00.');
  });

  it('asks until when, where nobody said', () => {
    expect(decide(snooze, {}, situationOf(claimedBy(ANA), ANA))).toEqual({
      kind: 'refused',
      sentence: 'Say until when you want no reminders.',
      field: 'until',
    });
  });
});

describe('Still on it', () => {
  it('puts the next reminder off by the time between two, counted while the pool is open', () => {
    expect(decide(keep, {}, situationOf(claimedBy(ANA), ANA, { pools }))).toEqual({
      kind: 'accepted',
      verb: 'keep',
      guard: 'version',
      change: { snooze: { start: START, end: '2026-03-02T13:30:00.000Z' } },
      sentence: 'You get no reminders of Task a1b2c3 until 08:30.',
    });
  });

  it('counts the night as well for what cannot wait', () => {
    const task = claimedBy(ANA, { priority: 'stat' });

    expect(decide(keep, {}, situationOf(task, ANA, { pools })).sentence).toBe(
      'You get no reminders of Task a1b2c3 until 05:30.',
    );
  });

  it('is an hour where no reminders are configured', () => {
    expect(decide(keep, {}, situationOf(claimedBy(ANA), ANA))).toMatchObject({
      change: { snooze: { end: '2026-03-02T11:00:00.000Z' } },
    });
  });

  it('is on no card, because nobody is to be nagged, and is said by the owner alone', () => {
    expect(keep.offer('claimed')).toBeUndefined();
    expect(decide(keep, {}, situationOf(claimedBy(ANA), BEN)).sentence).toBe(
      'Ana Silva has this Task; only they can say that they are still on it.',
    );
  });
});
