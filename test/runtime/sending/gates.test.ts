import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pace as slackPace } from '../../../adapters/slack/pace.ts';
import { pace as teamsPace } from '../../../adapters/teams/pace.ts';
import type { Window } from '../../../src/index.ts';
import { gatesOf } from '../../../src/runtime/sending/gates.ts';

const CHANNEL = { platform: 'chat', kind: 'channel', id: 'C1' } as const;

/** When there were places, for somebody who asks at these instants; in ms, as the ledger counts. */
function placesAt(instants: readonly number[], windows: readonly Window[]): number[] {
  const free = gatesOf('chat', { key: 'k', windows }).map((gate) => ({ ...gate, at: 0 }));
  return instants.filter((now) => {
    if (free.some(({ at, burstMs }) => at - burstMs > now)) return false;
    for (const gate of free) gate.at = Math.max(gate.at, now) + gate.stepMs;
    return true;
  });
}

/** The most that any window of this length holds, wherever it begins. */
function mostWithin(places: readonly number[], ms: number): number {
  return Math.max(0, ...places.map((from) => places.filter((at) => at >= from && at < from + ms).length));
}

const window = fc
  .record({ most: fc.integer({ min: 1, max: 60 }), perMs: fc.integer({ min: 100, max: 60_000 }) })
  .chain((one) =>
    fc
      .option(fc.integer({ min: 1, max: one.most }), { nil: 0 })
      .map((burst) => ({ ...one, ...(burst && { burst }) })),
  );
const pauses = fc.array(fc.integer({ min: 0, max: 2_000 }), { minLength: 20, maxLength: 300 });

function instantsOf(given: readonly number[]): number[] {
  let at = 1_000_000;
  return given.map((pause) => (at += pause));
}

describe('the gates of an allowance', () => {
  it('let no window hold more than it may, whatever is asked when', () => {
    fc.assert(
      fc.property(fc.array(window, { minLength: 1, maxLength: 3 }), pauses, (windows, given) => {
        const places = placesAt(instantsOf(given), windows);

        for (const { most, perMs } of windows) expect(mostWithin(places, perMs)).toBeLessThanOrEqual(most);
      }),
    );
  });

  it('let no window hold more even where every message takes up to a quarter of a second on its way', () => {
    const late = fc.array(fc.integer({ min: 0, max: 249 }), { minLength: 300, maxLength: 300 });
    fc.assert(
      fc.property(window, pauses, late, (one, given, ways) => {
        const places = placesAt(instantsOf(given), [one]).map((at, i) => at + (ways[i] ?? 0));

        expect(mostWithin(places, one.perMs)).toBeLessThanOrEqual(one.most);
      }),
    );
  });

  it.each([
    { what: 'posts in a Slack channel', windows: slackPace(CHANNEL, 'post'), first: 3, aMinute: 58 },
    { what: 'updates in a Slack workspace', windows: slackPace(CHANNEL, 'update'), first: 20, aMinute: 70 },
    { what: 'posts in a Teams conversation', windows: teamsPace(CHANNEL, 'post'), first: 3, aMinute: 72 },
  ])('are $first $what at once, and $aMinute in the first minute', ({ windows, first, aMinute }) => {
    const all = windows.flatMap((allowance) => allowance.windows);
    const everyTenMs = Array.from({ length: 6_000 }, (_, i) => 1_000_000 + i * 10);

    const places = placesAt(everyTenMs, all);

    expect(
      placesAt(
        Array.from({ length: 50 }, () => 1),
        all,
      ),
    ).toHaveLength(first);
    expect(places).toHaveLength(aMinute);
  });

  it('are one for the whole workspace where cards are redrawn in Slack, and none in Teams', () => {
    const other = { ...CHANNEL, id: 'C2' };

    expect(slackPace(CHANNEL, 'update')[0]?.key).toBe(slackPace(other, 'update')[0]?.key);
    expect(slackPace(CHANNEL, 'post')[0]?.key).not.toBe(slackPace(other, 'post')[0]?.key);
    expect(teamsPace(CHANNEL, 'update')).toEqual([]);
  });
});
