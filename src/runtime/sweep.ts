import { setTimeout as sleep } from 'node:timers/promises';
import type { Task } from '@medplum/fhirtypes';
import type { Logger } from 'pino';
import type { Pool } from '../routing/pools.ts';
import type { Commit } from './commit.ts';
import type { Jobs, Ledger } from './ports/ledger.ts';
import type { RecordStore } from './ports/record.ts';

export interface SweepParts {
  readonly store: RecordStore;
  readonly ledger: Ledger;
  readonly jobs: Jobs;
  readonly commit: Commit;
  readonly pools: readonly Pool[];
  readonly everyMs: number;
  /** How far each look reaches back behind the last: the server stamps a write before it can be seen. */
  readonly overlapMs: number;
  readonly now: () => number;
  readonly log: Logger;
}

const CURSOR = 'tasks';
const BATCH = 200;
/** A change that is under way for longer than this has lost its process. */
const ABANDONED_MS = 30_000;
/** Everything that stands is looked at again this often: deleted Tasks and deleted messages tell nobody. */
const FULL_EVERY_MS = 10 * 60_000;

/** The safety net: finds whatever no event told us. */
export interface Sweep {
  start(): void;
  stop(): Promise<void>;
  /** One look, now. */
  once(): Promise<void>;
}

export function createSweep(parts: SweepParts): Sweep {
  const { store, ledger, jobs, commit, log, now } = parts;
  const stopping = new AbortController();
  let running: Promise<void> | undefined;
  let lastFull = Number.NEGATIVE_INFINITY;

  async function once(): Promise<void> {
    for (const taskId of await commit.recover(ABANDONED_MS)) await jobs.mark(taskId);
    const cursor = await ledger.cursor(CURSOR);
    // The cursor is the server's clock, read off what it stamped: ours may run ahead, and would step over changes.
    const from = cursor ?? (await store.newestChange());
    if (cursor === undefined || now() - lastFull >= FULL_EVERY_MS) {
      await everything();
      lastFull = now();
    }
    const newest = from && (await changes(new Date(from.getTime() - parts.overlapMs)));
    const reached = newest ?? from;
    if (reached) await ledger.moveCursor(CURSOR, reached);
  }

  /** Marks what was written since. Gives back when the newest of it was written, by the server's clock. */
  async function changes(since: Date): Promise<Date | undefined> {
    let newest: string | undefined;
    for await (const tasks of batches(store.changedSince(since))) {
      const versions = tasks.map((task) => ({ id: task.id, versionId: task.meta?.versionId ?? '' }));
      for (const id of await ledger.unseen(versions)) await jobs.mark(id);
      newest = tasks.at(-1)?.meta?.lastUpdated ?? newest;
    }
    return newest === undefined ? undefined : new Date(newest);
  }

  /** What waits in the pools, and what has a card, whether or not anything is known to have changed. */
  async function everything(): Promise<void> {
    for (const pool of parts.pools) {
      for await (const task of store.unclaimed(pool)) await jobs.mark(task.id);
    }
    for (const id of await ledger.tasksWithOpenCards()) await jobs.mark(id);
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      await once().catch((error: unknown) =>
        log.warn({ err: error }, 'the sweep failed; the next one comes'),
      );
      await sleep(parts.everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
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

async function* batches(
  tasks: AsyncIterable<Task & { id: string }>,
): AsyncIterable<(Task & { id: string })[]> {
  let batch: (Task & { id: string })[] = [];
  for await (const task of tasks) {
    batch.push(task);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
