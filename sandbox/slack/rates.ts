import { type RateWindow, waitMs } from '../rate-windows.ts';
import type { Fault } from './faults.ts';

/**
 * Slack says "about one message a second in each channel, short bursts are tolerated", and "50 and more a minute" for
 * tier 3; it does not say how long a burst may be. https://docs.slack.dev/apis/web-api/rate-limits
 */
const LIMITS: Readonly<Record<string, readonly RateWindow[]>> = {
  'chat.postMessage': [
    { most: 5, seconds: 3 },
    { most: 65, seconds: 60 },
  ],
  'chat.update': [{ most: 75, seconds: 60 }],
};

const LONGEST_MS = 60_000;

export interface Rates {
  /** Counts a call; one too many is not counted, and gives the 429 that it gets. */
  take(method: string, channel: string | undefined): Fault | undefined;
  setOn(on: boolean): void;
}

export function createRates(firstOn: boolean, now: () => number): Rates {
  let on = firstOn;
  const calls = new Map<string, number[]>();
  return {
    take: (method, channel) => {
      const limits = on ? LIMITS[method] : undefined;
      if (limits === undefined) return undefined;
      // Posts count in their channel, updates in the workspace.
      const key = method === 'chat.postMessage' ? `${method} ${channel}` : method;
      const times = (calls.get(key) ?? []).filter((at) => now() - at < LONGEST_MS);
      const wait = Math.max(...limits.map((window) => waitMs(window, times, now())));
      if (wait === 0) {
        calls.set(key, [...times, now()]);
        return undefined;
      }
      return { method, kind: 'ratelimited', times: 1, seconds: Math.ceil(wait / 1000), ms: 0, code: '' };
    },
    setOn: (wanted) => {
      on = wanted;
      calls.clear();
    },
  };
}
