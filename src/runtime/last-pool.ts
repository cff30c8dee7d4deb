import type { Task } from '@medplum/fhirtypes';
import { withRetries } from './patience.ts';
import type { RecordStore } from './ports/record.ts';

/** The performerType that a Task has, or had last: one that was sent to a person has lost it; its history has it. */
export async function lastPoolOf(
  task: Task & { id: string },
  store: Pick<RecordStore, 'versions'>,
): Promise<Task['performerType']> {
  if (task.performerType?.length) return task.performerType;
  const versions = await withRetries(() => store.versions(task.id));
  return versions.find(({ performerType }) => performerType?.length)?.performerType;
}
