import { describe, expect, it } from 'vitest';
import { listPools, type PoolState } from '../../src/queries/pools.ts';
import { CARDIOLOGY, NURSES, PHARMACY, pool } from '../support/pure-clinic.ts';
import { askingOf, linesOf, rowsOf } from '../support/pure-queries.ts';

const state = (more: Partial<PoolState> = {}): PoolState => ({
  pool: NURSES,
  waiting: 0,
  oldest: undefined,
  people: 3,
  mine: false,
  ...more,
});

const AT_SEVEN_FIFTY = '2026-03-02T07:50:00.000Z';

describe('The pools', () => {
  it.each<[string, Partial<PoolState>, string]>([
    ['that is empty', {}, 'Registered nurse  ·  nothing waits  ·  3 people can claim there now'],
    [
      'that is mine',
      { mine: true, people: 1 },
      'Registered nurse (yours)  ·  nothing waits  ·  one person can claim there now',
    ],
    [
      'in which one Task waits',
      { waiting: 1, oldest: AT_SEVEN_FIFTY },
      'Registered nurse  ·  one Task waits, for 2 h 10 min  ·  3 people can claim there now',
    ],
    [
      'in which many wait',
      { waiting: 1_200, oldest: AT_SEVEN_FIFTY },
      'Registered nurse  ·  1,200 Tasks wait, the oldest for 2 h 10 min  ·  3 people can claim there now',
    ],
    [
      'that nobody looks after',
      { waiting: 1, oldest: AT_SEVEN_FIFTY, people: 0 },
      'Registered nurse  ·  one Task waits, for 2 h 10 min  ·  nobody can claim there now',
    ],
  ])('say how each is doing: one %s', (_what, more, line) => {
    expect(linesOf(listPools([state(more)], askingOf('pools')))).toEqual([line]);
  });

  it.each<[string, PoolState[], string]>([
    [
      'where nothing waits',
      [state(), state({ pool: PHARMACY })],
      '2 pools: nothing waits, and you may claim in none.',
    ],
    [
      'where something waits',
      [state({ waiting: 1, mine: true }), state({ pool: CARDIOLOGY, waiting: 2 }), state({ pool: PHARMACY })],
      '3 pools: Tasks wait in 2 of them, and you may claim in 1.',
    ],
    [
      'where something waits everywhere',
      [state({ waiting: 1, mine: true }), state({ pool: CARDIOLOGY, waiting: 2, mine: true })],
      '2 pools: Tasks wait in all of them, and you may claim in all.',
    ],
  ])('are summed up: %s', (_what, states, sentence) => {
    expect(listPools(states, askingOf('pools')).sentence).toBe(sentence);
  });

  it('each have a button that lists what waits there', () => {
    const [row] = rowsOf(listPools([state()], askingOf('pools')));

    expect(row?.buttons).toEqual([{ verb: 'tasks', label: 'Show', taskId: 'registered-nurse', asks: false }]);
  });

  it('are turned page by page', () => {
    const many = Array.from({ length: 23 }, (_, i) => state({ pool: pool(`p${i}`, `Pool ${i}`, `${i}`) }));

    const third = listPools(many, askingOf('pools', { page: 3 }));

    expect(linesOf(third)).toHaveLength(3);
    expect(third.sentence).toContain('23 pools');
  });
});
