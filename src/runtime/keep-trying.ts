/**
 * Does something now, and where that fails again and again in the background, until it has worked once.
 *
 * @param everyMs between two tries.
 * @returns as soon as the first try is over: the function that ends the trying.
 */
export async function keepTrying(
  work: () => Promise<unknown>,
  everyMs: number,
  onFailure: (error: unknown) => void,
): Promise<() => void> {
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;

  async function attempt(): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (isOver) return;
      onFailure(error);
      timer = setTimeout(attempt, everyMs).unref();
    }
  }

  await attempt();
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}
