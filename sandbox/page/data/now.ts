import { useSyncExternalStore } from 'react';
import { loadClock } from './clock.ts';
import { stream } from './stream.ts';

const TICK_MS = 15_000;

let offset = 0;
let now = new Date();
let timer: ReturnType<typeof setTimeout> | undefined;
const watchers = new Set<() => void>();

/** What the clinic's clock shows at this moment, in milliseconds since 1970. */
export const clinicNow = (): number => Date.now() + offset;

/** The clinic's time, moving on every few seconds: what "3 minutes ago" is measured against. */
export const useNow = (): Date => useSyncExternalStore(subscribe, () => now);

/** Goes by the clinic's clock from now on, wherever it is moved to. Resolves when it is known, or cannot be. */
export async function followClock(): Promise<void> {
  stream.listen((event) => {
    if (event.kind === 'clock') moveBy(event.offset);
    if (event.kind === 'resync') void look();
  });
  await look();
}

/** Where nobody answers, the page says so elsewhere, and the time goes on as it did. */
const look = (): Promise<void> =>
  loadClock().then(
    (face) => moveBy(face.offset),
    () => undefined,
  );

function moveBy(next: number): void {
  if (next === offset) return;
  offset = next;
  tick();
}

function tick(): void {
  now = new Date(clinicNow());
  for (const changed of watchers) changed();
  clearTimeout(timer);
  // In step with the clock: whoever shows minutes changes with the minute.
  if (watchers.size > 0) timer = setTimeout(tick, TICK_MS - (now.getTime() % TICK_MS));
}

function subscribe(changed: () => void): () => void {
  watchers.add(changed);
  if (watchers.size === 1) tick();
  return () => {
    watchers.delete(changed);
    if (watchers.size === 0) clearTimeout(timer);
  };
}
