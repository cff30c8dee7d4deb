import { useSyncExternalStore } from 'react';

const TICK_MS = 15_000;
let now = new Date();

/** The time, moving on every few seconds: what "3 minutes ago" is measured against. */
export const useNow = (): Date => useSyncExternalStore(subscribe, () => now);

function subscribe(changed: () => void): () => void {
  const timer = setInterval(() => {
    now = new Date();
    changed();
  }, TICK_MS);
  return () => clearInterval(timer);
}
