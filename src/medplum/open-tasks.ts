import type { MedplumClient, WithId } from '@medplum/core';
import type { Task } from '@medplum/fhirtypes';
import { CLOSED, type TaskRules } from '../routing/task.ts';
import { pages } from './requests.ts';

/** Open Tasks that are about something (`Task.focus`) and are work, page by page. */
export function openTasks(client: MedplumClient, rules: TaskRules): AsyncIterable<WithId<Task>> {
  const notIgnored = rules.ignoredCodes.map(
    ({ system, code }) => `code:not=${encodeURIComponent(`${system}|${code}`)}`,
  );
  const query = ['focus:missing=false', `status:not=${CLOSED.join(',')}`, ...notIgnored].join('&');
  return pages(client, 'Task', query, new Date(0));
}
