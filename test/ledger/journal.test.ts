import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLedger, type Database } from '../../src/ledger/index.ts';
import type { Writes } from '../../src/record/writes.ts';
import type { Journal } from '../../src/runtime/ports/ledger.ts';
import { databases, type Home } from '../support/unit-postgres.ts';

const MINUTE = 60_000;

function writesOn(task: string): Writes {
  const note = { text: 'Neue Beschwerden: „Herz“ 💔 \u0001' };
  return {
    task: { id: task, patch: [{ op: 'add', path: '/note', value: [note] }] },
    thread: undefined,
    provenance: {
      resourceType: 'Provenance',
      target: [{ reference: `Task/${task}` }],
      recorded: '2026-11-23T08:00:00Z',
      agent: [{ who: { display: 'x' } }],
    },
  };
}

describe.each(await databases())('the journal, $name', ({ create, shared }) => {
  let home: Home;
  let database: Database;
  let journal: Journal;

  beforeAll(async () => {
    home = await create();
    database = await home.open();
    ({ journal } = createLedger(database.db));
  });

  afterAll(async () => {
    await database?.close();
    await home?.drop();
  });

  /** As if the change had been begun an hour ago, by a process that has died since. */
  const age = (id: string) =>
    database.db
      .updateTable('journal')
      .set({ touched_at: sql`now() - interval '1 hour'` })
      .where('id', '=', id)
      .execute();

  it('holds a change while it is under way, and nothing of it afterwards', async () => {
    const task = crypto.randomUUID();

    const id = await journal.begin(writesOn(task));
    const during = await journal.isOpen(task);
    await journal.end(id);

    expect([during, await journal.isOpen(task)]).toEqual([true, false]);
    const rows = await database.db.selectFrom('journal').select('id').where('id', '=', id).execute();
    expect(rows).toEqual([]);
  });

  it('keeps other Tasks, and changes that hang, out of nobody’s way', async () => {
    const task = crypto.randomUUID();
    const id = await journal.begin(writesOn(task));

    const other = await journal.isOpen(crypto.randomUUID());
    await age(id);

    expect([other, await journal.isOpen(task)]).toEqual([false, false]);
    await journal.end(id);
  });

  it('gives what was abandoned back as it was begun, word for word', async () => {
    const writes = writesOn(crypto.randomUUID());
    const id = await journal.begin(writes);
    await age(id);

    const left = await journal.abandoned(MINUTE);

    expect(left).toEqual([{ id, writes }]);
    await journal.end(id);
  });

  it('leaves what has just begun to whoever began it', async () => {
    const id = await journal.begin(writesOn(crypto.randomUUID()));

    expect(await journal.abandoned(MINUTE)).toEqual([]);
    await journal.end(id);
  });

  it('hands an abandoned change to one taker only, who keeps others from it and cards from drawing half of it', async () => {
    const task = crypto.randomUUID();
    const id = await journal.begin(writesOn(task));
    await age(id);

    const [one, two] = await Promise.all([journal.abandoned(MINUTE), journal.abandoned(MINUTE)]);

    expect([...one, ...two].map((left) => left.id)).toEqual([id]);
    expect(await journal.abandoned(MINUTE)).toEqual([]);
    expect(await journal.isOpen(task)).toBe(true);
    await journal.end(id);
  });

  it('hands out a heap in batches', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 25; i++) {
      const id = await journal.begin(writesOn(crypto.randomUUID()));
      await age(id);
      ids.push(id);
    }

    const first = await journal.abandoned(MINUTE);
    const second = await journal.abandoned(MINUTE);

    expect([first.length, second.length]).toEqual([20, 5]);
    expect([...first, ...second].map((left) => left.id).sort()).toEqual([...ids].sort());
    for (const id of ids) await journal.end(id);
  });

  /** As old as minutes say, and failed so often. */
  const aged = (id: string, minutes: number) =>
    database.db
      .updateTable('journal')
      .set({ touched_at: sql`now() - make_interval(mins => ${minutes})` })
      .where('id', '=', id)
      .execute();

  it('remembers that a change was in a transaction that was run as a batch', async () => {
    const writes = writesOn(crypto.randomUUID());
    const id = await journal.begin(writes, true);
    await age(id);

    expect(await journal.abandoned(MINUTE)).toEqual([{ id, writes, ranAsBatch: true }]);
    await journal.end(id);
  });

  it.each([
    [0, 2, true],
    [1, 1, false],
    [1, 3, true],
    [3, 7, false],
    [3, 9, true],
    [19, 59, false],
    [19, 61, true],
  ])('hands a change that has failed %i times out after %i minutes: %s', async (tries, minutes, isOut) => {
    const writes = writesOn(crypto.randomUUID());
    const id = await journal.begin(writes);
    for (let i = 0; i < tries; i++) await journal.failed(id, writes, 'forbidden');
    await aged(id, minutes);

    expect(await journal.abandoned(MINUTE)).toHaveLength(isOut ? 1 : 0);
    await journal.end(id);
  });

  it('counts how often a change has failed, and keeps only what is still owed of it', async () => {
    const task = crypto.randomUUID();
    const writes = writesOn(task);
    const owed: Writes = { ...writes, task: { id: task, patch: [] } };
    const id = await journal.begin(writes);

    const counts = [await journal.failed(id, owed, 'invalid'), await journal.failed(id, owed, 'forbidden')];
    await age(id);

    expect(counts).toEqual([1, 2]);
    const [left] = await journal.abandoned(MINUTE);
    expect(left?.writes).toEqual(owed);
    expect(JSON.stringify(left)).not.toContain('Beschwerden');
    await journal.end(id);
  });

  it('leaves a dead letter in nobody’s way, and tells its ids, its age and what was wrong', async () => {
    const task = crypto.randomUUID();
    const writes = writesOn(task);
    const id = await journal.begin(writes);
    await journal.failed(id, writes, 'forbidden');

    await journal.park(id);

    expect(await journal.isOpen(task)).toBe(false);
    expect(await journal.abandoned(-MINUTE)).toEqual([]);
    expect(await journal.stuck()).toEqual([
      { id, taskId: task, ageMs: expect.any(Number), failure: 'forbidden' },
    ]);
    await journal.end(id);
    expect(await journal.stuck()).toEqual([]);
  });

  it('hands a dead letter out again once somebody says so', async () => {
    const writes = writesOn(crypto.randomUUID());
    const id = await journal.begin(writes);
    await journal.failed(id, writes, 'forbidden');
    await journal.park(id);

    const retried = [await journal.retry(id), await journal.retry(id), await journal.retry('no such thing')];

    expect(retried).toEqual([true, false, false]);
    expect(await journal.stuck()).toEqual([]);
    expect((await journal.abandoned(0)).map((left) => left.id)).toEqual([id]);
    await journal.end(id);
  });

  // An embedded database belongs to one process.
  if (shared)
    it('hands nothing to two processes that look at the same time', async () => {
      const replica = await home.open();
      const other = createLedger(replica.db).journal;
      const ids: string[] = [];
      for (let i = 0; i < 10; i++) {
        const id = await journal.begin(writesOn(crypto.randomUUID()));
        await age(id);
        ids.push(id);
      }

      const looks = [journal, other, journal, other].map((one) => one.abandoned(MINUTE));
      const taken = (await Promise.all(looks)).flat().map((left) => left.id);

      await replica.close();
      expect(taken.sort()).toEqual([...ids].sort());
      for (const id of ids) await journal.end(id);
    });
});
