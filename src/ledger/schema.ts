import type { Generated } from 'kysely';
import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { type SendingTables, sending } from './sending-tables.ts';

/** The ledger's tables. Ids and hashes only; `journal.writes` alone holds more, and only while a change is under way. */
export interface Tables extends SendingTables {
  card: {
    id: Generated<string>;
    task_id: string;
    /** See `surfaceKey`. */
    surface: string;
    state: 'posting' | 'live' | 'closed' | 'dropped';
    ref: string | null;
    hash: string | null;
    made_at: Generated<Date>;
    /** When the platform last said that it stands. */
    drawn_at: Generated<Date>;
    /** The call that it was posted for. */
    occasion: string | null;
  };
  task: {
    id: string;
    version_id: string;
    /** Reference of the owner at that version. */
    owner: string | null;
    seen_at: Generated<Date>;
  };
  cursor: {
    name: string;
    at: Date;
  };
  link: {
    platform: string;
    tenant: string;
    user_id: string;
    practitioner_id: string;
    seen_at: Generated<Date>;
  };
  memory: {
    platform: string;
    key: string;
    value: string;
  };
  journal: {
    id: Generated<string>;
    task_id: string;
    /** JSON of the writes; the row goes when they are done. */
    writes: string;
    /** Until when the process at work is trusted to be alive. */
    touched_at: Generated<Date>;
    begun_at: Generated<Date>;
    ran_as_batch: Generated<boolean>;
    /** How often it could not be finished, and the kind of error of the last time. */
    tries: Generated<number>;
    failure: string | null;
    /** Since when it is a dead letter. */
    parked_at: Date | null;
  };
  message: {
    id: string;
    version_id: string;
    seen_at: Generated<Date>;
  };
  /** Tasks that somebody is just taking out of a queue, so that nobody else tries for the same ones. */
  reservation: {
    task_id: string;
    until: Date;
  };
  /** When a Task must be looked at although nothing changes: by the application's clock, which need not be the database's. */
  wake: {
    task_id: string;
    at: Date;
  };
  /** Who has a Home open, and as whom. */
  home: {
    platform: string;
    tenant: string;
    user_id: string;
    practitioner_id: string;
    opened_at: Generated<Date>;
  };
  /** A digest for one surface and local day: what was counted, and what became of its message. */
  digest: {
    id: Generated<string>;
    /** The id of a pool, or `person:<id>`. */
    pool_id: string;
    surface: string;
    /** `YYYY-MM-DD`. */
    day: string;
    /** JSON: numbers, instants and ids of Tasks. */
    facts: string;
    state: 'due' | 'posting' | 'live' | 'closed';
    ref: string | null;
    hash: string | null;
    made_at: Generated<Date>;
  };
  /** Which Tasks a digest lists. */
  digest_row: {
    digest_id: string;
    task_id: string;
  };
  /** Presses that have come, by what names each for good. */
  press: {
    platform: string;
    key: string;
    /** Until when it can come again. */
    until: Date;
  };
  /** Who wants a digest of their own Tasks. */
  personal_digest: {
    platform: string;
    tenant: string;
    user_id: string;
    practitioner_id: string;
    /** `HH:MM`, in the clinic's zone. */
    at: string;
  };
}

/** The migrations in order. Names are never changed and never taken out: they are what a database remembers. */
export const MIGRATIONS: Record<string, Migration> = {
  '2026-11-23-first': { up: first },
  '2026-11-23-threads-and-homes': { up: threadsAndHomes },
  '2026-11-28-calls-and-wakes': { up: callsAndWakes },
  '2026-11-28-digests': { up: digests },
  '2026-11-29-commit-dead-letters': { up: deadLetters },
  '2026-11-29-events-presses': { up: presses },
  '2026-11-29-sending': { up: sending },
  '2026-11-30-cards-drawn': { up: cardsDrawn },
};

