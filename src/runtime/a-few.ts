/**
 * Does the work for each, a few at a time, in no order that could be relied on. Where the items cannot be read to their
 * end it throws, and what has begun goes on.
 *
 * @param work must not throw: what goes wrong with one is told by it.
 */
export async function aFewAtATime<T>(
  items: AsyncIterable<T> | Iterable<T>,
  few: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const begun = new Set<Promise<void>>();
  for await (const item of items) {
    const one: Promise<void> = work(item).then(() => void begun.delete(one));
    begun.add(one);
    if (begun.size >= few) await Promise.race(begun);
  }
  await Promise.all(begun);
}
