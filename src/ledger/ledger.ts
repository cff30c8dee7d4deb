import { type Kysely, sql } from 'kysely';
import type { Posted } from '../cards/diff.ts';
import { surfaceFromKey, surfaceKey } from '../cards/surfaces.ts';
import type { Ledger } from '../runtime/ports/ledger.ts';
import { createDigests } from './digests.ts';
import { createHomes } from './homes.ts';
import { createJournal } from './journal.ts';
import { createLine } from './line.ts';
import { createMessages } from './messages.ts';
import { createPresses } from './presses.ts';
import { createReservations } from './reservations.ts';
import type { Tables } from './schema.ts';
import { createWakes } from './wakes.ts';

const drawn = { drawn_at: sql<Date>`now()` };
const CARD_COLUMNS = ['id', 'surface', 'state', 'ref', 'hash', 'occasion'] as const;

/** The ledger on its tables. Every method is one statement, so that nothing is left half done by a crash. */
export function createLedger(db: Kysely<Tables>): Ledger {
  const presses = createPresses(db);
  return {
    cardsOf: async (taskId) => {
      const rows = await db
        .selectFrom('card')
        .distinctOn('surface')
        .select(CARD_COLUMNS)
        .where('task_id', '=', taskId)
        .where('state', '!=', 'dropped')
        .orderBy('surface')
        .orderBy('made_at', 'desc')
        .execute();
      return rows.map(toPosted);
    },

    madeAt: async (cardId) => {
      const row = await db
        .selectFrom('card')
        .select('made_at')
        .where('id', '=', cardId)
        .executeTakeFirstOrThrow();
      return row.made_at;
    },

    beginPost: async (taskId, surface, occasion) => {
      const state = 'posting' as const;
      const values = { task_id: taskId, surface: surfaceKey(surface), state, occasion: occasion ?? null };
      const row = await db
        .insertInto('card')
        .values(values)
        .returning(CARD_COLUMNS)
        .executeTakeFirstOrThrow();
      return toPosted(row);
    },

    posted: async (cardId, ref, hash) => {
      await db
        .updateTable('card')
        .set({ state: 'live', ref, hash, ...drawn })
        .where('id', '=', cardId)
        .execute();
    },

    redrawing: async (cardId) => {
      await db.updateTable('card').set({ hash: null }).where('id', '=', cardId).execute();
    },

    redrawn: async (cardId, hash, state) => {
      await db
        .updateTable('card')
        .set({ state, hash, ...drawn })
        .where('id', '=', cardId)
        .execute();
    },

    dropCard: async (cardId) => {
      await db.updateTable('card').set({ state: 'dropped' }).where('id', '=', cardId).execute();
    },

    tasksWithOpenCards: async () => {
      const rows = await db
        .selectFrom('card')
        .select('task_id')
        .distinct()
        .where('state', 'in', ['posting', 'live'])
        .execute();
      return rows.map((row) => row.task_id);
    },

    doubtCards: async (olderThanMs, limit) => {
      // By the clock that stamped them: whoever asks may have another one.
      const drawnBefore = sql<Date>`now() - make_interval(secs => ${olderThanMs / 1000}::float8)`;
      const oldest = db
        .selectFrom('card')
        .select('id')
        .where('state', '=', 'live')
        .where('hash', 'is not', null)
        .where('drawn_at', '<', drawnBefore)
        .orderBy('drawn_at')
        .limit(limit);
      await db.updateTable('card').set({ hash: null }).where('id', 'in', oldest).execute();
    },

    seen: async (taskId, versionId, owner) => {
      const values = { version_id: versionId, owner: owner ?? null };
      await db
        .insertInto('task')
        .values({ id: taskId, ...values })
        .onConflict((on) => on.column('id').doUpdateSet({ ...values, seen_at: sql`now()` }))
        .execute();
    },

    lastSeen: async (taskId) => {
      const row = await db
        .selectFrom('task')
        .select(['version_id', 'owner'])
        .where('id', '=', taskId)
        .executeTakeFirst();
      return row && { versionId: row.version_id, owner: row.owner ?? undefined };
    },

    unseen: async (tasks) => {
      if (tasks.length === 0) return [];
      const known = await db
        .selectFrom('task')
        .select(['id', 'version_id'])
        .where(
          'id',
          'in',
          tasks.map((task) => task.id),
        )
        .execute();
      const versions = new Map(known.map((row) => [row.id, row.version_id]));
      return tasks.filter((task) => versions.get(task.id) !== task.versionId).map((task) => task.id);
    },

    taskIdsByPrefix: async (prefix, limit) => {
      const pattern = `${prefix.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
      // A card's row is there before anybody can read the card; the Task's own row comes a moment later.
      const rows = await db
        .selectFrom('task')
        .select('id')
        .where('id', 'like', pattern)
        .union(db.selectFrom('card').select('task_id as id').where('task_id', 'like', pattern))
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map((row) => row.id);
    },

    cursor: async (name) => {
      const row = await db.selectFrom('cursor').select('at').where('name', '=', name).executeTakeFirst();
      return row?.at;
    },

    moveCursor: async (name, to) => {
      // Only forwards: a slower process must not take it back.
      await db
        .insertInto('cursor')
        .values({ name, at: to })
        .onConflict((on) => on.column('name').doUpdateSet({ at: sql`greatest(cursor.at, excluded.at)` }))
        .execute();
    },

    link: async (user, practitionerId) => {
      await db
        .insertInto('link')
        .values({
          platform: user.platform,
          tenant: user.tenant,
          user_id: user.id,
          practitioner_id: practitionerId,
        })
        .onConflict((on) =>
          on
            .columns(['platform', 'tenant', 'user_id'])
            .doUpdateSet({ practitioner_id: practitionerId, seen_at: sql`now()` }),
        )
        .execute();
    },

    chatUsersOf: async (practitionerId) => {
      const rows = await db
        .selectFrom('link')
        .selectAll()
        .where('practitioner_id', '=', practitionerId)
        .execute();
      return rows.map((row) => ({ platform: row.platform, tenant: row.tenant, id: row.user_id }));
    },

    memoryOf: (platform) => ({
      get: async (key) => {
        const row = await db
          .selectFrom('memory')
          .select('value')
          .where('platform', '=', platform)
          .where('key', '=', key)
          .executeTakeFirst();
        return row?.value;
      },
      set: async (key, value) => {
        await db
          .insertInto('memory')
          .values({ platform, key, value })
          .onConflict((on) => on.columns(['platform', 'key']).doUpdateSet({ value }))
          .execute();
      },
      once: presses(platform),
    }),

    ...createMessages(db),
    ...createReservations(db),
    ...createHomes(db),
    ...createWakes(db),

    journal: createJournal(db),
    digests: createDigests(db),
    line: createLine(db),
  };
}

type CardRow = Pick<Tables['card'], 'surface' | 'state' | 'ref' | 'hash' | 'occasion'> & { id: string };

function toPosted(row: CardRow): Posted {
  return {
    id: row.id,
    surface: surfaceFromKey(row.surface),
    state: row.state === 'dropped' ? 'closed' : row.state,
    ref: row.ref ?? undefined,
    hash: row.hash ?? undefined,
    occasion: row.occasion ?? undefined,
  };
}
