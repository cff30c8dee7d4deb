import type { PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import type { ChatUser } from '../runtime/ports/chat.ts';
import type { Jobs } from '../runtime/ports/ledger.ts';
import { DEAD_LETTERS } from './dead-letters.ts';
import { JobError } from './job-error.ts';

/** What a job says about itself when it is done: finished, or "look again after a wait" (the platform asked for it). */
export type Outcome = { readonly kind: 'done' } | { readonly kind: 'again'; readonly afterMs: number };

/** What is done for each kind of job. A handler may throw: the job is then tried again, later and later. */
export interface Handlers {
  readonly task: (taskId: string) => Promise<Outcome>;
  readonly thread: (threadId: string) => Promise<Outcome>;
  readonly home: (user: ChatUser) => Promise<Outcome>;
  readonly digest: (digestId: string) => Promise<Outcome>;
}

/** The queues with their workers. */
export interface Worker extends Jobs {
  /** Begins to work on the kinds for which there is a handler. */
  start(handlers: Partial<Handlers>): Promise<void>;
  /** Does a job of this queue and key anew; undefined for a queue that there is not. */
  again(queue: string, key: string): Promise<void> | undefined;
}

/** The names of the queues stand in every ledger: they are never changed. */
const TASK = 'reconcile';
const THREAD = 'thread';
const HOME = 'home';
const DIGEST = 'digest';

/** A burst of changes is one drawing: Slack allows about a hundred Homes a minute. */
const HOME_WAIT_S = 2;

const QUEUES = [TASK, THREAD, HOME, DIGEST] as const;

/** Somebody who comes back from a holiday should still see them. */
const DEAD_LETTERS_KEPT_S = 30 * 24 * 3600;

/** What the queue calls a priority; 0 for what is marked without. */
const ORDER = { routine: 0, urgent: 1, asap: 2, stat: 3, 'its turn': 4 } as const;

const WORKERS = { [TASK]: 4, [THREAD]: 2, [HOME]: 1, [DIGEST]: 1 };

/**
 * Jobs on pg-boss, coalesced by what they look at: with the policy `stately`, one waits and one runs for each Task
 * (thread, Home, digest), on however many processes.
 *
 * @param workers how many jobs of each kind are worked on side by side in this process.
 */
export async function createJobs(
  boss: PgBoss,
  workers: Readonly<typeof WORKERS> = WORKERS,
  log?: Pick<Logger, 'warn'>,
): Promise<Worker> {
  await boss.createQueue(DEAD_LETTERS, { retentionSeconds: DEAD_LETTERS_KEPT_S });
  for (const queue of QUEUES) {
    await boss.createQueue(queue, {
      policy: 'stately',
      notify: true,
      retryLimit: 12,
      retryDelay: 1,
      retryBackoff: true,
      retryDelayMax: 300,
      expireInSeconds: 120,
      heartbeatSeconds: 15,
      deleteAfterSeconds: 3600,
      deadLetter: DEAD_LETTERS,
    });
    // A queue that was made before there were dead letters stays as it was made.
    const made = await boss.getQueue(queue);
    if (made?.deadLetter !== DEAD_LETTERS) await boss.updateQueue(queue, { deadLetter: DEAD_LETTERS });
  }

  /** Not `send`: a job that waits for a later time (a throttled channel) is pulled forward. */
  async function now(queue: string, key: string, priority?: number): Promise<void> {
    const options = { singletonKey: key, startAfter: new Date(), ...(priority && { priority }) };
    await boss.upsert(queue, { key }, options);
  }

  async function work(queue: keyof typeof WORKERS, handle: (key: string) => Promise<Outcome>): Promise<void> {
    for (let i = 0; i < workers[queue]; i++) {
      const id: string = await boss.work<{ key?: string; taskId?: string }>(
        queue,
        // Polling is the fall-back, and the only way to jobs that wait for their time.
        { batchSize: 1, pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 1 },
        async ([job]) => {
          // A job of the first version of this ledger is named by its Task.
          const key = job?.data.key ?? job?.data.taskId;
          if (key === undefined) return;
          try {
            const outcome = await handle(key);
            if (outcome.kind === 'again') {
              const startAfter = new Date(Date.now() + outcome.afterMs);
              // Not `upsert`: a mark that came meanwhile waits already, and must not wait any longer.
              await boss.send(queue, { key }, { singletonKey: key, startAfter });
            }
          } catch (error) {
            log?.warn({ err: error, queue, key }, 'a job failed; it is tried again');
            // The queue keeps what is thrown, and an error may quote what is nobody's business there.
            throw new JobError(error);
          } finally {
            // A worker fetches once for each notice; without this one a backlog would drain at the polling rate.
            boss.notifyWorker(id);
          }
        },
      );
    }
  }

  return {
    mark: (taskId, urgency) => now(TASK, taskId, urgency && ORDER[urgency]),
    markThread: (threadId) => now(THREAD, threadId),
    markHome: async ({ platform, tenant, id }, when) => {
      const key = JSON.stringify([platform, tenant, id]);
      if (when === 'at once') return now(HOME, key);
      await boss.send(HOME, { key }, { singletonKey: key, startAfter: HOME_WAIT_S });
    },
    markDigest: (digestId) => now(DIGEST, digestId),
    again: (queue, key) => {
      const known = QUEUES.find((one) => one === queue);
      return known && now(known, key);
    },
    start: async ({ task, thread, home, digest }) => {
      if (task) await work(TASK, task);
      if (thread) await work(THREAD, thread);
      if (home) await work(HOME, (key) => home(readUser(key)));
      if (digest) await work(DIGEST, digest);
    },
  };
}

function readUser(key: string): ChatUser {
  const [platform = '', tenant = '', id = ''] = JSON.parse(key) as string[];
  return { platform, tenant, id };
}
