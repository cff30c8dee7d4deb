import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLedger, type Database } from '../../src/ledger/index.ts';
import type { Ledger } from '../../src/runtime/ports/ledger.ts';
import { databases, type Home } from '../support/unit-postgres.ts';

const NURSES = { platform: 'slack', kind: 'channel', id: 'C0NURSES' } as const;
const CARDIO = { platform: 'slack', kind: 'channel', id: 'C0CARDIO' } as const;
const ANA = { platform: 'teams', kind: 'person', id: '29:1:odd:id' } as const;

describe.each(await databases())('the ledger, $name', ({ create }) => {
  let home: Home;
  let database: Database;
  let ledger: Ledger;
  let task: string;

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
    task = crypto.randomUUID();
  });

  describe('cards', () => {
    it('begin as a post that is under way, before any platform is called', async () => {
      const before = Date.now();

      const row = await ledger.beginPost(task, ANA);

      expect(row).toEqual({ id: row.id, surface: ANA, state: 'posting', ref: undefined, hash: undefined });
      expect(await ledger.cardsOf(task)).toEqual([row]);
      expect(Math.abs((await ledger.madeAt(row.id)).getTime() - before)).toBeLessThan(5000);
    });

    it('are remembered as they were posted and redrawn', async () => {
      const { id } = await ledger.beginPost(task, NURSES);

      await ledger.posted(id, 'C0NURSES/1.1', 'h1');
      const live = await ledger.cardsOf(task);
      await ledger.redrawing(id);
      const unknown = await ledger.cardsOf(task);
      await ledger.redrawn(id, 'h2', 'closed');
      const closed = await ledger.cardsOf(task);

      expect(live).toMatchObject([{ id, state: 'live', ref: 'C0NURSES/1.1', hash: 'h1' }]);
      expect(unknown).toMatchObject([{ id, state: 'live', ref: 'C0NURSES/1.1', hash: undefined }]);
      expect(closed).toMatchObject([{ id, state: 'closed', ref: 'C0NURSES/1.1', hash: 'h2' }]);
    });

    it('are the newest on each surface', async () => {
      const old = await ledger.beginPost(task, NURSES);
      await ledger.posted(old.id, 'r1', 'h1');
      await ledger.redrawn(old.id, 'h1', 'closed');
      const other = await ledger.beginPost(task, CARDIO);
      const newer = await ledger.beginPost(task, NURSES);
      await ledger.beginPost(crypto.randomUUID(), NURSES);

      const cards = await ledger.cardsOf(task);

      expect(cards.map((card) => card.id).sort()).toEqual([newer.id, other.id].sort());
    });

    it('are forgotten when they are dropped, and the one before shows again', async () => {
      const old = await ledger.beginPost(task, NURSES);
      await ledger.redrawn(old.id, 'h1', 'closed');
      const newer = await ledger.beginPost(task, NURSES);

      await ledger.dropCard(newer.id);

      expect(await ledger.cardsOf(task)).toMatchObject([{ id: old.id, state: 'closed' }]);
    });

    it('stand at most once on a surface, whoever posts', async () => {
      const posts = await Promise.allSettled([1, 2, 3].map(() => ledger.beginPost(task, NURSES)));

      expect(posts.filter((post) => post.status === 'fulfilled')).toHaveLength(1);
      expect(await ledger.cardsOf(task)).toHaveLength(1);
    });

    it('leave room for a new one when they are closed or dropped', async () => {
      const first = await ledger.beginPost(task, NURSES);
      await ledger.redrawn(first.id, 'h', 'closed');
      const second = await ledger.beginPost(task, NURSES);
      await ledger.dropCard(second.id);

      await expect(ledger.beginPost(task, NURSES)).resolves.toMatchObject({ state: 'posting' });
    });

    it('name their Tasks while something can still be pressed or is in doubt', async () => {
      const [posting, live, closed, dropped] = [1, 2, 3, 4].map(() => crypto.randomUUID()) as [
        string,
        string,
        string,
        string,
      ];
      await ledger.beginPost(posting, NURSES);
      await ledger.posted((await ledger.beginPost(live, NURSES)).id, 'r', 'h');
      await ledger.posted((await ledger.beginPost(live, CARDIO)).id, 'r', 'h');
      await ledger.redrawn((await ledger.beginPost(closed, NURSES)).id, 'h', 'closed');
      await ledger.dropCard((await ledger.beginPost(dropped, NURSES)).id);

      const open = await ledger.tasksWithOpenCards();

      const mine = open.filter((id) => [posting, live, closed, dropped].includes(id));
      expect(mine.sort()).toEqual([posting, live].sort());
    });
  });

  describe('What cards say', () => {
    it('is doubted of those that were drawn the longest ago, and no longer once they are drawn again', async () => {
      const [first, second] = [crypto.randomUUID(), crypto.randomUUID()];
      const hashes = async () => {
        const all = await Promise.all([first, second].map((id) => ledger.cardsOf(id)));
        return all.flat().map((one) => one.hash);
      };
      const old = await ledger.beginPost(first, NURSES);
      await ledger.posted(old.id, 'r', 'h');
      await ledger.posted((await ledger.beginPost(second, NURSES)).id, 'r', 'h');
      const hour = 3_600_000;

      await ledger.doubtCards(hour, 1000);
      expect(await hashes()).toEqual(['h', 'h']);
      await database.db
        .updateTable('card')
        .set({ drawn_at: new Date(0) })
        .where('id', '=', old.id)
        .execute();
      await ledger.doubtCards(0, 1);
      expect(await hashes()).toEqual([undefined, 'h']);
      await ledger.redrawn(old.id, 'h', 'live');
      await ledger.doubtCards(hour, 1000);

      expect(await hashes()).toEqual(['h', 'h']);
    });
  });

  describe('Tasks', () => {
    it('are seen at a version, with their owner then', async () => {
      expect(await ledger.lastSeen(task)).toBeUndefined();

      await ledger.seen(task, 'v1', 'Practitioner/ana');
      const first = await ledger.lastSeen(task);
      await ledger.seen(task, 'v2', undefined);
      const second = await ledger.lastSeen(task);

      expect(first).toEqual({ versionId: 'v1', owner: 'Practitioner/ana' });
      expect(second).toEqual({ versionId: 'v2', owner: undefined });
    });

    it('are unseen when they are unknown or have another version', async () => {
      const [known, changed, unknown] = [`${task}a`, `${task}b`, `${task}c`];
      await ledger.seen(known, 'v1', undefined);
      await ledger.seen(changed, 'v1', undefined);

      const unseen = await ledger.unseen([
        { id: known, versionId: 'v1' },
        { id: changed, versionId: 'v2' },
        { id: unknown, versionId: 'v1' },
      ]);

      expect(unseen).toEqual([changed, unknown]);
      expect(await ledger.unseen([])).toEqual([]);
    });

    it.each([
      ['a prefix', 'pre-1', ['pre-1a', 'pre-1b']],
      ['a whole id', 'pre-2', ['pre-2']],
      ['another case', 'PRE-1', []],
      ['a percent sign', 'pre%', ['pre%x']],
      ['a percent sign alone', '%', []],
      ['an underscore', 'pre_', ['pre_x']],
      ['a backslash', 'pre\\', ['pre\\x']],
    ])('are found by %s, and by no pattern', async (_what, prefix, found) => {
      for (const id of ['pre-1a', 'pre-1b', 'pre-2', 'pre%x', 'pre_x', 'pre\\x', 'prex'])
        await ledger.seen(id, 'v1', undefined);

      expect(await ledger.taskIdsByPrefix(prefix, 10)).toEqual(found);
    });

    it('are found in order, no more than asked for', async () => {
      for (const end of ['c', 'a', 'b']) await ledger.seen(`${task}${end}`, 'v1', undefined);

      expect(await ledger.taskIdsByPrefix(task, 2)).toEqual([`${task}a`, `${task}b`]);
    });
  });

  describe('cursors', () => {
    it('only move forwards', async () => {
      const [early, late] = [new Date('2026-11-23T08:00:00.123Z'), new Date('2026-11-23T09:00:00.456Z')];
      expect(await ledger.cursor(task)).toBeUndefined();

      await ledger.moveCursor(task, early);
      const first = await ledger.cursor(task);
      await ledger.moveCursor(task, late);
      await ledger.moveCursor(task, early);

      expect([first, await ledger.cursor(task)]).toEqual([early, late]);
    });
  });

  describe('people', () => {
    it('are linked to one Practitioner each, and a Practitioner to several chat users', async () => {
      const slack = { platform: 'slack', tenant: 'T1', id: task };
      const teams = { platform: 'teams', tenant: 'T2', id: task };
      const [ana, ben] = [`ana-${task}`, `ben-${task}`];

      await ledger.link(slack, ana);
      await ledger.link(slack, ana);
      await ledger.link(teams, ana);
      const both = await ledger.chatUsersOf(ana);
      await ledger.link(slack, ben);

      expect(both).toHaveLength(2);
      expect(both).toEqual(expect.arrayContaining([slack, teams]));
      expect(await ledger.chatUsersOf(ana)).toEqual([teams]);
      expect(await ledger.chatUsersOf(ben)).toEqual([slack]);
    });
  });

  describe('what an adapter remembers', () => {
    it('is the last that it was told, apart for each platform', async () => {
      const [slack, teams] = [ledger.memoryOf('slack'), ledger.memoryOf('teams')];

      await slack.set(task, 'first');
      await slack.set(task, 'second');
      await teams.set(task, 'other');

      expect([await slack.get(task), await teams.get(task)]).toEqual(['second', 'other']);
      expect(await slack.get(`${task}x`)).toBeUndefined();
    });
  });
});
