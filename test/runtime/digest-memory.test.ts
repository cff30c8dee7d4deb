import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { toBlocks } from '../../adapters/slack/blocks.ts';
import { assertMessage } from '../../adapters/slack/limits.ts';
import { toAdaptiveCard } from '../../adapters/teams/adaptive-card.ts';
import { assertCard } from '../../adapters/teams/limits.ts';
import { digestCard } from '../../src/cards/digest-card.ts';
import { NO_CLOCK } from '../../src/clock/pool-clock.ts';
import { PRIORITIES } from '../../src/routing/priority.ts';
import { DEFAULT_TASK_RULES } from '../../src/routing/task.ts';
import { countPool } from '../../src/runtime/digest/counting.ts';
import { NURSES, POOLS, taskIn } from '../support/pure-clinic.ts';

const NOW = new Date('2026-03-02T13:00:00.000Z');
const HOUR = 3_600_000;
const HOURS = {
  zone: 'America/New_York',
  openings: [{ weekday: 1, from: '08:00', to: '18:00' }],
  holidays: [],
};
const POOL = {
  ...NURSES,
  clock: { ...NO_CLOCK, hours: HOURS, claimWithin: { routine: 8 * HOUR, urgent: HOUR } },
};
const OCCASION = { day: '2026-03-02', now: NOW, until: new Date(NOW.getTime() + HOUR) };

setFlagsFromString('--expose-gc');
const gc: () => void = runInNewContext('gc');

/** The i-th of many Tasks, one a minute; every thousandth is urgent, every five-thousandth STAT. */
const nth = (i: number) => {
  const priority = PRIORITIES[i % 5_000 === 0 ? 3 : i % 1_000 === 0 ? 1 : 0];
  const authoredOn = new Date(NOW.getTime() - (i + 1) * 60_000).toISOString();
  const note = [{ text: 'x'.repeat(2_000) }];
  return taskIn(POOL, { id: `task-${i}`, authoredOn, note, ...(priority && { priority }) });
};

/** Counts a pool of so many Tasks that are read page by page; gives the most that the heap has grown meanwhile. */
async function counted(size: number) {
  gc();
  const before = process.memoryUsage().heapUsed;
  let most = 0;
  async function* stream(n: number) {
    for (let i = 0; i < n; i++) {
      yield nth(i);
      if (i % 500 !== 499) continue;
      gc();
      most = Math.max(most, process.memoryUsage().heapUsed - before);
    }
  }
  const facts = await countPool(POOL, OCCASION, undefined, {
    unclaimed: () => stream(size),
    changedIn: () => stream(size),
  });
  return { facts, most };
}

describe('The digest of a pool in which 20,000 Tasks wait', () => {
  it('is right', async () => {
    const { facts } = await counted(20_000);

    expect(facts).toMatchObject({
      waiting: 20_000,
      byPriority: { stat: 4, asap: 0, urgent: 16, routine: 19_980 },
      oldest: new Date(NOW.getTime() - 20_000 * 60_000).toISOString(),
      traffic: { cameIn: 1_440, closed: 0, of: 'day ago' },
    });
    expect(facts.rows.map(({ id }) => id)).toEqual([
      ...[15_000, 10_000, 5_000, 0].map((i) => `task-${i}`),
      ...[19_000, 18_000, 17_000, 16_000, 14_000, 13_000].map((i) => `task-${i}`),
    ]);
  }, 60_000);

  it('takes no more memory than that of a tenth of them', async () => {
    await counted(2_000); // what is compiled and remembered once is no part of it
    const few = await counted(2_000);
    const many = await counted(20_000);

    // All of them would be 80 MB.
    expect(many.most - few.most).toBeLessThan(2_000_000);
  }, 60_000);

  it('fits into one message on both platforms', async () => {
    const { facts } = await counted(20_000);
    const tasks = new Map(facts.rows.map(({ id }) => [id, nth(Number(id.split('-')[1]))]));
    const card = digestCard({ facts, pool: POOL, tasks, pools: POOLS, rules: DEFAULT_TASK_RULES }, true);

    const slack = toBlocks(card, 'version');
    const teams = toAdaptiveCard(card, () => undefined);

    expect(card.rows).toHaveLength(10);
    expect(() => assertMessage(slack)).not.toThrow();
    expect(() => assertCard(teams)).not.toThrow();
    expect(JSON.stringify([slack, teams])).not.toContain('do not fit here');
  }, 60_000);
});
