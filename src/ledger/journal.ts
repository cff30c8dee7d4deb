import { type Kysely, sql } from 'kysely';
import type { Writes } from '../record/writes.ts';
import type { Journal, LeftBehind } from '../runtime/ports/ledger.ts';
import type { Tables } from './schema.ts';

/** How many changes one look takes over: a crash leaves a handful, never thousands. */
const BATCH = 20;
/** A change takes milliseconds. One that is older hangs, and cards must not wait for it. */
const UNDER_WAY_S = 3;
/** However often it has failed, it is tried again after so long. */
const LONGEST_S = 3_600;

/** The journal on its table. The writes, note text included, are gone with the row as soon as they are in the record. */
export function createJournal(db: Kysely<Tables>): Journal {
  /** A change of this Task that is no dead letter. */
  const unfinished = (taskId: string) =>
    db
      .selectFrom('journal')
      .select('id')
      .where('task_id', '=', taskId)
      .where('parked_at', 'is', null)
      .limit(1);

  return {
    begin: async (writes, ranAsBatch = false) => {
      const row = await db
        .insertInto('journal')
        .values({ task_id: writes.task.id, writes: JSON.stringify(writes), ran_as_batch: ranAsBatch })
        .returning('id')
        .executeTakeFirstOrThrow();
      return row.id;
    },

    isOpen: async (taskId) => {
      const freshSince = sql<Date>`now() - make_interval(secs => ${UNDER_WAY_S})`;
      return (await unfinished(taskId).where('touched_at', '>', freshSince).executeTakeFirst()) !== undefined;
    },

    owes: async (taskId) => (await unfinished(taskId).executeTakeFirst()) !== undefined,

    end: async (id) => {
      await db.deleteFrom('journal').where('id', '=', id).execute();
    },

    abandoned: async (olderThanMs) => {
      const seconds = sql`${olderThanMs / 1000}::float8 * power(2, least(tries, 20))`;
      // Touching the rows in the statement that finds them keeps a second process away from them.
      const open = db
        .selectFrom('journal')
        .select('id')
        .where('parked_at', 'is', null)
        .where('touched_at', '<=', sql<Date>`now() - make_interval(secs => least(${seconds}, ${LONGEST_S}))`)
        .orderBy('touched_at')
        .limit(BATCH)
        .forUpdate()
        .skipLocked();
      const rows = await db
        .updateTable('journal')
        .set({ touched_at: sql`now()` })
        .where('id', 'in', open)
        .returning(['id', 'writes', 'ran_as_batch'])
        .execute();
      return rows.map(({ id, writes, ran_as_batch }): LeftBehind => {
        const owed: Writes = JSON.parse(writes);
        return { id, writes: owed, ...(ran_as_batch && { ranAsBatch: true }) };
      });
    },

    failed: async (id, owed, failure) => {
      const row = await db
        .updateTable('journal')
        .set({ tries: sql`tries + 1`, failure, writes: JSON.stringify(owed) })
        .where('id', '=', id)
        .returning('tries')
        .executeTakeFirst();
      return row?.tries ?? 0;
    },

    park: async (id) => {
      await db.updateTable('journal').set({ parked_at: sql`now()` }).where('id', '=', id).execute();
    },

    stuck: async () => {
      const rows = await db
        .selectFrom('journal')
        .select(['id', 'task_id', 'failure'])
        .select(sql<number>`(extract(epoch from now() - begun_at) * 1000)::float8`.as('age'))
        .where('parked_at', 'is not', null)
        .orderBy('begun_at')
        .execute();
      return rows.map(({ id, task_id, age, failure }) => ({
        id,
        taskId: task_id,
        ageMs: age,
        failure: failure ?? 'unknown',
      }));
    },

    retry: async (id) => {
      // As old as it takes: the next look finds it.
      const row = await db
        .updateTable('journal')
        .set({ parked_at: null, tries: 0, touched_at: sql`begun_at` })
        // Somebody types it: it need not look like one.
        .where(sql`id::text`, '=', id)
        .where('parked_at', 'is not', null)
        .returning('id')
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}
