import type { Line } from '../cards/card.ts';
import { askButton, DOT } from '../cards/row.ts';
import { since } from '../routing/duration.ts';
import type { Pool } from '../routing/pools.ts';
import type { Asking } from './asking.ts';
import { count, counted } from './counting.ts';
import { pageOf } from './paging.ts';
import type { Listing, Query } from './query.ts';
import { tasks } from './tasks.ts';

/** The pools, and how they are doing. */
export const pools = {
  name: 'pools',
  label: 'Pools',
  description: 'Every pool, with what waits in it',
  takes: 'nothing',
} as const satisfies Query;

/** How one pool is doing. */
export interface PoolState {
  readonly pool: Pool;
  readonly waiting: number;
  /** Since when the patient who has waited longest has been waiting (UTC instant); undefined where nobody waits. */
  readonly oldest: string | undefined;
  /** How many may claim there now. */
  readonly people: number;
  /** Whether the one who asks is one of them. */
  readonly mine: boolean;
}

export function listPools(states: readonly PoolState[], asking: Asking): Listing {
  const { items, turn } = pageOf(states, asking.question);
  const waiting = states.filter((state) => state.waiting > 0).length;
  const held = states.filter((state) => state.mine).length;
  const busy =
    waiting === 0 ? 'nothing waits' : `Tasks wait in ${waiting === states.length ? 'all' : waiting} of them`;
  const yours =
    held === 0 ? 'you may claim in none' : `you may claim in ${held === states.length ? 'all' : held}`;
  return {
    sentence: `${count(states.length, 'pool')}: ${busy}, and ${yours}.`,
    sections: [
      {
        rows: items.map((state) => ({
          line: poolLine(state, asking.now),
          buttons: [askButton(tasks, 'Show', state.pool.id)],
        })),
      },
    ],
    ...(turn && { turn }),
  };
}

/** "**Cardiologist** (yours)  ·  3 Tasks wait, the oldest for 2 h 10 min  ·  5 people can claim". */
function poolLine({ pool, waiting, oldest, people, mine }: PoolState, now: Date): Line {
  const longest =
    oldest === undefined ? '' : `, ${waiting === 1 ? '' : 'the oldest '}for ${since(oldest, now)}`;
  const wait = `${counted(waiting, 'Task')} ${waiting === 1 ? 'waits' : 'wait'}${longest}`;
  return [
    { bold: pool.name },
    `${mine ? ' (yours)' : ''}${DOT}${waiting === 0 ? 'nothing waits' : wait}${DOT}`,
    people === 0
      ? { bold: 'nobody can claim there now' }
      : `${counted(people, 'person', 'people')} can claim there now`,
  ];
}
