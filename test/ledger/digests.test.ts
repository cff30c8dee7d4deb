import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLedger, type Database } from '../../src/ledger/index.ts';
import type { Digests, NewDigest } from '../../src/runtime/ports/digests.ts';
import { poolFactsOf } from '../support/pure-digests.ts';
import { databases, type Home } from '../support/unit-postgres.ts';

describe.each(await databases())('the digests of the ledger, $name', ({ create }) => {
  let home: Home;
  let database: Database;
  let digests: Digests;
  /** A pool of its own for each test. */
  let pool: string;

  beforeAll(async () => {
    home = await create();
    database = await home.open();
    digests = createLedger(database.db).digests;
  });
  afterAll(async () => {
    await database?.close();
    await home?.drop();
  });
  beforeEach(() => {
    pool = crypto.randomUUID();
  });

  const surface = (id = 'C1') => ({ platform: 'chat', kind: 'channel', id }) as const;
  const digest = (day: string, more: Partial<NewDigest> = {}): NewDigest => ({
    of: pool,
    surface: surface(),
    facts: poolFactsOf({ day, at: `${day}T08:00:00.000Z`, rows: [{ id: `${pool}-a` }, { id: `${pool}-b` }] }),
    ...more,
  });
  const stand = async (id: string) => {
    await digests.begin(id);
    await digests.posted(id, `ref ${id}`, 'hash');
  };
  const older = () => sql`update digest set made_at = now() - interval '2 minutes'`.execute(database.db);

  it('are there once for each pool, channel and day, and say what the first one said', async () => {
    const id = await digests.make(digest('2026-03-02'));
    const later = digest('2026-03-02', { facts: poolFactsOf({ waiting: 99 }) });
    const others = await Promise.all([later, later, later].map((one) => digests.make(one)));
    const other = await digests.make(digest('2026-03-02', { surface: surface('C2') }));
    const next = await digests.make(digest('2026-03-03'));

    expect(new Set([id, ...others, other, next]).size).toBe(3);
    const made = await digests.madeOn(pool, '2026-03-02');
    expect(made.map((one) => one.surface.id).toSorted()).toEqual(['C1', 'C2']);
    expect((await digests.get(id))?.facts).toMatchObject({ waiting: 1 });
    expect(await digests.madeOn(pool, '2026-03-04')).toEqual([]);
  });

  it('come back as they were made, and go from due over posting to live', async () => {
    const made = digest('2026-03-02');
    const id = await digests.make(made);

    const before = await digests.get(id);
    await stand(id);

    expect(before).toEqual({
      ...made,
      id,
      state: 'due',
      ref: undefined,
      hash: undefined,
      isOutdated: false,
    });
    expect(await digests.get(id)).toMatchObject({ state: 'live', ref: `ref ${id}`, hash: 'hash' });
    expect(await digests.get(crypto.randomUUID())).toBeUndefined();
  });

  it('may be posted by one of those who try at once, and again once nothing of them stands', async () => {
    const id = await digests.make(digest('2026-03-02'));

    const tries = await Promise.all(Array.from({ length: 8 }, () => digests.begin(id)));
    await digests.drop(id);

    expect(tries.filter(Boolean)).toHaveLength(1);
    expect(await digests.begin(id)).toBe(true);
  });

  it('are found by the Tasks that they list, until they are closed', async () => {
    const due = await digests.make(digest('2026-03-02'));
    const live = await digests.make(digest('2026-03-03'));
    const closed = await digests.make(digest('2026-03-04'));
    await stand(live);
    await digests.close(closed);

    expect((await digests.listing(`${pool}-b`)).toSorted()).toEqual([due, live].toSorted());
    expect(await digests.listing('nowhere')).toEqual([]);
  });

  it('are outdated by a newer one that stands, and by no other', async () => {
    const first = await digests.make(digest('2026-03-02'));
    const second = await digests.make(digest('2026-03-03'));
    const elsewhere = await digests.make(digest('2026-03-04', { surface: surface('C2') }));
    await stand(first);
    await stand(elsewhere);
    const before = await digests.get(first);

    await stand(second);

    expect(before?.isOutdated).toBe(false);
    expect((await digests.get(first))?.isOutdated).toBe(true);
    expect((await digests.get(second))?.isOutdated).toBe(false);
    expect(await digests.outdatedBy(second)).toEqual([first]);
    await digests.redrawn(first, 'hash', 'closed');
    expect(await digests.outdatedBy(second)).toEqual([]);
  });

  it('know when the last one was counted that anybody has seen', async () => {
    const seen = await digests.make(digest('2026-03-02'));
    await stand(seen);
    await digests.make(digest('2026-03-03'), 'closed');

    const last = await digests.lastBefore(pool, '2026-03-04');

    expect(last).toEqual(new Date('2026-03-02T08:00:00.000Z'));
    expect(await digests.lastBefore(pool, '2026-03-02')).toBeUndefined();
  });

  it('are seen to when they did not come to an end: not posted, or not closed under a newer one', async () => {
    const due = await digests.make(digest('2026-03-02'));
    const posting = await digests.make(digest('2026-03-02', { surface: surface('C2') }));
    const outdated = await digests.make(digest('2026-03-02', { surface: surface('C3') }));
    const newer = await digests.make(digest('2026-03-03', { surface: surface('C3') }));
    await digests.begin(posting);
    await stand(outdated);
    await stand(newer);
    const ours = [due, posting, outdated, newer];
    const young = await digests.unfinished(60_000);

    await older();

    const found = await digests.unfinished(60_000);
    expect(young.filter((id) => [due, posting].includes(id))).toEqual([]);
    expect(found.filter((id) => ours.includes(id)).toSorted()).toEqual([due, posting, outdated].toSorted());
  });

  it('of no Tasks can be made too', async () => {
    const id = await digests.make(digest('2026-03-02', { facts: poolFactsOf({ rows: [] }) }), 'closed');

    expect(await digests.get(id)).toMatchObject({ state: 'closed', facts: { rows: [] } });
  });

  describe('of people', () => {
    const user = { platform: 'chat', tenant: 'T1', id: 'U1' };

    it('are remembered with their time, changed, and ended', async () => {
      await digests.personal.set(user, 'ana', '08:00');
      await digests.personal.set(user, 'ana', '07:30');
      const [time, all] = [await digests.personal.timeOf(user), await digests.personal.all()];

      const ends = [await digests.personal.end(user), await digests.personal.end(user)];

      expect([time, all, ends]).toEqual([
        '07:30',
        [{ user, practitionerId: 'ana', at: '07:30' }],
        [true, false],
      ]);
      expect(await digests.personal.timeOf(user)).toBeUndefined();
    });
  });
});
