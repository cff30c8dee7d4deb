import type { Task } from '@medplum/fhirtypes';
import type { Pool } from '../data/clinic.ts';

const WAITING = new Set<string>(['requested', 'ready']);

/** The Tasks that nobody has yet and that this pool's people may claim. */
export function waitingIn(pool: Pool, tasks: readonly Task[]): readonly Task[] {
  return tasks.filter(
    (task) =>
      task.owner === undefined &&
      WAITING.has(task.status) &&
      task.performerType?.some((type) =>
        type.coding?.some((coding) => coding.system === pool.system && coding.code === pool.code),
      ),
  );
}
