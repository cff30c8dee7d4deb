/** Waits this long for more events before it asks, so that a burst is one question. */
const QUIET_MS = 60;

export interface Refresher {
  /** Ask soon; however often this is called meanwhile, it is asked once. */
  soon(): void;
  now(): Promise<void>;
  stop(): void;
}

/** Runs `work` one at a time: what is asked for while it runs makes it run once more afterwards. */
export function createRefresher(work: () => Promise<void>): Refresher {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> | undefined;
  let again = false;
  let stopped = false;

  const run = (): Promise<void> => {
    if (stopped) return Promise.resolve();
    if (running !== undefined) {
      again = true;
      return running;
    }
    running = (async () => {
      do {
        again = false;
        await work();
      } while (again && !stopped);
    })().finally(() => {
      running = undefined;
    });
    return running;
  };

  return {
    soon: () => {
      clearTimeout(timer);
      timer = setTimeout(run, QUIET_MS);
    },
    now: run,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
