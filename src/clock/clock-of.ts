import type { Task } from '@medplum/fhirtypes';
import { type Pool, poolsOf } from '../routing/pools.ts';
import type { TaskRules } from '../routing/task.ts';
import { NO_CLOCK, type PoolClock } from './pool-clock.ts';

/** The clock of a Task: its pool's (the first, of several), or the clinic's for one that was sent to a person. */
export function clockOf(task: Task, pools: readonly Pool[], rules: TaskRules): PoolClock {
  return poolsOf(task, pools)[0]?.clock ?? rules.clock ?? NO_CLOCK;
}
