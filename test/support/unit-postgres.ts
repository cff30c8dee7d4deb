import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { type Database, openDatabase, type Where } from '../../src/ledger/index.ts';
import { inMemory } from './ledger-image.ts';

const SERVER = process.env.TEST_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/test';

/** A kind of database that the ledger can live in, for `describe.each`. */
export interface Kind {
  readonly name: string;
  /** Several processes may share it. */
  readonly shared: boolean;
  /** A new and empty one; on a server with a name of its own, so that test files do not meet. */
  create(): Promise<Home>;
}

/** A database of one test file. */
export interface Home {
  readonly where: Where;
  /** Opens it; as often as wanted where it is shared. */
  open(): Promise<Database>;
  /** Takes it away, after everybody has closed it. */
  drop(): Promise<void>;
}

const EMBEDDED: Kind = {
  name: 'embedded',
  shared: false,
  create: async () => home(await inMemory(), async () => undefined),
};

const POSTGRES: Kind = {
  name: 'PostgreSQL',
  shared: true,
  create: async () => {
    const name = `unit_${randomBytes(6).toString('hex')}`;
    await ask(`create database ${name}`);
    const url = new URL(SERVER);
    url.pathname = `/${name}`;
    return home({ url: url.href }, () => ask(`drop database ${name} with (force)`));
  },
};

function home(where: Where, drop: () => Promise<void>): Home {
  return { where, drop, open: () => openDatabase(where, reportLate) };
}

/** Errors that no call waits for; a database that is dropped under its connections has nothing new to say. */
function reportLate(error: unknown): void {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== '57P01') console.error('ledger', error);
}

async function ask(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: SERVER, connectionTimeoutMillis: 3000 });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** A database that several processes may share; throws where no server answers. */
export async function createShared(): Promise<Home & { readonly url: string }> {
  const home = await (await databases()).find((one) => one.shared)?.create();
  if (home === undefined || !('url' in home.where))
    throw new Error('There is no PostgreSQL that several processes could share (TEST_DATABASE_URL).');
  return { ...home, url: home.where.url };
}

/** The databases that can be tested here: the embedded one always, PostgreSQL where it answers. In CI it must. */
export async function databases(): Promise<readonly Kind[]> {
  try {
    await ask('select 1');
    return [EMBEDDED, POSTGRES];
  } catch (cause) {
    const missing = `No PostgreSQL answers at ${SERVER} (TEST_DATABASE_URL)`;
    if (process.env.CI) throw new Error(missing, { cause });
    console.warn(`${missing}: tested on the embedded database only.`);
    return [EMBEDDED];
  }
}
