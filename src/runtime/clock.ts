import { createTask } from 'node-cron';
import type { Logger } from 'pino';

/** Looks, every few seconds, at what time has made due. */
export interface Clock {
  /** Looks for the first time at once. */
  start(): void;
  /** Resolves when nothing runs any more. */
  stop(): Promise<void>;
  /** One look, now. Never throws. */
  once(): Promise<void>;
}

export interface ClockParts {
  /** By a word for the log: what to do with the instant that it is. One that fails does not keep the others from it. */
  readonly tasks: Readonly<Record<string, (now: Date) => Promise<void>>>;
  readonly now: () => Date;
  readonly log: Logger;
}

/** A card says "claim by 14:05": a few seconds later it must say that this is over. */
const EVERY = '*/2 * * * * *';

export function createClock({ tasks, now, log }: ClockParts): Clock {
  let running: Promise<void> | undefined;

  async function look(): Promise<void> {
    const at = now();
    await Promise.all(
      Object.entries(tasks).map(async ([name, task]) => {
        try {
          await task(at);
        } catch (error) {
          log.warn(
            { err: error, task: name },
            'the clock: this failed; it is tried again with the next tick',
          );
        }
      }),
    );
  }

  /** A look that takes longer than a tick is waited for: nothing runs twice at once. */
  function once(): Promise<void> {
    running ??= look().finally(() => {
      running = undefined;
    });
    return running;
  }

  const say = (message: string | Error) => log.debug({ message: String(message) }, 'the clock');
  const ticking = createTask(EVERY, once, {
    noOverlap: true,
    // What a busy machine has missed is caught up with by the next tick.
    suppressMissedWarning: true,
    logger: { info: say, warn: say, error: say, debug: say },
  });

  return {
    start: () => {
      void ticking.start();
      void once();
    },
    stop: async () => {
      await ticking.destroy();
      await running;
    },
    once,
  };
}
