import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createDeadLetters,
  createJobs,
  type Database,
  type DeadLetters,
  type Outcome,
  type Worker,
} from '../../src/ledger/index.ts';
import { RecordError } from '../../src/runtime/ports/record.ts';
import { databases, type Home } from '../support/unit-postgres.ts';

const DONE: Outcome = { kind: 'done' };
const PATIENT = { timeout: 25_000, interval: 50 };

describe.each(await databases())('what ran out of tries, $name', ({ create }) => {
  let home: Home;
  let database: Database;
  let jobs: Worker;
  let letters: DeadLetters;
  const handlers = new Map<string, () => Promise<Outcome>>();

  beforeAll(async () => {
    home = await create();
    database = await home.open();
    jobs = await createJobs(database.boss);
    // Twelve tries take twenty minutes.
    await database.boss.updateQueue('reconcile', { retryLimit: 0 });
    letters = createDeadLetters(database.db);
    await jobs.start({ task: async (taskId) => handlers.get(taskId)?.() ?? DONE });
  });

  afterAll(async () => {
    await database?.close();
    await home?.drop();
  });

  const listed = async (task: string) => (await letters.list()).filter(({ key }) => key === task);

  async function giveUp(error: unknown, task: string = crypto.randomUUID()): Promise<string> {
    handlers.set(task, () => Promise.reject(error));
    await jobs.mark(task);
    await expect.poll(() => listed(task), PATIENT).toHaveLength(1);
    return task;
  }

  it('is kept with the kind of its last error, and nothing else of it', async () => {
    const cause = new Error('Mrs Jones is allergic to penicillin');
    const error = new AggregateError(
      [new RecordError('forbidden', 'reading Task/1', { cause })],
      'reconciling',
    );

    const task = await giveUp(error);

    expect(await listed(task)).toEqual([
      { queue: 'reconcile', key: task, tries: 1, since: expect.any(Date), error: 'record forbidden' },
    ]);
    const { rows } = await database.db
      .selectFrom('pgboss.job' as never)
      .selectAll()
      .execute()
      .then((found) => ({ rows: JSON.stringify(found) }));
    expect(rows).not.toMatch(/Jones|penicillin|reading Task|\.ts:/);
  });

  it('is one letter however often it was given up, since the first time', async () => {
    const task = await giveUp(new Error('a defect'));
    const [first] = await listed(task);
    handlers.set(task, () => Promise.reject(new RecordError('unreachable', 'reading')));

    await jobs.mark(task);

    await expect.poll(async () => (await listed(task))[0]?.error, PATIENT).toBe('record unreachable');
    expect(await listed(task)).toEqual([{ ...first, error: 'record unreachable' }]);
  });

  it('is forgotten once its job was done, whoever marked it, and not before', async () => {
    let runs = 0;
    const run = async () => {
      runs++;
      return DONE;
    };
    const task = crypto.randomUUID();
    handlers.set(task, run);
    await jobs.mark(task);
    await expect.poll(() => runs, PATIENT).toBe(1);
    await giveUp(new Error('a defect'), task);
    const other = await giveUp(new Error('a defect'));
    await letters.tidy();
    expect(await listed(task)).toHaveLength(1);
    handlers.set(task, run);

    await jobs.mark(task);
    await expect.poll(() => runs, PATIENT).toBe(2);

    await expect
      .poll(async () => {
        await letters.tidy();
        return listed(task);
      }, PATIENT)
      .toEqual([]);
    expect(await listed(other)).toHaveLength(1);
  });

  it('is done anew where somebody asks for it', async () => {
    const task = await giveUp(new Error('a defect'));
    let runs = 0;
    handlers.set(task, async () => {
      runs++;
      return DONE;
    });

    await jobs.again('reconcile', task);
    await letters.forget('reconcile', task);

    await expect.poll(() => runs, PATIENT).toBe(1);
    expect(await listed(task)).toEqual([]);
  });

  it('is not what another job of the same Task goes on trying', async () => {
    await database.boss.updateQueue('thread', { retryLimit: 5, retryDelay: 60 });
    const thread = crypto.randomUUID();
    // One waits to be tried again, and another that was marked meanwhile fails: it fails for good at once.
    await jobs.start({ thread: () => Promise.reject(new Error('a defect')) });
    await jobs.markThread(thread);
    const counted = async (state: string) =>
      (await letters.counts()).find((one) => one.queue === 'thread' && one.state === state)?.jobs ?? 0;
    await expect.poll(() => counted('retry'), PATIENT).toBe(1);
    await database.boss.insert('thread', [{ data: { key: thread }, singletonKey: thread }]);

    await expect.poll(() => counted('failed'), PATIENT).toBe(1);

    expect(await listed(thread)).toEqual([]);
  });

  it('is counted by queue and state, among what waits', async () => {
    await giveUp(new Error('a defect'));

    const counts = await letters.counts();

    expect(counts.find((one) => one.queue === 'reconcile' && one.state === 'failed')?.jobs).toBeGreaterThan(
      0,
    );
    expect(counts.map(({ queue }) => queue)).not.toContain('dead-letter');
    expect(counts.map(({ state }) => state)).not.toContain('completed');
  });
});
