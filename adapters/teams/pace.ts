import { ChatError } from '../../src/index.ts';

/**
 * Teams' own limits for what one bot sends into one conversation: at most so many in so many milliseconds.
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit#per-bot-per-thread-limit
 */
const WINDOWS: readonly (readonly [most: number, ms: number])[] = [
  [7, 1_000],
  [8, 2_000],
  [60, 30_000],
  [1_800, 3_600_000],
];
const LONGEST_MS = 3_600_000;

/** Counts what is sent, and says no before Teams does. */
export interface Pace {
  /** Throws `rate-limited`, with the wait, where one more would be too many; else counts it. */
  take(conversation: string): void;
}

export function createPace(now: () => number): Pace {
  const sent = new Map<string, number[]>();
  return {
    take: (conversation) => {
      const at = now();
      const times = (sent.get(conversation) ?? []).filter((time) => time > at - LONGEST_MS);
      const wait = Math.max(
        0,
        ...WINDOWS.map(([most, ms]) => (times.at(-most) ?? Number.NEGATIVE_INFINITY) + ms - at),
      );
      if (wait > 0) throw new ChatError('rate-limited', 'keeping Teams’ pace', { retryAfterMs: wait });
      times.push(at);
      sent.set(conversation, times);
    },
  };
}
