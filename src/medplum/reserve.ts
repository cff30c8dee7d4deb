import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

/** Of the quota, so much is left to people who press something. */
const KEPT = 0.1;
/** Replicas share a quota: they do not all come back at once. */
const SPREAD_MS = 1_000;

const background = new AsyncLocalStorage<true>();

/** Marks work that can wait: while little of the server's quota is left, its requests do. */
export function inBackground<A extends unknown[], T>(work: (...given: A) => T): (...given: A) => T {
  return (...given) => background.run(true, () => work(...given));
}

/** Keeps something of the quota for people: the server says with every answer what is left. */
export interface Reserve {
  /** Resolves when the request may be made: at once for people, in the next window for work that can wait. */
  turn(): Promise<void>;
  /** @param header Medplum's `RateLimit`, of any answer. */
  heard(header: string | null): void;
}

/** @param now milliseconds; @param pause waits so many milliseconds. */
export function createReserve(now: () => number, pause: (ms: number) => Promise<unknown> = rest): Reserve {
  /** The most that was ever left: what a window begins with, or nearly so. */
  let most = 0;
  let left = Number.POSITIVE_INFINITY;
  let until = 0;
  return {
    turn: async () => {
      if (background.getStore() === undefined) return;
      while (left < most * KEPT && until > now()) await pause(until - now() + Math.random() * SPREAD_MS);
    },
    heard: (header) => {
      const said = /"fhirInteractions";r=(\d+);t=(\d+)/.exec(header ?? '');
      if (said === null) return;
      left = Number(said[1]);
      most = Math.max(most, left);
      until = now() + Number(said[2]) * 1_000;
    },
  };
}

/** Nobody who stops waits for it. */
function rest(ms: number): Promise<void> {
  return sleep(ms, undefined, { ref: false });
}