async function first(db: Kysely<unknown>): Promise<void> {
  const now = sql`now()`;
  const uuid = sql`gen_random_uuid()`;
  await db.schema
    .createTable('card')
    .addColumn('id', 'uuid', (c) => c.primaryKey().defaultTo(uuid))
    .addColumn('task_id', 'text', (c) => c.notNull())
    .addColumn('surface', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('ref', 'text')
    .addColumn('hash', 'text')
    .addColumn('made_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .execute();
  await db.schema.createIndex('card_task').on('card').columns(['task_id', 'surface']).execute();
  // At most one card of a Task stands on a surface, or is on its way there, whoever posts it.
  await sql`create unique index card_standing on card (task_id, surface) where state in ('posting', 'live')`.execute(
    db,
  );
  await db.schema
    .createTable('task')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('version_id', 'text', (c) => c.notNull())
    .addColumn('owner', 'text')
    .addColumn('seen_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .execute();
  // Prefix look-ups must not depend on the database's collation.
  await sql`create index task_prefix on task (id text_pattern_ops)`.execute(db);
  await sql`create index card_prefix on card (task_id text_pattern_ops)`.execute(db);
  await db.schema
    .createTable('cursor')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('at', 'timestamptz', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('link')
    .addColumn('platform', 'text', (c) => c.notNull())
    .addColumn('tenant', 'text', (c) => c.notNull())
    .addColumn('user_id', 'text', (c) => c.notNull())
    .addColumn('practitioner_id', 'text', (c) => c.notNull())
    .addColumn('seen_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addPrimaryKeyConstraint('link_key', ['platform', 'tenant', 'user_id'])
    .execute();
  await db.schema.createIndex('link_practitioner').on('link').column('practitioner_id').execute();
  await db.schema
    .createTable('memory')
    .addColumn('platform', 'text', (c) => c.notNull())
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('value', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('memory_key', ['platform', 'key'])
    .execute();
  await db.schema
    .createTable('journal')
    .addColumn('id', 'uuid', (c) => c.primaryKey().defaultTo(uuid))
    .addColumn('task_id', 'text', (c) => c.notNull())
    .addColumn('writes', 'text', (c) => c.notNull())
    .addColumn('touched_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .execute();
  await db.schema.createIndex('journal_task').on('journal').column('task_id').execute();
}

async function threadsAndHomes(db: Kysely<unknown>): Promise<void> {
  const now = sql`now()`;
  await db.schema
    .createTable('message')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('version_id', 'text', (c) => c.notNull())
    .addColumn('seen_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .execute();
  await db.schema.createIndex('message_seen').on('message').column('seen_at').execute();
  await db.schema
    .createTable('reservation')
    .addColumn('task_id', 'text', (c) => c.primaryKey())
    .addColumn('until', 'timestamptz', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('home')
    .addColumn('platform', 'text', (c) => c.notNull())
    .addColumn('tenant', 'text', (c) => c.notNull())
    .addColumn('user_id', 'text', (c) => c.notNull())
    .addColumn('practitioner_id', 'text', (c) => c.notNull())
    .addColumn('opened_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addPrimaryKeyConstraint('home_key', ['platform', 'tenant', 'user_id'])
    .execute();
}

async function callsAndWakes(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('card').addColumn('occasion', 'text').execute();
  await db.schema
    .createTable('wake')
    .addColumn('task_id', 'text', (c) => c.primaryKey())
    .addColumn('at', 'timestamptz', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('wake_at').on('wake').column('at').execute();
}

async function digests(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('digest')
    .addColumn('id', 'uuid', (c) => c.primaryKey().defaultTo(sql`gen_random_uuid()`))
    .addColumn('pool_id', 'text', (c) => c.notNull())
    .addColumn('surface', 'text', (c) => c.notNull())
    .addColumn('day', 'text', (c) => c.notNull())
    .addColumn('facts', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('ref', 'text')
    .addColumn('hash', 'text')
    .addColumn('made_at', 'timestamptz', (c) => c.notNull().defaultTo(sql`now()`))
    .addUniqueConstraint('digest_once', ['pool_id', 'surface', 'day'])
    .execute();
  await sql`create index digest_open on digest (state) where state <> 'closed'`.execute(db);
  await db.schema
    .createTable('digest_row')
    .addColumn('digest_id', 'uuid', (c) => c.notNull())
    .addColumn('task_id', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('digest_row_key', ['digest_id', 'task_id'])
    .execute();
  await db.schema.createIndex('digest_row_task').on('digest_row').column('task_id').execute();
  await db.schema
    .createTable('personal_digest')
    .addColumn('platform', 'text', (c) => c.notNull())
    .addColumn('tenant', 'text', (c) => c.notNull())
    .addColumn('user_id', 'text', (c) => c.notNull())
    .addColumn('practitioner_id', 'text', (c) => c.notNull())
    .addColumn('at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('personal_digest_key', ['platform', 'tenant', 'user_id'])
    .execute();
}

async function presses(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('press')
    .addColumn('platform', 'text', (c) => c.notNull())
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('until', 'timestamptz', (c) => c.notNull())
    .addPrimaryKeyConstraint('press_key', ['platform', 'key'])
    .execute();
  await db.schema.createIndex('press_until').on('press').column('until').execute();
}

async function cardsDrawn(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('card')
    .addColumn('drawn_at', 'timestamptz', (c) => c.notNull().defaultTo(sql`now()`))
    .execute();
}

async function deadLetters(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('journal')
    .addColumn('begun_at', 'timestamptz', (c) => c.notNull().defaultTo(sql`now()`))
    .addColumn('ran_as_batch', 'boolean', (c) => c.notNull().defaultTo(false))
    .addColumn('tries', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('failure', 'text')
    .addColumn('parked_at', 'timestamptz')
    .execute();
}
