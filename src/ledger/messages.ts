import { type Kysely, sql } from 'kysely';
import type { Ledger } from '../runtime/ports/ledger.ts';
import type { Tables } from './schema.ts';

/** How long a message is remembered: the sweep never looks back further than ten minutes behind the newest. */
const REMEMBERED_DAYS = 7;

/** Which versions of messages have been looked at. */
export function createMessages(db: Kysely<Tables>): Pick<Ledger, 'unseenMessages' | 'sawMessages'> {
  return {
    unseenMessages: async (messages) => {
      if (messages.length === 0) return [];
      const ids = messages.map(({ id }) => id);
      const rows = await db
        .selectFrom('message')
        .select(['id', 'version_id'])
        .where('id', 'in', ids)
        .execute();
      const versions = new Map(rows.map((row) => [row.id, row.version_id]));
      return messages.filter(({ id, versionId }) => versions.get(id) !== versionId).map(({ id }) => id);
    },

    sawMessages: async (messages) => {
      if (messages.length === 0) return;
      const forgotten = sql<Date>`now() - make_interval(days => ${REMEMBERED_DAYS})`;
      await db.deleteFrom('message').where('seen_at', '<', forgotten).execute();
      await db
        .insertInto('message')
        .values(messages.map(({ id, versionId }) => ({ id, version_id: versionId })))
        .onConflict((on) =>
          on.column('id').doUpdateSet({ version_id: sql`excluded.version_id`, seen_at: sql`now()` }),
        )
        .execute();
    },
  };
}
