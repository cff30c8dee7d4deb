/** More than this is forgotten at once: what is looked up here is cheap to look up again. */
const MOST = 1_000;

/**
 * Asks at most once in a while for each key; many who ask at the same time share one answer. A failure is not kept.
 *
 * @param forMs how long an answer counts; `again` says that one should not count even so long.
 */
export function lately<T>(
  ask: (key: string) => Promise<T>,
  forMs: number,
  now: () => number,
  again: (answer: T) => boolean = () => false,
): (key: string) => Promise<T> {
  const kept = new Map<string, { readonly until: number; readonly answer: Promise<T> }>();
  return async (key) => {
    const before = kept.get(key);
    if (before && before.until > now()) return before.answer;
    if (kept.size >= MOST) kept.clear();
    const entry = { until: now() + forMs, answer: ask(key) };
    kept.set(key, entry);
    const forget = () => {
      if (kept.get(key) === entry) kept.delete(key);
    };
    try {
      const answer = await entry.answer;
      if (again(answer)) forget();
      return answer;
    } catch (error) {
      forget();
      throw error;
    }
  };
}
