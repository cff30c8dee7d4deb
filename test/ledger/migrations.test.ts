import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLedger, type Database, openDatabase } from '../../src/ledger/index.ts';
import { databases, type Home } from '../support/unit-postgres.ts';

const SHARED = (await databases()).filter((kind) => kind.shared);

describe.each(SHARED)('opening the ledger, $name', ({ create }) => {
  let home: Home;
  const opened: Database[] = [];

  const open = async () => {
    const database = await home.open();
    opened.push(database);
    return createLedger(database.db);
  };

  beforeEach(async () => {
    home = await create();
  });

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((database) => database.close()));
    await home.drop();
  });

  it('makes the tables, and finds them and what is in them the next time', async () => {
    const first = await open();
    await first.seen('t1', 'v1', undefined);

    const second = await open();

    expect(await second.lastSeen('t1')).toEqual({ versionId: 'v1', owner: undefined });
  });

  it('works for four processes that start at once on an empty server', async () => {
    const ledgers = await Promise.all([open(), open(), open(), open()]);

    await Promise.all(ledgers.map((ledger, i) => ledger.seen(`t${i}`, 'v1', undefined)));

    expect(await ledgers[0]?.taskIdsByPrefix('t', 10)).toEqual(['t0', 't1', 't2', 't3']);
  });
});

describe('a server that is not there', () => {
  it('is said at once', async () => {
    const url = 'postgres://nobody@127.0.0.1:1/nothing';

    await expect(openDatabase({ url }, () => undefined)).rejects.toThrow('migrating the ledger');
  });
});
