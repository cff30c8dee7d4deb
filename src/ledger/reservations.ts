import { type Kysely, sql } from 'kysely';
import type { Ledger } from '../runtime/ports/ledger.ts';
import type { Tables } from './schema.ts';

/** So many candidates are tried in one statement. */
const MOST = 1_000;

/**
 * Who is just taking which Task. Nothing depends on it being right: a claim is guarded in the record. It keeps two
 * hundred people who ask for the next Task at once from all trying for the same one.
 */
export function createReservations(db: Kysely<Tables>): Pick<Ledger, 'reserve' | 'unreserve'> {
  /** Takes this one, unless somebody else has it. */
  async function take(taskId: string, until: ReturnType<typeof sql<Date>>): Promise<boolean> {
    const row = await db
      .insertInto('reservation')
      .values({ task_id: taskId, until })
      .onConflict((on) =>
        on.column('task_id').doUpdateSet({ until }).where('reservation.until', '<', sql<Date>`now()`),
      )
      .returning('task_id')
      .executeTakeFirst();
    return row !== undefined;
  }

  return {
    reserve: async (taskIds, forMs) => {
      const some = taskIds.slice(0, MOST);
      if (some.length === 0) return undefined;
      const taken = await db
        .selectFrom('reservation')
        .select('task_id')
        .where('task_id', 'in', some)
        .where('until', '>=', sql<Date>`now()`)
        .execute();
      const busy = new Set(taken.map((row) => row.task_id));
      const until = sql<Date>`now() + make_interval(secs => ${forMs / 1000}::float8)`;
      for (const taskId of some) if (!busy.has(taskId) && (await take(taskId, until))) return taskId;
      return undefined;
    },

    unreserve: async (taskId) => {
      await db.deleteFrom('reservation').where('task_id', '=', taskId).execute();
    },
  };
}
