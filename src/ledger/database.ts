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

/** Where the ledger lives: a PostgreSQL server, an embedded one in a folder, or (for tests) in memory. */
export type Where = { readonly url: string } | { readonly folder: string } | { readonly memory: true };

/** An open database: our tables, and the job queue beside them. */
export interface Database {
  readonly db: Kysely<Tables>;
  readonly boss: PgBoss;
  /** True when several processes may share it. */
  readonly shared: boolean;
  close(): Promise<void>;
}

/** How often it is looked for jobs whose process has died; until then the cards of their Tasks may be stale. */
const TAKE_UP_S = 10;

/**
 * Opens the database and brings its tables up to date; several processes may do so at once on a PostgreSQL server.
 * Throws where the server is not reachable, or the folder is in use by another process.
 */
export async function openDatabase(where: Where, onError: (error: unknown) => void): Promise<Database> {
  const opened = 'url' in where ? openServer(where.url, onError) : await openEmbedded(where);
  const boss = new PgBoss({
    ...opened.boss,
    useListenNotify: true,
    schedule: false,
    superviseIntervalSeconds: TAKE_UP_S,
    monitorIntervalSeconds: TAKE_UP_S,
  });
  boss.on('error', onError);
  try {
    await migrate(opened.db);
    await boss.start();
  } catch (error) {
    await opened.close();
    throw error;
  }
  return {
    db: opened.db,
    boss,
    shared: 'url' in where,
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

function openServer(url: string, onError: (error: unknown) => void): Opened {
  const pool = new pg.Pool({ connectionString: url, max: 6, application_name: 'switchboard' });
  // Without a listener a dropped idle connection would end the process.
  pool.on('error', onError);
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  return {
    db,
    boss: { connectionString: url, max: 6, schema: 'pgboss', application_name: 'switchboard-jobs' },
    close: () => db.destroy(),
  };
}

async function openEmbedded(where: { folder: string } | { memory: true }): Promise<Opened> {
  const unlock = 'folder' in where ? await lockFolder(where.folder) : undefined;
  try {
    if ('folder' in where) await mkdir(where.folder, { recursive: true });
    const pglite = await PGlite.create('folder' in where ? where.folder : 'memory://');
    const db = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite }) });
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

async function migrate(db: Kysely<Tables>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } });
  const { error } = await migrator.migrateToLatest();
  if (error) throw new Error('migrating the ledger', { cause: error });
}
