import { type Kysely, sql } from 'kysely';
import type { Writes } from '../record/writes.ts';
import type { Journal } from '../runtime/ports/ledger.ts';
import type { Tables } from './schema.ts';

/** How many changes one look takes over: a crash leaves a handful, never thousands. */
const BATCH = 20;
/** A change takes milliseconds. One that is older hangs, and cards must not wait for it. */
const UNDER_WAY_S = 3;

/** The journal on its table. The writes, note text included, are gone with the row as soon as they are in the record. */
export function createJournal(db: Kysely<Tables>): Journal {
  return {
    begin: async (writes) => {
      const row = await db
        .insertInto('journal')
        .values({ task_id: writes.task.id, writes: JSON.stringify(writes) })
        .returning('id')
        .executeTakeFirstOrThrow();
      return row.id;
    },

    isOpen: async (taskId) => {
      const row = await db
        .selectFrom('journal')
        .select('id')
        .where('task_id', '=', taskId)
        .where('touched_at', '>', sql<Date>`now() - make_interval(secs => ${UNDER_WAY_S})`)
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },

    end: async (id) => {
      await db.deleteFrom('journal').where('id', '=', id).execute();
    },

    abandoned: async (olderThanMs) => {
      // Touching the rows in the statement that finds them keeps a second process away from them.
      const open = db
        .selectFrom('journal')
        .select('id')
        .where('touched_at', '<=', sql<Date>`now() - make_interval(secs => ${olderThanMs / 1000}::float8)`)
        .orderBy('touched_at')
        .limit(BATCH)
        .forUpdate()
        .skipLocked();
      const rows = await db
        .updateTable('journal')
        .set({ touched_at: sql`now()` })
        .where('id', 'in', open)
        .returning(['id', 'writes'])
        .execute();
      return rows.flatMap((row) =>
        row.writes ? [{ id: row.id, writes: JSON.parse(row.writes) as Writes }] : [],
      );
    },
  };
}
