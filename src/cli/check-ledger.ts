import { access, constants, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import type { Config } from '../config.ts';
import { lockFolder } from '../ledger/folder-lock.ts';
import { type Finding, fine, reasonOf, wrong } from './findings.ts';

const TIMEOUT_MS = 5_000;

/** Whether the ledger can be opened. It is neither made nor brought up to date. */
export async function checkLedger({ ledger }: Pick<Config, 'ledger'>): Promise<Finding> {
  return 'url' in ledger ? server(ledger.url) : folder(ledger.folder);
}

async function server(connectionString: string): Promise<Finding> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: TIMEOUT_MS });
  // What breaks the connection later must not end the process.
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('select 1');
    return fine('The ledger’s PostgreSQL server lets us in.');
  } catch (error) {
    return wrong(`The ledger’s PostgreSQL server does not let us in (DATABASE_URL): ${reasonOf(error)}`);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function folder(path: string): Promise<Finding> {
  const isMade = await readFile(join(path, 'PG_VERSION')).then(
    () => true,
    () => false,
  );
  if (!isMade) return canBeMade(path);
  let unlock: (() => Promise<void>) | undefined;
  try {
    unlock = await lockFolder(path);
  } catch (error) {
    const holder = /\(process \d+\)/.exec(reasonOf(error))?.[0];
    if (holder) return fine(`The ledger in ${path} is in use by a running Switchboard ${holder}.`);
    return wrong(`The ledger in ${path} cannot be locked (DATA_DIR): ${reasonOf(error)}`);
  }
  try {
    const database = await PGlite.create(path);
    await database.query('select 1');
    await database.close();
    return fine(`The ledger in ${path} opens.`);
  } catch (error) {
    return wrong(
      `The ledger in ${path} does not open: ${reasonOf(error)}. It can be rebuilt: move the folder away and start again.`,
    );
  } finally {
    await unlock();
  }
}

/** A folder that is not there yet is made at the start, below the nearest one that is. */
async function canBeMade(path: string): Promise<Finding> {
  for (let at = resolve(path); ; at = dirname(at)) {
    try {
      await access(at, constants.W_OK);
      return fine(`The ledger in ${path} will be made at the first start.`);
    } catch (error) {
      const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      if (isMissing && dirname(at) !== at) continue;
      return wrong(`The ledger cannot be made in ${path} (DATA_DIR): ${reasonOf(error)}`);
    }
  }
}
