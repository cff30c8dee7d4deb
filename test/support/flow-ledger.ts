import { sql } from 'kysely';
import { type Database, openDatabase } from '../../src/ledger/index.ts';

/** Opens the ledger of an application that is not running, for as long as the work takes. */
export async function inLedger<T>(folder: string, work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase({ folder }, (error) => {
    throw error;
  });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** Every row of every table, the job queue's included, as one text; and the rows of the journal by themselves. */
export function dump(folder: string): Promise<{ everything: string; journal: unknown[]; tables: string[] }> {
  return inLedger(folder, async ({ db }) => {
    const { rows } = await sql<{ name: string }>`
      select quote_ident(table_schema) || '.' || quote_ident(table_name) as name from information_schema.tables
      where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`.execute(
      db,
    );
    const tables = rows.map(({ name }) => name);
    const contents: string[] = [];
    for (const name of tables) {
      const content = await sql`select * from ${sql.raw(name)}`.execute(db);
      contents.push(`${name}: ${JSON.stringify(content.rows)}`);
    }
    const journal = await db.selectFrom('journal').selectAll().execute();
    return { everything: contents.join('\n'), journal, tables };
  });
}
