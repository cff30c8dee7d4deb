import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLedger, type Database } from '../../src/ledger/index.ts';
import type { Ledger } from '../../src/runtime/ports/ledger.ts';
import { databases, type Home } from '../support/unit-postgres.ts';

describe.each(await databases())('the ledger, $name', ({ create }) => {
  let home: Home;
  let database: Database;
  let ledger: Ledger;
  let id: string;

  beforeAll(async () => {
    home = await create();
    database = await home.open();
    ledger = createLedger(database.db);
  });

  afterAll(async () => {
    await database?.close();
    await home?.drop();
  });

  beforeEach(() => {
    id = crypto.randomUUID();
  });

  describe('messages', () => {
    it('are unseen until they are said to be seen, and again when they have changed', async () => {
      const first = { id, versionId: 'v1' };
      const changed = { id, versionId: 'v2' };

      const before = await ledger.unseenMessages([first]);
      await ledger.sawMessages([first]);
      const after = await ledger.unseenMessages([first]);

      expect([before, after, await ledger.unseenMessages([changed])]).toEqual([[id], [], [id]]);
    });

    it('are told apart in one question', async () => {
      const messages = Array.from({ length: 300 }, (_, i) => ({ id: `${id}-${i}`, versionId: 'v1' }));
      await ledger.sawMessages(messages.slice(0, 200));

      const unseen = await ledger.unseenMessages(messages);

      expect(unseen).toEqual(messages.slice(200).map((one) => one.id));
      expect(await ledger.unseenMessages([])).toEqual([]);
    });

    it('are forgotten after a week', async () => {
      const [old, recent] = [
        { id: `${id}-old`, versionId: 'v1' },
        { id: `${id}-recent`, versionId: 'v1' },
      ];
      await ledger.sawMessages([old]);
      await sql`update message set seen_at = now() - interval '8 days' where id = ${old.id}`.execute(
        database.db,
      );

      await ledger.sawMessages([recent]);

      expect(await ledger.unseenMessages([old, recent])).toEqual([old.id]);
    });
  });

  describe('reservations', () => {
    it('give everybody another Task, in the order that was asked for, and nobody one too many', async () => {
      const tasks = Array.from({ length: 15 }, (_, i) => `${id}-${i}`);

      const given = await Promise.all(Array.from({ length: 20 }, () => ledger.reserve(tasks, 60_000)));

      expect(given.filter((one) => one !== undefined).toSorted()).toEqual(tasks.toSorted());
      expect(given.filter((one) => one === undefined)).toHaveLength(5);
    });

    it('end when they are given back, and by themselves', async () => {
      const first = await ledger.reserve([id], 60_000);
      const busy = await ledger.reserve([id], 60_000);
      await ledger.unreserve(id);
      const again = await ledger.reserve([id], 50);
      await sleep(100);

      expect([first, busy, again, await ledger.reserve([id], 50)]).toEqual([id, undefined, id, id]);
    });

    it('of nothing are nothing', async () => {
      expect(await ledger.reserve([], 1000)).toBeUndefined();
    });
  });

  describe('open Homes', () => {
    const user = { platform: 'any', tenant: 'T1', id: 'U1' };

    it('are known as whom they were opened last, once for each person', async () => {
      await ledger.homeOpened(user, 'ana');
      await ledger.homeOpened(user, 'ben');

      const open = await ledger.homesOpen(60_000);

      expect(open.filter((one) => one.user.id === 'U1')).toEqual([{ user, practitionerId: 'ben' }]);
    });

    it('count as closed after a while', async () => {
      await ledger.homeOpened(user, 'ana');
      await sql`update home set opened_at = now() - interval '1 hour'`.execute(database.db);

      expect(await ledger.homesOpen(30 * 60_000)).toEqual([]);
    });
  });
});
