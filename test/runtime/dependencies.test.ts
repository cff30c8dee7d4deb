import pino from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { createDependency, type Dependency } from '../../src/runtime/dependencies.ts';
import { createProbes } from '../../src/runtime/probes.ts';

const LOST = { state: 'unreachable' } as const;
const REFUSED = { state: 'refused', why: 'token expired' } as const;

describe('something that we depend on', () => {
  let now: number;
  let logged: { level: number; msg: string }[];
  let one: Dependency;
  const log = pino({ level: 'info' }, { write: (line: string) => logged.push(JSON.parse(line)) });

  beforeEach(() => {
    now = Date.parse('2026-11-30T08:00:00Z');
    logged = [];
    one = createDependency('record', () => now, log);
  });

  const lose = (times: number) => {
    for (let i = 0; i < times; i++) one.failed(LOST);
  };

  it('is unknown until it was asked, and well as soon as it answers', () => {
    expect(one.report().state).toBe('unknown');

    now += 1_000;
    one.worked();

    expect(one.report()).toEqual({ name: 'record', state: 'well', since: '2026-11-30T08:00:01.000Z' });
    expect(logged).toEqual([]);
  });

  it('is not away because one call was lost, or two', () => {
    one.worked();
    lose(2);
    expect(one.report().state).toBe('well');

    lose(1);
    expect(one.report().state).toBe('unreachable');
  });

  it('is not away where calls are lost now and then, however many', () => {
    for (let i = 0; i < 20; i++) {
      lose(2);
      one.worked();
    }

    expect(one.report().state).toBe('well');
  });

  it('is away at once where it was asked for nothing else', () => {
    one.failed({ ...LOST, isCertain: true });

    expect(one.report().state).toBe('unreachable');
  });

  it('is known to be away since the first time, and logged once for each change', () => {
    one.worked();
    lose(3);
    const { since } = one.report();
    now += 3_600_000;
    lose(500);

    expect(one.report().since).toBe(since);
    expect(logged.map(({ level }) => level)).toEqual([50]);

    one.worked();
    expect(logged.map(({ msg }) => msg)).toEqual(['a dependency is not well', 'a dependency is well again']);
  });

  it('is tried by one of many, who wait for that one, and later and later', () => {
    one.failed(REFUSED);
    const waits: number[] = [];
    for (let tries = 0; tries < 9; tries++) {
      waits.push(one.waitMs());
      expect(one.takeTurn()).toBe(one.waitMs());
      now += one.waitMs();

      const turns = Array.from({ length: 5_000 }, () => one.takeTurn());
      expect(turns.filter((wait) => wait === 0)).toHaveLength(1);

      one.failed(REFUSED);
    }

    expect(waits.map((ms) => ms / 1000)).toEqual([5, 10, 20, 40, 80, 160, 300, 300, 300]);
  });

  it('is left alone no longer because many calls failed together', () => {
    for (let i = 0; i < 100; i++) one.failed(REFUSED);

    expect(one.waitMs()).toBe(5_000);
  });

  it('is asked again in half a minute at most where it is only away', () => {
    lose(3);
    for (let tries = 0; tries < 9; tries++) {
      now += one.waitMs();
      one.takeTurn();
      lose(1);
    }

    expect(one.waitMs()).toBe(30_000);
  });

  it('is still refusing us while it is silent as well', () => {
    one.failed(REFUSED);
    lose(10);

    expect(one.report()).toMatchObject({ state: 'refused', why: 'token expired' });
  });

  it('says until when it wants to be left alone', () => {
    one.failed({ state: 'throttled', forMs: 58_000 });

    expect(one.report()).toMatchObject({ state: 'throttled', until: '2026-11-30T08:00:58.000Z' });
  });

  it('is given another try where whoever took the turn never came back', () => {
    one.failed(REFUSED);
    now += 5_000;
    expect(one.takeTurn()).toBe(0);
    expect(one.takeTurn()).toBeGreaterThan(0);

    now += 10_000;

    expect(one.takeTurn()).toBe(0);
  });

  describe('and nobody asks', () => {
    it('is asked after half a minute of silence, and not before', async () => {
      let asked = 0;
      const probes = createProbes([{ dependency: one, ask: async () => void asked++ }], log);
      one.worked();

      now += 29_000;
      await probes.once();
      expect(asked).toBe(0);

      now += 1_000;
      await probes.once();
      expect(asked).toBe(1);
    });

    it('is asked as soon as a call was lost: is it only that call?', async () => {
      let asked = 0;
      const probes = createProbes([{ dependency: one, ask: async () => void asked++ }], log);
      one.worked();
      lose(1);

      await probes.once();

      expect(asked).toBe(1);
    });

    it('is asked while it is away when its wait is over, and a question that fails is no fault of ours', async () => {
      let asked = 0;
      const ask = async () => {
        asked++;
        one.failed(LOST);
        throw new Error('away');
      };
      const probes = createProbes([{ dependency: one, ask }], log);
      lose(3);

      await probes.once();
      expect(asked).toBe(0);

      now += 5_000;
      await probes.once();
      await probes.once();
      expect(asked).toBe(1);
    });
  });
});
