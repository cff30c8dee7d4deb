import { setTimeout as sleep } from 'node:timers/promises';
import type { Communication, Task } from '@medplum/fhirtypes';
import type { Logger } from 'pino';
import { threadIdsOf } from '../duties/thread.ts';
import type { Pool } from '../routing/pools.ts';
import { priorityOf } from '../routing/priority.ts';
import type { Commit } from './commit.ts';
import type { Jobs, Ledger, Version } from './ports/ledger.ts';
import type { RecordStore } from './ports/record.ts';

export interface SweepParts {
  readonly store: Pick<
    RecordStore,
    'newestChange' | 'changedSince' | 'newestMessageChange' | 'messagesChangedSince' | 'unclaimed' | 'queue'
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
/** Everything that stands is looked at again this often: a deleted Task tells nobody. */
const FULL_EVERY_MS = 10 * 60_000;
/** So many of the urgent ones are looked for in each pool. */
const MOST_URGENT = 100;
/** A message that somebody deleted tells nobody: a card that was not drawn for so long is drawn again. */
const DOUBTED_AFTER_MS = 24 * 60 * 60_000;
/** At one such look; the next ones are not to come all at once either. */
const DOUBTED_AT_ONCE = 100;
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
  /** Makes the next look come at once: what was said while nobody listened is in the record only. */
  soon(): void;
  /** One look, now. */
  once(): Promise<void>;
}

export function createSweep(parts: SweepParts): Sweep {
  const { store, ledger, jobs, commit, log, now } = parts;
  let isStopped = false;
  let running: Promise<void> | undefined;
  let nap = new AbortController();
  let isAsked = false;
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
      const unseen = await ledger.unseen(tasks.map(versionOf));
      // What the last look has found too is no news: that it is not seen yet may be because it waits.
      const isNews = (id: string) => tasks.some((task) => task.id === id && writtenAt(task) > from.getTime());
      const news = Map.groupBy(unseen, isNews);
      await markAll(news.get(true) ?? [], tasks);
      await markUnlessInLine(news.get(false) ?? [], tasks);
    });
    await ledger.moveCursor(TASKS, newest ?? from);
  }

  /** What waits in the pools, and what has a card, whether or not anything is known to have changed. */
  async function everything(): Promise<void> {
    // What waits most urgently, in whichever pool, comes before all the rest: a backlog is long.
    const first = new Set<string>();
    for (const pool of parts.pools) {
      const { tasks } = await store.queue(pool, MOST_URGENT);
      const urgent = tasks.filter((task) => priorityOf(task) !== 'routine');
      await markUnlessInLine(idsOf(urgent), urgent);
      for (const { id } of urgent) first.add(id);
    }
    for (const pool of parts.pools) {
      await each(store.unclaimed(pool), (tasks) =>
        markUnlessInLine(
          idsOf(tasks).filter((id) => !first.has(id)),
          tasks,
        ),
      );
    }
    await ledger.doubtCards(DOUBTED_AFTER_MS, DOUBTED_AT_ONCE);
    await markUnlessInLine(await ledger.tasksWithOpenCards());
  }

  /** A Task that stands in line for its channel is looked at when its turn comes, and read once for that. */
  async function markUnlessInLine(ids: readonly string[], read: readonly Found<Task>[] = []): Promise<void> {
    await markAll(await ledger.line.notWaiting(ids), read);
  }

  /** @param read those of them that have just been read. */
  async function markAll(ids: readonly string[], read: readonly Found<Task>[]): Promise<void> {
    const urgency = new Map(read.map((task) => [task.id, priorityOf(task)]));
    for (const id of ids) {
      // A backlog is long, and a process that is to stop has no time for it: the next one finds the rest.
      if (isStopped) throw new Error('the sweep is stopped');
      await jobs.mark(id, urgency.get(id));
    }
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
      await each(store.messagesChangedSince(before(newest)), (messages) =>
        ledger.sawMessages(messages.filter((one) => writtenAt(one) <= newest.getTime()).map(versionOf)),
      );
    }
    await ledger.moveCursor(MESSAGES, newest ?? EVER);
  }

  function before(instant: Date): Date {
    return new Date(instant.getTime() - parts.overlapMs);
  }

  async function loop(): Promise<void> {
    while (!isStopped) {
      isAsked = false;
      await once().catch((error: unknown) => {
        if (!isStopped) log.warn({ err: error }, 'the sweep failed; the next one comes');
      });
      nap = new AbortController();
      // What is asked for during a look may have been missed by it.
      if (isAsked || isStopped) continue;
      await sleep(parts.everyMs, undefined, { signal: nap.signal }).catch(() => undefined);
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
      isStopped = true;
      nap.abort();
      await running;
    },
    soon: () => {
      isAsked = true;
      nap.abort();
    },
    once,
  };
}

type Found<T extends Task | Communication> = T & { id: string };

function writtenAt({ meta }: Task | Communication): number {
  return Date.parse(meta?.lastUpdated ?? '');
}

function idsOf(all: readonly { readonly id: string }[]): string[] {
  return all.map(({ id }) => id);
}

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
