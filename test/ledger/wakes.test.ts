import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLedger, type Database } from '../../src/ledger/index.ts';
import type { Ledger } from '../../src/runtime/ports/ledger.ts';
import { databases, type Home } from '../support/unit-postgres.ts';

const T0 = Date.parse('2026-03-02T10:00:00Z');
const at = (minutes: number) => new Date(T0 + minutes * 60_000);

describe.each(await databases())('When Tasks must be looked at next, $name', (kind) => {
  let home: Home;
  let database: Database;
  let ledger: Ledger;
  beforeAll(async () => {
    home = await kind.create();
    database = await home.open();
    ledger = createLedger(database.db);
  });
  afterAll(async () => {
    await database?.close();
    await home?.drop();
  });

  it('is one instant for each, the newest that was said', async () => {
    await ledger.wakeAt('moved', at(0));
    await ledger.wakeAt('moved', at(10));

    expect(await ledger.wakesDue(at(9), 10)).toEqual([]);
    expect(await ledger.wakesDue(at(10), 10)).toEqual(['moved']);
    await ledger.wakeAt('moved', undefined);
    expect(await ledger.wakesDue(at(60), 10)).toEqual([]);
  });

  it('is given in order, so many at a time, until it is crossed out', async () => {
    await ledger.wakeAt('b', at(2));
    await ledger.wakeAt('a', at(1));
    await ledger.wakeAt('c', at(3));

    expect(await ledger.wakesDue(at(5), 2)).toEqual(['a', 'b']);
    await ledger.wakeAt('b', at(9));
    await ledger.wokeUp(['a', 'b'], at(5));

    expect(await ledger.wakesDue(at(5), 10)).toEqual(['c']);
    expect(await ledger.wakesDue(at(9), 10)).toEqual(['c', 'b']);
  });
});
