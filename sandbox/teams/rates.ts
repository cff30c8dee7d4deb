import { type RateWindow, waitMs } from '../rate-windows.ts';
import { tooManyRequests } from './errors.ts';

/** https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit */
const LIMITS = {
  send: [
    { most: 7, seconds: 1 },
    { most: 8, seconds: 2 },
    { most: 60, seconds: 30 },
    { most: 1800, seconds: 3600 },
  ],
  members: [
    { most: 14, seconds: 1 },
    { most: 16, seconds: 2 },
    { most: 120, seconds: 30 },
    { most: 3600, seconds: 3600 },
  ],
} as const satisfies Readonly<Record<string, readonly RateWindow[]>>;

const LONGEST_MS = 3_600_000;

export interface Rates {
  /** Counts a call in a conversation; throws a 429 when it is one too many, which is then not counted. */
  count(what: keyof typeof LIMITS, conversation: string): void;
  setOn(on: boolean): void;
}

export function createRates(firstOn: boolean, now: () => number): Rates {
  let on = firstOn;
  const calls = new Map<string, number[]>();
  return {
    count: (what, conversation) => {
      if (!on) return;
      const key = `${what} ${conversation}`;
      const times = (calls.get(key) ?? []).filter((at) => now() - at < LONGEST_MS);
      const waits = LIMITS[what].map((window) => waitMs(window, times, now()));
      const wait = Math.max(...waits);
      if (wait > 0) throw tooManyRequests(Math.ceil(wait / 1000));
      calls.set(key, [...times, now()]);
    },
    setOn: (wanted) => {
      on = wanted;
      calls.clear();
    },
  };
}
