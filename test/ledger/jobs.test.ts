import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createJobs, type Database, type Outcome, type Worker } from '../../src/ledger/index.ts';
import type { ChatUser } from '../../src/runtime/ports/chat.ts';
import { databases, type Home } from '../support/unit-postgres.ts';

const DONE: Outcome = { kind: 'done' };
const PATIENT = { timeout: 25_000, interval: 20 };

/** One process at work: each test gives its own Tasks a handler. */
async function processOn(home: Home) {
  const database: Database = await home.open();
  const jobs: Worker = await createJobs(database.boss);
  const handlers = new Map<string, () => Promise<Outcome>>();
  const threads: string[] = [];
  const homes: ChatUser[] = [];
  await jobs.start({
    task: async (taskId) => handlers.get(taskId)?.() ?? DONE,
    thread: async (threadId) => {
      threads.push(threadId);
      return DONE;
    },
    home: async (user) => {
      homes.push(user);
      return DONE;
    },
  });
  return { database, jobs, handlers, threads, homes };
}

describe.each(await databases())('jobs, $name', ({ create, shared }) => {
  let home: Home;
  let main: Awaited<ReturnType<typeof processOn>>;

  beforeAll(async () => {
    home = await create();
    main = await processOn(home);
  });

  afterAll(async () => {
    await main?.database.close();
    await home?.drop();
  });

  it('run once for each mark of a quiet Task', async () => {
    const task = crypto.randomUUID();
    let runs = 0;
    main.handlers.set(task, async () => {
      runs++;
      return DONE;
    });

    await main.jobs.mark(task);
    await expect.poll(() => runs, PATIENT).toBe(1);
    await main.jobs.mark(task);

    await expect.poll(() => runs, PATIENT).toBe(2);
  });

  it('look at the more urgent first, and before them at whoever’s turn it is to be shown', async () => {
    const own = await create();
    const database = await own.open();
    const jobs = await createJobs(database.boss, { reconcile: 1, thread: 1, home: 1, digest: 1 });
    const order: string[] = [];
    for (const word of ['routine', 'asap', 'stat', 'its turn', 'urgent'] as const)
      await jobs.mark(word, word);
    await jobs.mark('not known');

    await jobs.start({
      task: async (id) => {
        order.push(id);
        return DONE;
      },
    });

    await expect.poll(() => order, PATIENT).toHaveLength(6);
    expect(order).toEqual(['its turn', 'stat', 'asap', 'urgent', 'routine', 'not known']);
    await database.close();
    await own.drop();
  });

  it('coalesce 50 marks of one Task into a few runs, never two at once, the last after the last mark', async () => {
    const task = crypto.randomUUID();
    const starts: number[] = [];
    let running = 0;
    let most = 0;
    main.handlers.set(task, async () => {
      starts.push(performance.now());
      most = Math.max(most, ++running);
      await sleep(200);
      running--;
      return DONE;
    });

    const firstMark = performance.now();
    let lastMark = firstMark;
    for (let i = 0; i < 50; i++) {
      lastMark = performance.now();
      await main.jobs.mark(task);
      await sleep(5);
    }
    await expect.poll(() => running === 0 && (starts.at(-1) ?? 0) > lastMark, PATIENT).toBe(true);
    await sleep(400);

    expect(most).toBe(1);
    expect(starts.length).toBeGreaterThanOrEqual(2);
    // One run takes 200 ms.
    expect(starts.length).toBeLessThanOrEqual(Math.ceil((lastMark - firstMark) / 200) + 2);
  });

  it('work on different Tasks side by side', async () => {
    const tasks = [1, 2, 3].map(() => crypto.randomUUID());
    const together = Promise.withResolvers<Outcome>();
    let running = 0;
    for (const task of tasks)
      main.handlers.set(task, () => {
        running++;
        if (running === tasks.length) together.resolve(DONE);
        return together.promise;
      });

    for (const task of tasks) await main.jobs.mark(task);

    await expect.poll(() => running, PATIENT).toBe(3);
    await together.promise;
  });

  it('try again what threw', async () => {
    const task = crypto.randomUUID();
    let runs = 0;
    main.handlers.set(task, async () => {
      runs++;
      if (runs === 1) throw new Error('not now');
      return DONE;
    });

    await main.jobs.mark(task);

    await expect.poll(() => runs, PATIENT).toBe(2);
  });

  it('look again after a wait where they are asked to', async () => {
    const task = crypto.randomUUID();
    const runs: number[] = [];
    main.handlers.set(task, async () => {
      runs.push(performance.now());
      return runs.length === 1 ? { kind: 'again', afterMs: 1500 } : DONE;
    });

    await main.jobs.mark(task);

    await expect.poll(() => runs.length, PATIENT).toBe(2);
    const [first = 0, second = 0] = runs;
    expect(second - first).toBeGreaterThanOrEqual(1400);
  });

  it('look again at once where a mark comes during a long wait', async () => {
    const task = crypto.randomUUID();
    let runs = 0;
    main.handlers.set(task, async () => {
      runs++;
      return runs === 1 ? { kind: 'again', afterMs: 3_600_000 } : DONE;
    });
    await main.jobs.mark(task);
    await expect.poll(() => runs, PATIENT).toBe(1);
    await sleep(300);

    await main.jobs.mark(task);

    await expect.poll(() => runs, PATIENT).toBe(2);
  });

  it('look again at once where a mark comes while they find that they must wait for long', async () => {
    const task = crypto.randomUUID();
    let runs = 0;
    main.handlers.set(task, async () => {
      runs++;
      if (runs > 1) return DONE;
      await main.jobs.mark(task);
      return { kind: 'again', afterMs: 3_600_000 };
    });

    await main.jobs.mark(task);

    await expect.poll(() => runs, PATIENT).toBe(2);
  });

  it('follow a mark that comes while they throw', async () => {
    const task = crypto.randomUUID();
    let runs = 0;
    main.handlers.set(task, async () => {
      runs++;
      if (runs > 1) return DONE;
      await main.jobs.mark(task);
      throw new Error('not now');
    });

    await main.jobs.mark(task);

    await expect.poll(() => runs, PATIENT).toBeGreaterThanOrEqual(2);
  });

  it('drain a backlog of 200', async () => {
    const tasks = Array.from({ length: 200 }, () => crypto.randomUUID());
    const seen = new Set<string>();
    for (const task of tasks)
      main.handlers.set(task, async () => {
        await sleep(5);
        seen.add(task);
        return DONE;
      });

    await Promise.all(tasks.map((task) => main.jobs.mark(task)));

    await expect.poll(() => seen.size, PATIENT).toBe(200);
  });

  // An embedded database belongs to one process.
  if (shared)
    it('never run for one Task in two processes at once', async () => {
      const other = await processOn(home);
      const tasks = Array.from({ length: 5 }, () => crypto.randomUUID());
      const busy = new Set<string>();
      const faults: string[] = [];
      let runs = 0;
      for (const task of tasks)
        for (const { handlers } of [main, other])
          handlers.set(task, async () => {
            if (busy.has(task)) faults.push(task);
            busy.add(task);
            runs++;
            await sleep(30);
            busy.delete(task);
            return DONE;
          });

      for (let round = 0; round < 10; round++)
        for (const task of tasks) await (round % 2 ? main : other).jobs.mark(task);
      await expect.poll(() => runs, PATIENT).toBeGreaterThanOrEqual(tasks.length);
      await expect.poll(() => busy.size, PATIENT).toBe(0);
      await sleep(200);

      await other.database.close();
      expect(faults).toEqual([]);
    });

  it('of a thread go to the handler of threads, and are none of a Task with the same id', async () => {
    const id = crypto.randomUUID();

    await main.jobs.markThread(id);

    await expect.poll(() => main.threads, PATIENT).toContain(id);
  });

  it('of a Home wait for the end of a burst, and draw it once', async () => {
    const user = { platform: 'any', tenant: 'T1', id: `U"${crypto.randomUUID()}` };

    for (let i = 0; i < 20; i++) await main.jobs.markHome(user, 'soon');

    await expect.poll(() => main.homes.filter(({ id }) => id === user.id), PATIENT).toEqual([user]);
    await sleep(1500);
    expect(main.homes.filter(({ id }) => id === user.id)).toHaveLength(1);
  });

  it('of a Home that somebody opens while it waits to be drawn are one with it', async () => {
    const user = { platform: 'any', tenant: 'T1', id: crypto.randomUUID() };
    await main.jobs.markHome(user, 'soon');

    await main.jobs.markHome(user, 'at once');

    await expect.poll(() => main.homes.filter(({ id }) => id === user.id), PATIENT).toEqual([user]);
  });

  it('of the ledger’s first version are still understood', async () => {
    const task = crypto.randomUUID();
    let runs = 0;
    main.handlers.set(task, async () => {
      runs++;
      return DONE;
    });

    await main.database.boss.send('reconcile', { taskId: task });

    await expect.poll(() => runs, PATIENT).toBe(1);
  });

  it('are finished before the database closes', async () => {
    const own = await create();
    onTestFinished(() => own.drop());
    const leaving = await processOn(own);
    const began = Promise.withResolvers<void>();
    let finished = false;
    leaving.handlers.set('slow', async () => {
      began.resolve();
      await sleep(500);
      finished = true;
      return DONE;
    });

    await leaving.jobs.mark('slow');
    await began.promise;
    await leaving.database.close();

    expect(finished).toBe(true);
  });
});
