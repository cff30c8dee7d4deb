import type { Faults } from './faults.ts';
import type { Change } from './store.ts';

/** What becomes of telling one change to one listener: a copy for each number, so many milliseconds late; none is lost. */
export type Fate = readonly number[];

/** How a change is told: to a rest-hook, or over a websocket. */
export type Way = 'webhook' | 'event';

export type FateOf = (way: Way, change: Change) => Fate;

const LATE_MS = 1000;

/** What the waiting faults make of it. */
export function faultyFate(faults: Faults): FateOf {
  return (way, { resourceType }) => {
    const occasion = { resourceType };
    if (faults.take([`lose-${way}`], occasion)) return [];
    const late = faults.take([`late-${way}`], occasion);
    const first = late ? (late.ms ?? LATE_MS) : 0;
    return faults.take([`double-${way}`], occasion) ? [first, 0] : [first];
  };
}
