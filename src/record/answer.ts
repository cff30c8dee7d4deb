import type { Communication, Task } from '@medplum/fhirtypes';
import { waitingSince } from '../routing/priority.ts';

type Message = Communication & { id: string };

/**
 * The newest answer by the staff in a thread since the Task was opened: what `Task.output` references. Drafts and
 * retracted messages are none, nor is what a device sends by itself, nor what nobody is said to have sent.
 *
 * @param messages of the thread, in any order.
 */
export function latestAnswer(messages: readonly Message[], task: Task): Message | undefined {
  const since = waitingSince(task);
  return messages
    .filter((message) => isAnswer(message, task) && heardAt(message) >= since)
    .toSorted((a, b) => heardAt(a).localeCompare(heardAt(b)))
    .at(-1);
}

/**
 * When a message was said (UTC, ISO 8601); when it was written down, where nobody says. Never later than that: the clock
 * of whoever sends may run ahead, and a message of the future would stay unanswered until then.
 */
export function heardAt({ sent, meta }: Communication): string {
  const instant = new Date(sent ?? meta?.lastUpdated ?? 0);
  const said = Number.isNaN(instant.getTime()) ? new Date(0).toISOString() : instant.toISOString();
  const written = new Date(meta?.lastUpdated ?? said).toISOString();
  return said <= written ? said : written;
}

/** https://www.medplum.com/docs/communications: a draft is in `preparation`, a retracted message `entered-in-error`. */
const SENT: readonly string[] = ['in-progress', 'completed'];

/** Who of those that R4 lets send a message answers for a clinic. */
const STAFF: readonly string[] = ['Practitioner', 'PractitionerRole', 'Organization', 'HealthcareService'];

function isAnswer({ status, sender }: Message, task: Task): boolean {
  const [type = ''] = sender?.reference?.split('/') ?? [];
  const isPatient = sender?.reference !== undefined && sender.reference === task.for?.reference;
  return SENT.includes(status) && STAFF.includes(type) && !isPatient;
}
