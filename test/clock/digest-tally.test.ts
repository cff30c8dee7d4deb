import type { Task } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DIGEST_ROWS,
  NO_TRAFFIC,
  NOTHING_WAITS,
  type Tally,
  tally,
  traffic,
} from '../../src/clock/digest-tally.ts';
import { NO_CLOCK, type PoolClock } from '../../src/clock/pool-clock.ts';
import { byUrgency, PRIORITIES } from '../../src/routing/priority.ts';
import { ANA, claimedBy, NURSES, taskIn } from '../support/pure-clinic.ts';

const HOUR = 3_600_000;
const NOW = new Date('2026-03-06T15:00:00.000Z'); // a Friday
const MONDAY = new Date('2026-03-09T08:00:00.000Z');
const CLOCK: PoolClock = {
  ...NO_CLOCK,
  hours: {
    zone: 'UTC',
    openings: [1, 2, 3, 4, 5].map((weekday) => ({ weekday, from: '08:00', to: '17:00' })),
    holidays: [],
  },
  claimWithin: { routine: 8 * HOUR, urgent: HOUR, stat: 5 * 60_000 },
};
const RULES = { clock: CLOCK, now: NOW, before: MONDAY };

type Waiting = Task & { id: string };

const waiting = (id: string, authoredOn: string, priority?: Task['priority']): Waiting =>
  taskIn(NURSES, { id, authoredOn, ...(priority && { priority }) });

const tallied = (tasks: readonly Waiting[]): Tally =>
  tasks.reduce((so, task) => tally(so, task, RULES), NOTHING_WAITS);

/** Tasks of the last week, with what the tally looks at. */
const someTasks = fc
  .uniqueArray(
    fc.record({
      id: fc.uuid(),
      minutesAgo: fc.integer({ min: 0, max: 7 * 24 * 60 }),
      priority: fc.option(fc.constantFrom(...PRIORITIES), { nil: undefined }),
    }),
    { selector: ({ id }) => id, maxLength: 60 },
  )
  .map((given) =>
    given.map(({ id, minutesAgo, priority }) =>
      waiting(id, new Date(NOW.getTime() - minutesAgo * 60_000).toISOString(), priority),
    ),
  );

describe('What a digest counts', () => {
  it('is how many wait, of which priority, since when, and how many are and will be past their target', () => {
    const so = tallied([
      waiting('a', '2026-03-06T14:58:00Z', 'stat'), // due 15:03, on Friday
      waiting('b', '2026-03-06T09:00:00Z', 'urgent'), // due 10:00, missed
      waiting('c', '2026-03-06T15:00:00Z'), // due on Monday at 14:00
      waiting('d', '2026-03-06T08:30:00Z'), // due 16:30, on Friday
      waiting('e', '2026-03-01T08:30:00Z', 'asap'), // no target
    ]);

    expect(so).toMatchObject({
      waiting: 5,
      byPriority: { stat: 1, asap: 1, urgent: 1, routine: 2 },
      oldest: '2026-03-01T08:30:00.000Z',
      over: 1,
      soon: 2,
    });
    expect(so.first.map(({ id }) => id)).toEqual(['a', 'e', 'b', 'd', 'c']);
  });

  it.each([
    ['due now is past', '2026-03-06T14:00:00Z', { over: 1, soon: 0 }],
    ['due a minute later is to come', '2026-03-06T14:01:00Z', { over: 0, soon: 1 }],
    ['due when the pool opens again is in the forecast', '2026-03-06T16:00:00Z', { over: 0, soon: 1 }],
    ['due after that is not', '2026-03-06T16:01:00Z', { over: 0, soon: 0 }],
  ])('a Task that is %s', (_what, authoredOn, expected) => {
    expect(tallied([waiting('a', authoredOn, 'urgent')])).toMatchObject(expected);
  });

  it('lists the first by priority and then age, whatever the order in which they are met', () => {
    fc.assert(
      fc.property(someTasks, (tasks) => {
        const first = tasks
          .toSorted((a, b) => byUrgency(a, b) || (a.id < b.id ? -1 : 1))
          .slice(0, DIGEST_ROWS);

        expect(tallied(tasks).first).toEqual(first);
        expect(tallied(tasks.toReversed())).toEqual(tallied(tasks));
      }),
    );
  });

  it('is a whole: the priorities add up, and no Task is both past its target and about to pass it', () => {
    fc.assert(
      fc.property(someTasks, (tasks) => {
        const { waiting: all, byPriority, over, soon } = tallied(tasks);

        expect(Object.values(byPriority).reduce((sum, n) => sum + n, 0)).toBe(all);
        expect(over + soon).toBeLessThanOrEqual(all);
      }),
    );
  });

  it('lists a Task that is met twice once, as it was last', () => {
    const again = waiting('a', '2026-03-06T14:00:00Z', 'stat');

    const { first } = tallied([waiting('a', '2026-03-06T14:00:00Z'), again]);

    expect(first).toEqual([again]);
  });
});

describe('What has happened since the last digest', () => {
  const since = new Date('2026-03-05T08:00:00.000Z');
  const count = (...tasks: readonly Task[]) =>
    tasks.reduce((so, task) => traffic(so, task, since), NO_TRAFFIC);
  const old = { authoredOn: '2026-03-01T08:00:00Z' };

  it.each<[string, Task, { cameIn: number; closed: number }]>([
    ['came in', taskIn(), { cameIn: 0, closed: 0 }],
    ['came in since', taskIn(NURSES, { authoredOn: '2026-03-05T08:00:00Z' }), { cameIn: 1, closed: 0 }],
    ['was only claimed', claimedBy(ANA, old), { cameIn: 0, closed: 0 }],
    ['was completed', claimedBy(ANA, { ...old, status: 'completed' }), { cameIn: 0, closed: 1 }],
    ['was cancelled', taskIn(NURSES, { ...old, status: 'cancelled' }), { cameIn: 0, closed: 1 }],
    [
      'was rerouted to a new Task',
      taskIn(NURSES, { ...old, status: 'cancelled', businessStatus: { text: 'rerouted' } }),
      { cameIn: 0, closed: 0 },
    ],
    [
      'came in and was completed',
      claimedBy(ANA, { authoredOn: '2026-03-05T12:00:00Z', status: 'completed' }),
      { cameIn: 1, closed: 1 },
    ],
  ])('a Task that %s', (_what, task, expected) => {
    expect(count(task)).toEqual(expected);
  });
});
