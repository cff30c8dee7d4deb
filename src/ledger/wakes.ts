import type { Kysely } from 'kysely';
import type { Ledger } from '../runtime/ports/ledger.ts';
import type { Tables } from './schema.ts';

/** When Tasks must be looked at although nothing changes. Instants of the application's clock; the database's is not asked. */
export function createWakes(db: Kysely<Tables>): Pick<Ledger, 'wakeAt' | 'wakesDue' | 'wokeUp'> {
  return {
    wakeAt: async (taskId, at) => {
      if (at === undefined) {
        await db.deleteFrom('wake').where('task_id', '=', taskId).execute();
        return;
      }
      await db
        .insertInto('wake')
        .values({ task_id: taskId, at })
        .onConflict((on) => on.column('task_id').doUpdateSet({ at }))
        .execute();
    },

    wakesDue: async (now, limit) => {
      const rows = await db
        .selectFrom('wake')
        .select('task_id')
        .where('at', '<=', now)
        .orderBy('at')
        .limit(limit)
        .execute();
      return rows.map((row) => row.task_id);
    },

    wokeUp: async (taskIds, now) => {
      if (taskIds.length === 0) return;
      await db.deleteFrom('wake').where('task_id', 'in', taskIds).where('at', '<=', now).execute();
    },
  };
}
