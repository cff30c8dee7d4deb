import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { firstOf, type Orphan, type Orphans } from './orphans.ts';
import type { Jobs } from './ports/ledger.ts';

export interface OrphanWatchParts {
  readonly orphans: Pick<Orphans, 'all'>;
  readonly jobs: Pick<Jobs, 'mark'>;
  readonly everyMs?: number;
  readonly log: Logger;
}

/** As often as everything that stands is looked at again. */
const EVERY_MS = 10 * 60_000;

/** Looks for Tasks that became stuck without being changed: a role ended, a person left. No event tells of those. */
export interface OrphanWatch {
  start(): void;
  stop(): Promise<void>;
  /** One look, now. */
  once(): Promise<void>;
}

export function createOrphanWatch({ orphans, jobs, everyMs = EVERY_MS, log }: OrphanWatchParts): OrphanWatch {
  const stopping = new AbortController();
  let running: Promise<void> | undefined;

  async function once(): Promise<void> {
    const byCause = new Map<string, Orphan['task'][]>();
    for await (const { task, cause } of orphans.all()) {
      if (stopping.signal.aborted) return;
      const key = `${cause.kind} ${cause.key}`;
      const same = byCause.get(key);
      if (same) same.push(task);
      else byCause.set(key, [task]);
    }
    // The others would be looked at for nothing: they are not reported.
    for (const tasks of byCause.values()) for (const { id } of firstOf(tasks)) await jobs.mark(id);
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      await once().catch((error: unknown) => log.warn({ err: error }, 'looking for stuck Tasks failed'));
      await sleep(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  return {
    start: () => {
      running ??= loop();
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
    once,
  };
}
