import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PRIORITIES } from '../../../src/routing/priority.ts';
import { byTurn, DIGEST_RANK, LONG_MS, rankOf } from '../../../src/runtime/sending/turns.ts';
import { taskIn } from '../../support/pure-clinic.ts';

const NOW = new Date('2026-11-29T12:00:00Z');

const standing = fc
  .record({
    rank: fc.integer({ min: 0, max: DIGEST_RANK }),
    waited: fc.integer({ min: 0, max: 2 * LONG_MS }),
  })
  .map(({ rank, waited }) => ({ rank, waited, since: new Date(NOW.getTime() - waited) }));

describe('the order of a line', () => {
  it('is stat, asap, urgent, routine, and digests last', () => {
    const ranks = PRIORITIES.toReversed().map((priority) => rankOf(taskIn(undefined, { priority })));

    expect([...ranks, DIGEST_RANK]).toEqual([0, 1, 2, 3, 4]);
    expect(rankOf(undefined)).toBe(rankOf(taskIn(undefined, { priority: 'routine' })));
  });

  it('is one order, whoever is compared with whom', () => {
    const by = byTurn(NOW);
    fc.assert(
      fc.property(standing, standing, standing, (a, b, c) => {
        expect(Math.sign(by(a, b)) + Math.sign(by(b, a))).toBe(0);
        if (by(a, b) <= 0 && by(b, c) <= 0) expect(by(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });

  it('is first come, first served among equals', () => {
    fc.assert(
      fc.property(standing, standing, (a, b) => {
        fc.pre(a.rank === b.rank && a.waited !== b.waited);
        expect(byTurn(NOW)(a, b) < 0).toBe(a.waited > b.waited);
      }),
    );
  });

  it('lets nobody wait for more than ten minutes because of somebody more urgent, but for stat', () => {
    fc.assert(
      fc.property(standing, standing, (long, other) => {
        fc.pre(long.waited > LONG_MS && other.waited <= LONG_MS && other.rank > 0);
        expect(byTurn(NOW)(long, other)).toBeLessThan(0);
      }),
    );
  });

  it('lets stat overtake whatever has waited', () => {
    fc.assert(
      fc.property(standing, standing, (stat, other) => {
        fc.pre(stat.rank === 0 && other.rank > 0);
        expect(byTurn(NOW)(stat, other)).toBeLessThan(0);
      }),
    );
  });
});
