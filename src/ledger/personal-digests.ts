import type { Kysely } from 'kysely';
import type { ChatUser } from '../runtime/ports/chat.ts';
import type { PersonalDigests } from '../runtime/ports/digests.ts';
import type { Tables } from './schema.ts';

/** Who wants a digest of their own Tasks. */
export function createPersonalDigests(db: Kysely<Tables>): PersonalDigests {
  return {
    set: async ({ platform, tenant, id }, practitionerId, at) => {
      const values = { practitioner_id: practitionerId, at };
      await db
        .insertInto('personal_digest')
        .values({ platform, tenant, user_id: id, ...values })
        .onConflict((on) => on.columns(['platform', 'tenant', 'user_id']).doUpdateSet(values))
        .execute();
    },

    end: async (user) => {
      const row = await db
        .deleteFrom('personal_digest')
        .where(({ and }) => and(keyOf(user)))
        .returning('user_id')
        .executeTakeFirst();
      return row !== undefined;
    },

    timeOf: async (user) => {
      const row = await db
        .selectFrom('personal_digest')
        .select('at')
        .where(({ and }) => and(keyOf(user)))
        .executeTakeFirst();
      return row?.at;
    },

    all: async () => {
      const rows = await db.selectFrom('personal_digest').selectAll().execute();
      return rows.map((row) => ({
        user: { platform: row.platform, tenant: row.tenant, id: row.user_id },
        practitionerId: row.practitioner_id,
        at: row.at,
      }));
    },
  };
}

function keyOf({ platform, tenant, id }: ChatUser) {
  return { platform, tenant, user_id: id };
}
