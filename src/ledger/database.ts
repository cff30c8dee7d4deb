import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { Kysely, PGliteDialect, PostgresDialect, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import pg from 'pg';
import { type ConstructorOptions, fromPglite, PgBoss } from 'pg-boss';
import { lockFolder } from './folder-lock.ts';
import { MIGRATIONS, type Tables } from './schema.ts';
import { type LedgerWatch, watchedDialect } from './watched-dialect.ts';

/**
 * Where the ledger lives: a PostgreSQL server, an embedded one in a folder, or (for tests) in memory, there as a copy of
 * another one's folder or empty.
 */
export type Where = { readonly url: string } | InProcess;

type InProcess = { readonly folder: string } | { readonly memory: true; readonly copyOf?: Blob | undefined };

/** An open database: our tables, and the job queue beside them. */
export interface Database {
  readonly db: Kysely<Tables>;
  readonly boss: PgBoss;
  /** True when several processes may share it. */
  readonly shared: boolean;
  /** Asks whether it answers. */
  ask(): Promise<void>;
  close(): Promise<void>;
}

/**
 * How often it is looked for jobs whose process was killed, or could not say that they are done. Until then nobody else
 * works on the same Task.
 */
const SUPERVISE_S = 10;

const UNWATCHED: LedgerWatch = { worked: () => {}, failed: () => {} };

/** A press waits no longer than this for a database that does not answer. */
const CONNECT_MS = 3_000;
const QUERY_MS = 10_000;

/**
 * Opens the database and brings its tables up to date; several processes may do so at once on a PostgreSQL server.
 * Throws where the server is not reachable, or the folder is in use by another process.
 */
export async function openDatabase(
  where: Where,
  onError: (error: unknown) => void,
  watch: LedgerWatch = UNWATCHED,
): Promise<Database> {
  if ('url' in where) await migrateServer(where.url);
  const opened = 'url' in where ? openServer(where.url, onError, watch) : await openEmbedded(where, watch);
  const boss = new PgBoss({
    ...opened.boss,
    useListenNotify: true,
    schedule: false,
    superviseIntervalSeconds: SUPERVISE_S,
    monitorIntervalSeconds: SUPERVISE_S,
  });
  boss.on('error', onError);
  try {
    if (!('url' in where)) await migrate(opened.db);
    await boss.start();
  } catch (error) {
    await opened.close();
    throw error;
  }
  return {
    db: opened.db,
    boss,
    shared: 'url' in where,
    ask: async () => {
      await sql`select 1`.execute(opened.db);
    },
    close: async () => {
      await boss.stop({ graceful: true, timeout: 8000 });
      await opened.close();
    },
  };
}

/**
 * Looks into the tables as they are: nothing is made or brought up to date, and no job is worked on. Undefined where
 * there is no ledger yet; throws where the folder is in use by another process, or the server is not reachable.
 */
export async function lookInto<T>(
  where: Where,
  look: (db: Kysely<Tables>) => Promise<T>,
): Promise<T | undefined> {
  if ('folder' in where && !existsSync(join(where.folder, 'PG_VERSION'))) return undefined;
  const ignore = () => {};
  const { db, close } = 'url' in where ? openServer(where.url, ignore) : await openEmbedded(where);
  try {
    const { rows } = await sql<{ found: string | null }>`select to_regclass('digest') as found`.execute(db);
    return rows[0]?.found ? await look(db) : undefined;
  } finally {
    await close();
  }
}

interface Opened {
  readonly db: Kysely<Tables>;
  readonly boss: ConstructorOptions;
  close(): Promise<void>;
}

function openServer(url: string, onError: (error: unknown) => void, watch = UNWATCHED): Opened {
  const patience = { connectionTimeoutMillis: CONNECT_MS, keepAlive: true };
  const pool = new pg.Pool({
    connectionString: url,
    max: 6,
    application_name: 'switchboard',
    query_timeout: QUERY_MS,
    ...patience,
  });
  // Without a listener a dropped connection would end the process: an idle one is the pool's, one at work its own.
  pool.on('error', onError);
  pool.on('connect', (client) => client.on('error', onError));
  const db = new Kysely<Tables>({ dialect: watchedDialect(new PostgresDialect({ pool }), watch) });
  return {
    db,
    boss: {
      connectionString: url,
      max: 6,
      schema: 'pgboss',
      application_name: 'switchboard-jobs',
      ...patience,
    },
    close: () => db.destroy(),
  };
}

async function openEmbedded(where: InProcess, watch = UNWATCHED): Promise<Opened> {
  const unlock = 'folder' in where ? await lockFolder(where.folder) : undefined;
  try {
    if ('folder' in where) await mkdir(where.folder, { recursive: true });
    const pglite =
      'folder' in where
        ? await PGlite.create(where.folder)
        : await PGlite.create('memory://', where.copyOf ? { loadDataDir: where.copyOf } : {});
    const db = new Kysely<Tables>({ dialect: watchedDialect(new PGliteDialect({ pglite }), watch) });
    return {
      db,
      boss: { db: fromPglite(pglite), backend: 'pglite' },
      close: async () => {
        await db.destroy();
        await unlock?.();
      },
    };
  } catch (error) {
    await unlock?.();
    throw error;
  }
}

/** With a connection of its own: bringing a large table up to date may take longer than any query should. */
async function migrateServer(url: string): Promise<void> {
  const patience = { connectionTimeoutMillis: CONNECT_MS };
  const pool = new pg.Pool({ connectionString: url, max: 1, application_name: 'switchboard', ...patience });
  pool.on('error', () => {});
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  try {
    await migrate(db);
  } finally {
    await db.destroy();
  }
}

async function migrate(db: Kysely<Tables>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } });
  const { error } = await migrator.migrateToLatest();
  if (error) throw new Error('migrating the ledger', { cause: error });
}
