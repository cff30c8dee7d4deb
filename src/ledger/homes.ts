import { type Kysely, sql } from 'kysely';
import type { Ledger } from '../runtime/ports/ledger.ts';
import type { Tables } from './schema.ts';

/** Who has a Home open. */
export function createHomes(db: Kysely<Tables>): Pick<Ledger, 'homeOpened' | 'homesOpen'> {
  return {
    homeOpened: async ({ platform, tenant, id }, practitionerId) => {
      await db
        .insertInto('home')
        .values({ platform, tenant, user_id: id, practitioner_id: practitionerId })
        .onConflict((on) =>
          on
            .columns(['platform', 'tenant', 'user_id'])
            .doUpdateSet({ practitioner_id: practitionerId, opened_at: sql`now()` }),
        )
        .execute();
    },

    homesOpen: async (withinMs) => {
      const since = sql<Date>`now() - make_interval(secs => ${withinMs / 1000}::float8)`;
      const rows = await db.selectFrom('home').selectAll().where('opened_at', '>', since).execute();
      return rows.map((row) => ({
        user: { platform: row.platform, tenant: row.tenant, id: row.user_id },
        practitionerId: row.practitioner_id,
      }));
    },
  };
}
