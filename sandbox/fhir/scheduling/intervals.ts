/** From one instant to another, in milliseconds; the end does not belong to it. */
export interface Interval {
  readonly start: number;
  readonly end: number;
}

/** The intervals in order, those that touch made one. */
export function merged(intervals: readonly Interval[]): Interval[] {
  const result: Interval[] = [];
  for (const { start, end } of intervals.toSorted((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last && start <= last.end) result.splice(-1, 1, { start: last.start, end: Math.max(last.end, end) });
    else result.push({ start, end });
  }
  return result;
}

/** What two lists have in common. */
export function common(left: readonly Interval[], right: readonly Interval[]): Interval[] {
  return merged(
    left.flatMap((a) =>
      right
        .map((b) => ({ start: Math.max(a.start, b.start), end: Math.min(a.end, b.end) }))
        .filter(({ start, end }) => start < end),
    ),
  );
}

/** What is left of the first list without the second. */
export function without(free: readonly Interval[], taken: readonly Interval[]): Interval[] {
  return merged(taken).reduce<Interval[]>(
    (left, { start, end }) =>
      left.flatMap((interval) =>
        [
          { start: interval.start, end: Math.min(interval.end, start) },
          { start: Math.max(interval.start, end), end: interval.end },
        ].filter((rest) => rest.start < rest.end),
      ),
    merged(free),
  );
}
