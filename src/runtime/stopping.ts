import type { Logger } from 'pino';

type Step = () => Promise<void> | void;

/** How a process ends: what lets new work in is closed first, then what the work stands on, the newest first. */
export interface Ending {
  readonly doors: Step[];
  readonly rest: Step[];
}

/**
 * Ends everything, once. What is running may finish within `graceMs` in all; whatever takes longer is left to the crash
 * that it then is. Never throws: a part that cannot be ended must not keep the others.
 */
export async function endAll({ doors, rest }: Ending, graceMs: number, log: Logger): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      log.warn('not everything was finished in time');
      resolve();
    }, graceMs);
  });
  await Promise.race([end(), late]);
  clearTimeout(timer);

  async function end(): Promise<void> {
    await Promise.all(doors.splice(0).map(attempt));
    for (const step of rest.splice(0).reverse()) await attempt(step);
  }

  async function attempt(step: Step): Promise<void> {
    try {
      await step();
    } catch (error) {
      log.error({ err: error }, 'stopping');
    }
  }
}
