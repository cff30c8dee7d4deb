import type { Extension, Task } from '@medplum/fhirtypes';

/** On a Task: whoever has it wants no reminders of it for a while. */
export const SNOOZE_URL = 'urn:switchboard:snooze';

/** UTC instants, ISO 8601. Without an end it lasts until the patient writes. */
export interface Snooze {
  readonly start: string;
  readonly end?: string;
}

/** The snooze as it stands in `Task.extension`. */
export function snoozeExtension({ start, end }: Snooze): Extension {
  return { url: SNOOZE_URL, valuePeriod: { start, ...(end !== undefined && { end }) } };
}

/** What the Task says of a snooze, over or not; undefined where it says nothing that could be understood. */
export function snoozeOf(task: Task): { start: Date; end: Date | undefined } | undefined {
  const period = task.extension?.find(({ url }) => url === SNOOZE_URL)?.valuePeriod;
  const start = instant(period?.start);
  const end = instant(period?.end);
  // An end that cannot be read is no wish to hear nothing for ever.
  if (start === undefined || (period?.end !== undefined && end === undefined)) return undefined;
  return { start, end };
}

/**
 * Whether reminders wait: until the end, or until the patient has written since it began.
 *
 * @param newestPatientMessageAt when the patient wrote last, as far as it was read.
 */
export function isSnoozed(task: Task, now: Date, newestPatientMessageAt?: Date): boolean {
  const snooze = snoozeOf(task);
  if (snooze === undefined || (snooze.end && snooze.end <= now)) return false;
  return newestPatientMessageAt === undefined || newestPatientMessageAt <= snooze.start;
}

function instant(text: string | undefined): Date | undefined {
  const at = new Date(text ?? Number.NaN);
  return Number.isNaN(at.getTime()) ? undefined : at;
}
