import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPace, type Pace } from '../../../adapters/teams/pace.ts';
import { ChatError } from '../../../src/index.ts';

/** https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit */
const LIMITS = [
  [7, 1_000],
  [8, 2_000],
  [60, 30_000],
  [1_800, 3_600_000],
] as const;

/** The wait that is asked for; 0 where one more may be sent. */
function waitOf(pace: Pace, conversation = 'c1'): number {
  try {
    pace.take(conversation);
    return 0;
  } catch (error) {
    if (error instanceof ChatError && error.kind === 'rate-limited') return error.retryAfterMs ?? Number.NaN;
    throw error;
  }
}

describe('the pace of what is sent to Teams', () => {
  it('is 7 messages in a second, and says how long the next one waits', () => {
    const clock = { now: 1_000_000 };
    const pace = createPace(() => clock.now);
    const first = Array.from({ length: 7 }, () => waitOf(pace));

    clock.now += 300;

    expect(first).toEqual([0, 0, 0, 0, 0, 0, 0]);
    expect(waitOf(pace)).toBe(700);
  });

  it('is 8 messages in two seconds', () => {
    const clock = { now: 1_000_000 };
    const pace = createPace(() => clock.now);
    for (let i = 0; i < 7; i++) waitOf(pace);

    clock.now += 1_000;

    expect(waitOf(pace)).toBe(0);
    expect(waitOf(pace)).toBe(1_000);
    clock.now += 1_000;
    expect(waitOf(pace)).toBe(0);
  });

  it('is 60 messages in thirty seconds', () => {
    const clock = { now: 1_000_000 };
    const pace = createPace(() => clock.now);
    const start = clock.now;
    for (let i = 0; i < 60; i++) {
      expect(waitOf(pace)).toBe(0);
      clock.now += 400;
    }

    expect(waitOf(pace)).toBe(start + 30_000 - clock.now);
  });

  it('lets no window hold more, whenever people are busy', () => {
    const pauses = fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 50, maxLength: 200 });
    fc.assert(
      fc.property(pauses, (given) => {
        const clock = { now: 0 };
        const pace = createPace(() => clock.now);
        const sent = given.flatMap((pause) => {
          clock.now += pause;
          return waitOf(pace) === 0 ? [clock.now] : [];
        });

        for (const [most, ms] of LIMITS)
          for (const at of sent)
            expect(sent.filter((one) => one > at - ms && one <= at).length).toBeLessThanOrEqual(most);
      }),
      { numRuns: 20 },
    );
  });

  it('is counted for each conversation by itself', () => {
    const pace = createPace(() => 1_000_000);
    for (let i = 0; i < 7; i++) waitOf(pace, 'c1');

    expect(waitOf(pace, 'c1')).toBeGreaterThan(0);
    expect(waitOf(pace, 'c2')).toBe(0);
  });

  it('does not count what was not sent', () => {
    const clock = { now: 1_000_000 };
    const pace = createPace(() => clock.now);
    for (let i = 0; i < 20; i++) waitOf(pace);

    clock.now += 2_000;

    expect(Array.from({ length: 8 }, () => waitOf(pace))).toEqual([0, 0, 0, 0, 0, 0, 0, 1_000]);
  });
});
