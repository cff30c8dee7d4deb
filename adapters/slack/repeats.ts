/** So many interactions are remembered; a repetition comes within seconds. */
const KEPT = 1_000;

/**
 * Tells the first of several deliveries of one interaction: Slack may send the same press twice, and a note or a claim
 * of whatever is next must not be done twice.
 */
export interface Repeats<T> {
  /** Does the work, or gives what came of it when it was done before under this key. */
  once(key: string | undefined, work: () => T): { readonly result: T; readonly isFirst: boolean };
}

export function createRepeats<T>(): Repeats<T> {
  const seen = new Map<string, T>();
  return {
    once: (key, work) => {
      if (key === undefined) return { result: work(), isFirst: true };
      const before = seen.get(key);
      if (before !== undefined) return { result: before, isFirst: false };
      const result = work();
      seen.set(key, result);
      const [oldest] = seen.keys();
      if (seen.size > KEPT && oldest !== undefined) seen.delete(oldest);
      return { result, isFirst: true };
    },
  };
}
