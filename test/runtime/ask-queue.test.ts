import type { Task } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { type Pool, performerTypeOf, poolsOf } from '../../src/routing/pools.ts';
import type { RecordStore } from '../../src/runtime/ports/record.ts';
import { longestWait, waitingIn } from '../../src/runtime/queue.ts';
import { CARDIOLOGY, NURSES, PHARMACY, POOLS, taskIn } from '../support/pure-clinic.ts';
import { FakeRecord } from '../support/unit-record.ts';

type Waiting = Task & { id: string };

const at = (minutesAgo: number) => new Date(Date.UTC(2026, 2, 2, 10) - minutesAgo * 60_000).toISOString();

function many(n: number, pools: readonly Pool[], more: Partial<Task> = {}): Waiting[] {
  const performerType = pools.flatMap(performerTypeOf);
  const name = pools.map(({ id }) => id).join('+');
  return Array.from({ length: n }, (_, i) => ({
    ...taskIn(NURSES, { performerType, authoredOn: at(i), ...more }),
    id: `${name}-${i}`,
  }));
}

/** A record in which these wait; it gives as many as it is asked for, and counts all. */
function recordOf(tasks: readonly Waiting[]) {
  const of = (pool: Pool) => tasks.filter((task) => poolsOf(task, POOLS).includes(pool));
  const calls: string[] = [];
  const store: RecordStore = Object.assign(new FakeRecord(taskIn()), {
    queue: async (pool: Pool, limit: number) => {
      calls.push(`queue ${pool.id}`);
      return { tasks: of(pool).slice(0, limit), total: of(pool).length };
    },
    unclaimed: async function* (pool: Pool) {
      calls.push(`all of ${pool.id}`);
      yield* of(pool);
    },
  });
  return { store, calls };
}

describe('what waits in several pools', () => {
  it('is counted and listed once, where a Task is of two of them', async () => {
    const { store, calls } = recordOf([
      ...many(3, [NURSES]),
      ...many(2, [CARDIOLOGY]),
      ...many(4, [NURSES, CARDIOLOGY]),
    ]);

    const waiting = await waitingIn([NURSES, CARDIOLOGY], { store });

    expect([waiting.total, waiting.tasks.length]).toEqual([9, 9]);
    expect(calls).toEqual(['queue registered-nurse', 'queue cardiology']);
  });

  it('is counted exactly where one of them was not read to its end', async () => {
    const { store, calls } = recordOf([...many(1_500, [NURSES]), ...many(7, [NURSES, CARDIOLOGY])]);

    const waiting = await waitingIn([NURSES, CARDIOLOGY], { store });

    expect(waiting.total).toBe(1_507);
    expect(calls).toHaveLength(2);
  });

  it('is counted exactly where several were not, and what they share lies beyond what was read', async () => {
    const { store } = recordOf([
      ...many(1_200, [NURSES]),
      ...many(1_100, [CARDIOLOGY]),
      ...many(30, [NURSES, CARDIOLOGY]),
    ]);

    expect((await waitingIn([NURSES, CARDIOLOGY], { store })).total).toBe(2_330);
  });

  it('is nothing for no pools', async () => {
    expect(await waitingIn([], recordOf(many(3, [NURSES])))).toEqual({ pools: [], tasks: [], total: 0 });
  });
});

describe('the longest wait in a pool', () => {
  it('is that of its oldest Task, however urgent the others are', async () => {
    const { store } = recordOf([
      ...many(5, [NURSES]),
      ...many(1, [NURSES], { priority: 'stat', authoredOn: at(1) }),
    ]);

    expect(await longestWait(NURSES, { store })).toEqual({ waiting: 6, oldest: at(4) });
    expect(await longestWait(PHARMACY, { store })).toEqual({ waiting: 0, oldest: undefined });
  });

  it('is found beyond the thousand most urgent', async () => {
    const { store } = recordOf(many(1_250, [NURSES]));

    expect(await longestWait(NURSES, { store })).toEqual({ waiting: 1_250, oldest: at(1_249) });
  });
});
