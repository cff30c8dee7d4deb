import type { PgBoss } from 'pg-boss';
import type { Jobs } from '../runtime/ports/ledger.ts';

const QUEUE = 'reconcile';

/** What a job says about itself when it is done: finished, or "look again after a wait" (the platform asked for it). */
export type Outcome = { readonly kind: 'done' } | { readonly kind: 'again'; readonly afterMs: number };

/** The queue with its workers. */
export interface Worker extends Jobs {
  /** Begins to work. The handler may throw: the job is then tried again, later and later. */
  start(handle: (taskId: string) => Promise<Outcome>): Promise<void>;
}

/**
 * Jobs on pg-boss, coalesced by Task: with the policy `stately`, one waits and one runs for each Task, on however
 * many processes.
 *
 * @param workers how many Tasks are looked at side by side in this process.
 */
export async function createJobs(boss: PgBoss, workers = 4): Promise<Worker> {
  await boss.createQueue(QUEUE, {
    policy: 'stately',
    notify: true,
    retryLimit: 12,
    retryDelay: 1,
    retryBackoff: true,
    retryDelayMax: 300,
    expireInSeconds: 120,
    heartbeatSeconds: 15,
    deleteAfterSeconds: 3600,
  });

  return {
    mark: async (taskId) => {
      // Not `send`: a job of this Task that waits for a later time (a throttled channel) is pulled forward.
      await boss.upsert(QUEUE, { taskId }, { singletonKey: taskId, startAfter: new Date() });
    },

    start: async (handle) => {
      for (let i = 0; i < workers; i++) {
        const id: string = await boss.work<{ taskId: string }>(
          QUEUE,
          // Polling is the fall-back, and the only way to jobs that wait for their time.
          { batchSize: 1, pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 1 },
          async ([job]) => {
            if (!job) return;
            try {
              const outcome = await handle(job.data.taskId);
              if (outcome.kind === 'again') {
                const startAfter = new Date(Date.now() + outcome.afterMs);
                await boss.upsert(QUEUE, job.data, { singletonKey: job.data.taskId, startAfter });
              }
            } finally {
              // A worker fetches once for each notice; without this one a backlog would drain at the polling rate.
              boss.notifyWorker(id);
            }
          },
        );
      }
    },
  };
}
