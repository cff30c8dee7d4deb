import { setTimeout as sleep } from 'node:timers/promises';
import type { Communication, Task } from '@medplum/fhirtypes';
import type { Logger } from 'pino';
import { threadIdsOf } from '../duties/thread.ts';
import type { Pool } from '../routing/pools.ts';
import type { Commit } from './commit.ts';
import type { Jobs, Ledger, Version } from './ports/ledger.ts';
import type { RecordStore } from './ports/record.ts';

export interface SweepParts {
  readonly store: Pick<
    RecordStore,
    'newestChange' | 'changedSince' | 'newestMessageChange' | 'messagesChangedSince' | 'unclaimed'
  >;
  readonly ledger: Ledger;
  readonly jobs: Pick<Jobs, 'mark' | 'markThread'>;
  readonly commit: Pick<Commit, 'recover'>;
  readonly pools: readonly Pool[];
  readonly everyMs: number;
  /** How far each look reaches back behind the last: the server stamps a write before it can be seen. */
  readonly overlapMs: number;
  readonly now: () => number;
  readonly log: Logger;
}

/** The names of the cursors stand in every ledger: they are never changed. */
const TASKS = 'tasks';
const MESSAGES = 'messages';
const BATCH = 200;
/** A change that is under way for longer than this has lost its process. */
const ABANDONED_MS = 30_000;
/** Everything that stands is looked at again this often: deleted Tasks and deleted messages tell nobody. */
const FULL_EVERY_MS = 10 * 60_000;
/** Where a record without any message begins. */
const EVER = new Date(0);

/**
 * The safety net: finds whatever no event told us, of Tasks and of messages.
 *
 * The cursors are the server's clock, read off what it stamped: ours may run ahead, and would step over changes. At the
 * very first start both begin at what is newest then. So what was said in a thread before Switchboard came is history,
 * and makes no Tasks; open Tasks, on the other hand, are all found.
 */
export interface Sweep {
  /** Resolves when everything that is written from now on will be found. */
  start(): Promise<void>;
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
    // Where one kind cannot be read, the other is looked at all the same.
    const looks = await Promise.allSettled([lookAtTasks(), lookAtMessages()]);
    const failures = looks.filter(({ status }) => status === 'rejected').map((look) => reasonOf(look));
    if (failures.length > 1) throw new AggregateError(failures, 'sweeping');
    if (failures.length === 1) throw failures[0];
  }

  // --------------------------------------------------------------------------------------------------------- Tasks

  async function lookAtTasks(): Promise<void> {
    const cursor = await ledger.cursor(TASKS);
    const from = cursor ?? (await store.newestChange());
    if (cursor === undefined || now() - lastFull >= FULL_EVERY_MS) {
      await everything();
      lastFull = now();
    }
    if (from === undefined) return;
    const newest = await each(store.changedSince(before(from)), async (tasks) => {
      for (const id of await ledger.unseen(tasks.map(versionOf))) await mark(id);
    });
    await ledger.moveCursor(TASKS, newest ?? from);
  }

  /** What waits in the pools, and what has a card, whether or not anything is known to have changed. */
  async function everything(): Promise<void> {
    for (const pool of parts.pools) {
      for await (const task of store.unclaimed(pool)) await mark(task.id);
    }
    for (const id of await ledger.tasksWithOpenCards()) await mark(id);
  }

  /** A backlog is long, and a process that is to stop has no time for it: the next one finds the rest. */
  async function mark(taskId: string): Promise<void> {
    stopping.signal.throwIfAborted();
    await jobs.mark(taskId);
  }

  // ------------------------------------------------------------------------------------------------------ messages

  async function lookAtMessages(): Promise<void> {
    const cursor = await ledger.cursor(MESSAGES);
    if (cursor === undefined) return beginAtNewest();
    const newest = await each(store.messagesChangedSince(before(cursor)), markThreads);
    await ledger.moveCursor(MESSAGES, newest ?? cursor);
  }

  async function begin(): Promise<void> {
    if ((await ledger.cursor(MESSAGES)) === undefined) await beginAtNewest();
  }

  /** A message counts as seen once its thread is marked, which is durable: a crash in between marks it twice. */
  async function markThreads(messages: readonly Found<Communication>[]): Promise<void> {
    const unseen = new Set(await ledger.unseenMessages(messages.map(versionOf)));
    const news = messages.filter(({ id }) => unseen.has(id));
    const references = news.flatMap(({ partOf = [] }) => partOf.map(({ reference }) => reference));
    for (const threadId of new Set(references.flatMap((one) => threadIdsOf([one])))) {
      await jobs.markThread(threadId);
    }
    await ledger.sawMessages(news.map(versionOf));
  }

  async function beginAtNewest(): Promise<void> {
    const newest = await store.newestMessageChange();
    if (newest) {
      // The next look reaches back behind the cursor: what is there already must not be news then.
      const isOld = ({ meta }: Communication) => Date.parse(meta?.lastUpdated ?? '') <= newest.getTime();
      await each(store.messagesChangedSince(before(newest)), (messages) =>
        ledger.sawMessages(messages.filter(isOld).map(versionOf)),
      );
    }
    await ledger.moveCursor(MESSAGES, newest ?? EVER);
  }

  function before(instant: Date): Date {
    return new Date(instant.getTime() - parts.overlapMs);
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      await once().catch((error: unknown) => {
        if (!stopping.signal.aborted) log.warn({ err: error }, 'the sweep failed; the next one comes');
      });
      await sleep(parts.everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  return {
    start: async () => {
      // What is said from now on is news, also where nobody tells us of it before the first look.
      await begin().catch((error: unknown) =>
        log.warn({ err: error }, 'where the messages begin is not known yet; the first look finds out'),
      );
      running ??= loop();
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
    once,
  };
}

type Found<T extends Task | Communication> = T & { id: string };

function versionOf({ id, meta }: Found<Task | Communication>): Version {
  return { id, versionId: meta?.versionId ?? '' };
}

function reasonOf(look: PromiseSettledResult<void>): unknown {
  return look.status === 'rejected' ? look.reason : undefined;
}

/** Works through all of them, some at a time. Gives back when the newest was written, by the server's clock. */
async function each<T extends Task | Communication>(
  all: AsyncIterable<Found<T>>,
  work: (some: readonly Found<T>[]) => Promise<void>,
): Promise<Date | undefined> {
  let newest: string | undefined;
  let batch: Found<T>[] = [];
  const finish = async () => {
    if (batch.length === 0) return;
    await work(batch);
    newest = batch.at(-1)?.meta?.lastUpdated ?? newest;
    batch = [];
  };
  for await (const one of all) {
    batch.push(one);
    if (batch.length === BATCH) await finish();
  }
  await finish();
  return newest === undefined ? undefined : new Date(newest);
}
