/** The clinic's clock: real time, and as far ahead of it as somebody has moved it. It never goes back. */
export interface Clock {
  /** What it shows, in milliseconds since 1970. */
  now(): number;
  /** How far it is ahead of real time, in milliseconds. */
  offset(): number;
  /** Moves it forward by so many milliseconds. Throws a RangeError for what is no way forward. */
  advance(ms: number): void;
  /** Moves it forward to an instant. Throws a RangeError for one that is past. */
  moveTo(instant: Date): void;
  /** Tells of each move, at once, how far ahead it is then. Gives back the function that ends the listening. */
  onMove(listener: (offset: number) => void): () => void;
}

/** A clock that shows real time until it is moved. */
export function createClock(real: () => number = Date.now): Clock {
  const listeners = new Set<(offset: number) => void>();
  let offset = 0;
  let shown = 0;

  // A machine's own clock is set back now and then: what is written down must still be in order.
  const now = () => {
    shown = Math.max(shown, real() + offset);
    return shown;
  };
  const advance = (ms: number) => {
    if (!(ms >= 0 && Number.isFinite(ms))) throw new RangeError(`The clock does not move by ${ms} ms.`);
    offset += Math.round(ms);
    for (const listener of listeners) listener(offset);
  };

  return {
    now,
    offset: () => offset,
    advance,
    moveTo: (instant) => advance(instant.getTime() - now()),
    onMove: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
