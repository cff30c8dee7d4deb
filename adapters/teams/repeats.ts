/** Remembers what came in, so that what Teams delivers again is not done again. */
export interface Repeats<T> {
  /** What the work gave for this key, the first time and each time after; what failed may be tried again. */
  once(key: string, work: () => Promise<T>): Promise<T>;
}

/** @param most so many are remembered, the newest. */
export function createRepeats<T>(most: number): Repeats<T> {
  const known = new Map<string, Promise<T>>();
  return {
    once: (key, work) => {
      const before = known.get(key);
      if (before) return before;
      const done = work();
      known.set(key, done);
      const [oldest] = known.keys();
      if (known.size > most && oldest !== undefined) known.delete(oldest);
      done.catch(() => known.delete(key));
      return done;
    },
  };
}
