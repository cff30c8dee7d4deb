import type { MedplumClient, WithId } from '@medplum/core';
import type { Task } from '@medplum/fhirtypes';
import { CLOSED, type TaskRules } from '../routing/task.ts';
import { exceptIgnored, pages } from './requests.ts';

/** Open Tasks that are about something (`Task.focus`) and are work, page by page. */
export function openTasks(client: MedplumClient, rules: TaskRules): AsyncIterable<WithId<Task>> {
  const query = `focus:missing=false&status:not=${CLOSED.join(',')}${exceptIgnored(rules)}`;
  return pages(client, 'Task', query, new Date(0));
}
