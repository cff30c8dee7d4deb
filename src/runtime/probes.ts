import type { Logger } from 'pino';
import type { Dependency } from './dependencies.ts';

/** Something that can be asked, cheaply, how it is. */
export interface Probed {
  readonly dependency: Dependency;
  /** Asks; what it answers is told to the dependency by whoever makes the call. */
  ask(): Promise<unknown>;
}

export interface Probes {
  start(): void;
  stop(): Promise<void>;
  /** One look, now: asks what was not heard of for a while, and what was not well and may be asked again. Never throws. */
  once(): Promise<void>;
}

const EVERY_MS = 5_000;
/** What was heard of more recently needs no question. */
const SILENT_MS = 30_000;

/** Asks what nobody else has asked: a night without Tasks must not hide that the record is away. */
export function createProbes(all: readonly Probed[], log: Logger): Probes {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;

  async function ask({ dependency, ask: question }: Probed): Promise<void> {
    const { state } = dependency.report();
    const isDue = dependency.silentMs() >= SILENT_MS || (state !== 'well' && state !== 'unknown');
    if (!isDue || dependency.takeTurn() > 0) return;
    try {
      await question();
    } catch (error) {
      log.debug({ err: error, dependency: dependency.name }, 'a question to a dependency failed');
    }
  }

  /** A look that takes longer than the time between two is waited for. */
  function once(): Promise<void> {
    running ??= Promise.all(all.map(ask)).then(() => {
      running = undefined;
    });
    return running;
  }

  return {
    start: () => {
      timer = setInterval(once, EVERY_MS).unref();
    },
    stop: async () => {
      clearInterval(timer);
      await running;
    },
    once,
  };
}
