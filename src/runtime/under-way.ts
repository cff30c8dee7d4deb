/** Work that has begun and is not to be cut off when the process stops. */
export interface UnderWay {
  /** Remembers the work until it is over; gives it back as it is. */
  track(work: Promise<void>): Promise<void>;
  /** Waits until nothing is being worked on, but not for ever. */
  idle(): Promise<void>;
}

/** How long a stopping process waits for what people have begun. */
const PATIENCE_MS = 8_000;

export function createUnderWay(): UnderWay {
  const running = new Set<Promise<void>>();
  return {
    track: async (work) => {
      running.add(work);
      await work.finally(() => running.delete(work));
    },
    idle: async () => {
      const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS).unref());
      await Promise.race([Promise.allSettled(running), patience]);
    },
  };
}
