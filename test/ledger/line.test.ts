import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLedger, type Database } from '../../src/ledger/index.ts';
import type { Window } from '../../src/runtime/ports/chat.ts';
import type { Gate, Line, Wish } from '../../src/runtime/ports/line.ts';
import { gatesOf } from '../../src/runtime/sending/gates.ts';
import { byTurn } from '../../src/runtime/sending/turns.ts';
import { databases, type Home } from '../support/unit-postgres.ts';

const HOUR = 3_600_000;
const NURSES = { platform: 'chat', kind: 'channel', id: 'nurses' } as const;
const CARDIO = { platform: 'chat', kind: 'channel', id: 'cardio' } as const;
/** One at once, and nobody else for a long time. */
const ONE: Window = { most: 1, perMs: HOUR, burst: 1 };

describe.each(await databases())('the line, $name', ({ shared, create }) => {
  let home: Home;
  const opened: Database[] = [];
  let lines: Line[] = [];
  let line: Line;
  let key: string;

  beforeAll(async () => {
    home = await create();
    // As many replicas as the database allows.
    for (let i = 0; i < (shared ? 3 : 1); i++) opened.push(await home.open());
    lines = opened.map(({ db }) => createLedger(db).line);
    line = lines[0] ?? expect.fail('no database');
  });

  afterAll(async () => {
    await Promise.all(opened.map((database) => database.close()));
    await home?.drop();
  });

  beforeEach(async () => {
    key = crypto.randomUUID();
    await opened[0]?.db.deleteFrom('waiting').execute();
  });

  const wish = (id: string, more: Partial<Wish> = {}): Wish => ({
    item: { kind: 'task', id },
    surface: NURSES,
    line: `chat:${key}`,
    rank: 3,
    ...more,
  });
  const gates = (...windows: Window[]): Gate[] => gatesOf('chat', { key, windows });
  const called = async (withinMs = HOUR) => (await line.call(withinMs)).items.map(({ id }) => id);
  const enterAll = async (ids: readonly string[], some: readonly Gate[], more: Partial<Wish> = {}) => {
    const kinds: string[] = [];
    for (const id of ids) kinds.push((await line.enter(wish(id, more), some)).kind);
    return kinds;
  };

  describe('a gate', () => {
    it('lets as many through as may go at once, however many ask for it at once', async () => {
      const some = gates({ most: 8, perMs: HOUR, burst: 5 });

      const turns = await Promise.all(
        Array.from({ length: 60 }, (_, i) =>
          (lines[i % lines.length] ?? line).enter(wish(`t${i}`, { rank: i }), some),
        ),
      );

      // Who comes a moment later may find somebody in the line who comes first; it is called then.
      const gone = turns.filter(({ kind }) => kind === 'go').length;
      expect(gone + (await called()).length).toBe(5);
      expect((await line.lags())[0]?.waiting).toBe(60 - gone);
    });

    it('never lets more through in any window, however many ask for it again and again', async () => {
      const window = { most: 6, perMs: 400, burst: 3 };
      const some = gates(window);
      const taken: { readonly asked: number; readonly told: number }[] = [];
      const end = performance.now() + 2_500;

      await Promise.all(
        Array.from({ length: 12 }, async (_, i) => {
          for (let n = 0; performance.now() < end; n++) {
            const asked = performance.now();
            // Nobody else stands in this line: what is looked at is the gate.
            const alone = wish(`${i}.${n}`, { line: `chat:${key} ${i}.${n}` });
            const { kind } = await (lines[i % lines.length] ?? line).enter(alone, some);
            if (kind === 'go') taken.push({ asked, told: performance.now() });
          }
        }),
      );

      // Each was taken between the question and the answer: what lies in a window from end to end was taken in it.
      const most = Math.max(
        ...taken.map(
          ({ asked }) => taken.filter((one) => one.asked >= asked && one.told < asked + window.perMs).length,
        ),
      );
      expect(most).toBeLessThanOrEqual(window.most);
      expect(taken.length).toBeGreaterThan(window.most);
    });

    it('is as narrow as the narrowest of its windows', async () => {
      const some = gates({ most: 30, perMs: HOUR, burst: 20 }, { most: 4, perMs: 2 * HOUR, burst: 3 });

      const kinds = await enterAll(['a', 'b', 'c', 'd'], some);

      expect(kinds).toEqual(['go', 'go', 'go', 'wait']);
    });

    it('costs no place where another is shut that is needed too', async () => {
      const wide = gatesOf('chat', { key: `${key} wide`, windows: [{ most: 9, perMs: HOUR, burst: 2 }] });
      await enterAll(['first', 'second', 'third'], [...gates(ONE), ...wide]);

      const kinds = await enterAll(['a', 'b'], wide, { line: `chat:${key} wide` });

      expect(kinds).toEqual(['go', 'wait']);
    });

    it('counts for each key by itself', async () => {
      await enterAll(['a'], gates(ONE));
      const other = gatesOf('chat', { key: `${key} other`, windows: [ONE] });

      expect(await enterAll(['b'], other, { line: `chat:${key} other` })).toEqual(['go']);
    });

    it('is none where a platform has no pace', async () => {
      const kinds = await enterAll(['a', 'b', 'c', 'd', 'e'], []);

      expect(kinds).toEqual(['go', 'go', 'go', 'go', 'go']);
      expect(await line.call(HOUR)).toEqual({ items: [], waiting: 0 });
    });
  });

  describe('a platform that asked for patience', () => {
    it('hears nothing of anybody in that line, whoever asks, until the time is over', async () => {
      await line.shut(wish('a'), 0, HOUR);

      const turns = await Promise.all(lines.map((one, i) => one.enter(wish(`b${i}`, { rank: 0 }), [])));

      expect(new Set(turns.map(({ kind }) => kind))).toEqual(new Set(['wait']));
      expect(await called()).toEqual([]);
      expect(await enterAll(['c'], [], { line: 'chat:another' })).toEqual(['go']);
    });

    it('is spoken to again then, and the one that was refused has waited all the time', async () => {
      await line.shut(wish('a'), 90_000, 0);

      const ids = await called();
      const turn = await line.enter(wish('a'), []);

      expect(ids).toEqual(['a']);
      expect(turn.kind).toBe('go');
      expect(turn.waitedMs).toBeGreaterThanOrEqual(90_000);
    });

    it('is not spoken to earlier because of a shorter wait that somebody else heard of', async () => {
      await line.shut(wish('a'), 0, HOUR);
      await line.shut(wish('b'), 0, 0);

      expect(await called()).toEqual([]);
    });
  });

  describe('who waits', () => {
    it('is called in order, the more urgent first, and as many as can go', async () => {
      await enterAll(['gone'], gates({ most: 9, perMs: HOUR, burst: 4 }));
      await line.shut(wish('digest', { rank: 4 }), 9_000, 0);
      await line.shut(wish('routine'), 5_000, 0);
      await line.shut(wish('later'), 1_000, 0);
      await line.shut(wish('stat', { rank: 0 }), 0, 0);
      await line.shut(wish('urgent', { rank: 2 }), 0, 0);

      expect(await called()).toEqual(['stat', 'urgent', 'routine']);
      expect(await called()).toEqual([]);
      expect((await line.call(HOUR)).waiting).toBe(5);
    });

    it('is called in the order that is written down', async () => {
      const places = Array.from({ length: 20 }, (_, i) => ({
        id: `t${String(i).padStart(2, '0')}`,
        rank: (i * 7) % 5,
        waitedMs: ((i * 13) % 20) * 60_000,
      }));
      for (const { id, rank, waitedMs } of places) await line.shut(wish(id, { rank }), waitedMs, 0);
      const now = new Date();

      const order = await called();

      const standing = places.map((one) => ({ ...one, since: new Date(now.getTime() - one.waitedMs) }));
      expect(order).toEqual(standing.toSorted(byTurn(now)).map(({ id }) => id));
    });

    it('is not overtaken by who comes later, though there would be a place', async () => {
      await line.shut(wish('a'), 1_000, 0);

      expect(await enterAll(['b'], [])).toEqual(['wait']);
      expect(await enterAll(['stat'], [], { rank: 0 })).toEqual(['go']);
      expect(await enterAll(['a'], [])).toEqual(['go']);
      expect(await enterAll(['b'], [])).toEqual(['go']);
    });

    it('goes when it was called, whoever has come meanwhile, as long as there is a place', async () => {
      await line.shut(wish('a'), 0, 0);
      await called();
      await line.shut(wish('stat', { rank: 0 }), 0, 0);

      expect(await enterAll(['a'], gates(ONE))).toEqual(['go']);
      expect(await enterAll(['stat'], gates(ONE), { rank: 0 })).toEqual(['wait']);
    });

    it('is called by one process only', async () => {
      for (const id of ['a', 'b', 'c', 'd']) await line.shut(wish(id), 0, 0);

      const calls = await Promise.all(lines.map((one) => one.call(HOUR)));

      expect(calls.flatMap(({ items }) => items.map(({ id }) => id)).toSorted()).toEqual([
        'a',
        'b',
        'c',
        'd',
      ]);
    });

    it('is called again where it did not come', async () => {
      await line.shut(wish('a'), 0, 0);

      expect(await called(0)).toEqual(['a']);
      expect(await called()).toEqual(['a']);
      expect(await called()).toEqual([]);
    });

    it('keeps its place when it is lined up again, and takes on how urgent it has become', async () => {
      for (const [id, waitedMs] of [
        ['a', 5_000],
        ['b', 3_000],
        ['c', 1_000],
      ] as const)
        await line.shut(wish(id), waitedMs, 0);

      await enterAll(['b'], []);
      await line.shut(wish('b'), 0, 0);
      await line.shut(wish('c', { rank: 2 }), 0, 0);

      expect((await line.lags())[0]).toMatchObject({ surface: 'chat:channel:nurses', waiting: 3 });
      expect(await called()).toEqual(['c', 'a', 'b']);
    });

    it('waits on each surface by itself, and leaves where nothing is to be said any more', async () => {
      await line.shut(wish('a'), 0, HOUR);
      await line.shut(wish('a', { surface: CARDIO }), 70_000, HOUR);
      const both = await line.waitsAt({ kind: 'task', id: 'a' });
      const lags = await line.lags();

      await line.leave({ kind: 'task', id: 'a' }, [NURSES]);
      await line.leave({ kind: 'task', id: 'a' }, []);
      await line.leave({ kind: 'digest', id: 'a' }, [CARDIO]);

      expect(both).toHaveLength(2);
      expect(lags.map(({ surface, waiting }) => [surface, waiting])).toEqual([
        ['chat:channel:cardio', 1],
        ['chat:channel:nurses', 1],
      ]);
      expect(lags[0]?.oldestMs).toBeGreaterThanOrEqual(70_000);
      expect(await line.waitsAt({ kind: 'task', id: 'a' })).toEqual([CARDIO]);
      expect(await line.notWaiting(['a', 'b'])).toEqual(['b']);
    });

    it('does not hold up the others while another gate is shut that it alone needs', async () => {
      const narrow = gatesOf('chat', { key: `${key} narrow`, windows: [ONE] });
      await enterAll(['x'], narrow, { line: `chat:${key} narrow` });
      await enterAll(['a'], [...gates({ most: 9, perMs: HOUR }), ...narrow]);

      expect(await enterAll(['b'], gates({ most: 9, perMs: HOUR }))).toEqual(['go']);
      expect(await called()).toEqual([]);
    });
  });
});
