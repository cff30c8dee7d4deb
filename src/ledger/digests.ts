import { type Kysely, sql } from 'kysely';
import { surfaceFromKey, surfaceKey } from '../cards/surfaces.ts';
import type { DigestFacts } from '../clock/digest-facts.ts';
import type { Digests } from '../runtime/ports/digests.ts';
import { createPersonalDigests } from './personal-digests.ts';
import type { Tables } from './schema.ts';

/** What did not come to an end in so many days is left as it is. */
const LOOKED_AFTER_DAYS = 3;

/** The digests on their tables. Every method is one statement, so that nothing is left half done by a crash. */
export function createDigests(db: Kysely<Tables>): Digests {
  const set = async (id: string, values: Partial<Pick<Tables['digest'], 'state' | 'ref' | 'hash'>>) => {
    await db.updateTable('digest').set(values).where('id', '=', id).execute();
  };

  return {
    make: async ({ of, surface, facts }, state = 'due') => {
      const key = surfaceKey(surface);
      const text = JSON.stringify(facts);
      const ids = facts.rows.map((row) => row.id);
      await sql`
        with made as (
          insert into digest (pool_id, surface, day, facts, state)
          values (${of}, ${key}, ${facts.day}, ${text}, ${state})
          on conflict (pool_id, surface, day) do nothing
          returning id
        )
        insert into digest_row (digest_id, task_id)
        select made.id, row.task_id
        from made cross join json_array_elements_text(${JSON.stringify(ids)}::json) as row (task_id)
      `.execute(db);
      const { id } = await db
        .selectFrom('digest')
        .select('id')
        .where('pool_id', '=', of)
        .where('surface', '=', key)
        .where('day', '=', facts.day)
        .executeTakeFirstOrThrow();
      return id;
    },

    madeOn: async (of, day) => {
      const rows = await db
        .selectFrom('digest')
        .select(['id', 'surface', 'state', 'facts'])
        .where('pool_id', '=', of)
        .where('day', '=', day)
        .execute();
      return rows.map(({ id, surface, state, facts }) => ({
        id,
        surface: surfaceFromKey(surface),
        state,
        facts: readFacts(facts),
      }));
    },

    get: async (id) => {
      const row = await db
        .selectFrom('digest')
        .selectAll()
        .select(({ exists, selectFrom }) =>
          exists(
            selectFrom('digest as newer')
              .select('newer.id')
              .whereRef('newer.pool_id', '=', 'digest.pool_id')
              .whereRef('newer.surface', '=', 'digest.surface')
              .whereRef('newer.day', '>', 'digest.day')
              .where('newer.ref', 'is not', null),
          ).as('is_outdated'),
        )
        .where('id', '=', id)
        .executeTakeFirst();
      if (row === undefined) return undefined;
      return {
        id: row.id,
        of: row.pool_id,
        surface: surfaceFromKey(row.surface),
        state: row.state,
        ref: row.ref ?? undefined,
        hash: row.hash ?? undefined,
        facts: readFacts(row.facts),
        isOutdated: Boolean(row.is_outdated),
      };
    },

    lastBefore: async (of, day) => {
      const row = await db
        .selectFrom('digest')
        .select('facts')
        .where('pool_id', '=', of)
        .where('day', '<', day)
        .where('ref', 'is not', null)
        .orderBy('day', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row && new Date(readFacts(row.facts).at);
    },

    begin: async (id) => {
      const row = await db
        .updateTable('digest')
        .set({ state: 'posting' })
        .where('id', '=', id)
        .where('state', '=', 'due')
        .returning('id')
        .executeTakeFirst();
      return row !== undefined;
    },

    madeAt: async (id) => {
      const row = await db
        .selectFrom('digest')
        .select('made_at')
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      return row.made_at;
    },

    posted: (id, ref, hash) => set(id, { state: 'live', ref, hash }),
    redrawing: (id) => set(id, { hash: null }),
    redrawn: (id, hash, state) => set(id, { state, hash }),
    drop: (id) => set(id, { state: 'due', ref: null, hash: null }),
    close: (id) => set(id, { state: 'closed' }),

    listing: async (taskId) => {
      const rows = await db
        .selectFrom('digest_row')
        .innerJoin('digest', 'digest.id', 'digest_row.digest_id')
        .select('digest.id')
        .where('digest_row.task_id', '=', taskId)
        .where('digest.state', '!=', 'closed')
        .execute();
      return rows.map(({ id }) => id);
    },

    unfinished: async (olderThanMs) => {
      const rows = await sql<{ id: string }>`
        select id from digest
        where made_at > now() - make_interval(days => ${LOOKED_AFTER_DAYS}::int)
          and made_at < now() - make_interval(secs => ${olderThanMs / 1000}::float8)
          and state in ('due', 'posting')
        union
        select older.id from digest as older join digest as newer using (pool_id, surface)
        where older.state = 'live' and newer.day > older.day and newer.ref is not null
      `.execute(db);
      return rows.rows.map(({ id }) => id);
    },

    outdatedBy: async (id) => {
      const rows = await db
        .selectFrom('digest as older')
        .innerJoin('digest as newer', (on) =>
          on.onRef('newer.pool_id', '=', 'older.pool_id').onRef('newer.surface', '=', 'older.surface'),
        )
        .select('older.id')
        .where('newer.id', '=', id)
        .whereRef('older.day', '<', 'newer.day')
        .where('older.state', '!=', 'closed')
        .execute();
      return rows.map((row) => row.id);
    },

    personal: createPersonalDigests(db),
  };
}

/** What stands there was written by `make`. */
function readFacts(text: string): DigestFacts {
  return JSON.parse(text);
}
