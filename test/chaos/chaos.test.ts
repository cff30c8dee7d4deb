import { describe, expect, it } from 'vitest';
import { databases } from '../support/unit-postgres.ts';
import { type ChaosOptions, runChaos } from './chaos.ts';
import { createRandom } from './random.ts';

const EMBEDDED = { name: 'one process on the embedded database', database: 'pglite', replicas: 1 } as const;
const SHARED = { name: 'two processes on PostgreSQL', database: 'postgres', replicas: 2 } as const;
const KINDS = (await databases()).map(({ shared }) => (shared ? SHARED : EMBEDDED));

/** A short run; `npm run chaos` makes long ones. */
const SHORT: Pick<ChaosOptions, 'seed' | 'minutes' | 'events'> = { seed: 20, minutes: 0.3, events: 200 };

describe.each(KINDS)('a clinic in bad weather, $name', ({ database, replicas }) => {
  it('keeps the promise: nothing lost, nothing doubled, every card true', async () => {
    const { violations, figures, log } = await runChaos({ ...SHORT, database, replicas });

    expect(violations, `${log} ${JSON.stringify(figures)}`).toEqual([]);
  }, 400_000);
});

describe('The chance of a run', () => {
  const draws = (seed: number, word: string) => {
    const random = createRandom(seed).branch(word);
    return Array.from({ length: 20 }, () => random.between(0, 999));
  };

  it('is the same for the same seed, and another for another seed or another part', () => {
    expect(draws(1, 'a')).toEqual(draws(1, 'a'));
    expect(draws(1, 'a')).not.toEqual(draws(2, 'a'));
    expect(draws(1, 'a')).not.toEqual(draws(1, 'b'));
  });

  it('picks by weight, and nothing that weighs nothing', () => {
    const random = createRandom(3);
    const picked = Array.from({ length: 2_000 }, () =>
      random.weighted([
        { name: 'often', weight: 3 },
        { name: 'never', weight: 0 },
        { name: 'rarely', weight: 1 },
      ]),
    ).map(({ name }) => name);

    const often = picked.filter((name) => name === 'often').length;
    expect(picked).not.toContain('never');
    expect(often).toBeGreaterThan(1_350);
    expect(often).toBeLessThan(1_650);
  });
});
