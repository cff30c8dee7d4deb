import type { Task } from '@medplum/fhirtypes';

/** FHIR's request-priority codes in rising order. `asap` stands above `urgent`: http://hl7.org/fhir/request-priority */
export const PRIORITIES = ['routine', 'urgent', 'asap', 'stat'] as const;

export type Priority = (typeof PRIORITIES)[number];

const LABELS: Record<Priority, string> = { routine: 'Routine', urgent: 'Urgent', asap: 'ASAP', stat: 'STAT' };

/** The Task's priority; FHIR says that a missing one means routine, and so does an unknown one. */
export function priorityOf(task: Task): Priority {
  return PRIORITIES.find((priority) => priority === task.priority) ?? 'routine';
}

/** How people write it. */
export function priorityLabel(priority: Priority): string {
  return LABELS[priority];
}

/** Sorts the Task that should be taken first to the front: higher priority, then the longer wait. */
export function byUrgency(a: Task, b: Task): number {
  return (
    PRIORITIES.indexOf(priorityOf(b)) - PRIORITIES.indexOf(priorityOf(a)) ||
    waitingSince(a).localeCompare(waitingSince(b))
  );
}

/** The instant (UTC, ISO 8601) since when the patient has been waiting. */
export function waitingSince(task: Task): string {
  const stated = task.authoredOn ?? task.meta?.lastUpdated ?? new Date(0).toISOString();
  const instant = new Date(stated);
  return Number.isNaN(instant.getTime()) ? new Date(0).toISOString() : instant.toISOString();
}
