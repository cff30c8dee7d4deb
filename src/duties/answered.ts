import type { Task } from '@medplum/fhirtypes';
import { heardAt, latestAnswer } from '../record/answer.ts';
import type { Author } from '../record/writes.ts';
import { complete } from '../verbs/complete.ts';
import type { Accepted } from '../verbs/verb.ts';
import { fromPatient, type Message, nameOnly } from './thread.ts';

/** Whose answer in the thread completes the Task: its owner's, that of anybody but the patient, or nobody's. */
export type Answerer = 'owner' | 'staff' | 'nobody';

export const ANSWERERS: readonly Answerer[] = ['owner', 'staff', 'nobody'];

/** A decision that the one who answered stands for. */
export interface Completion {
  readonly decision: Accepted;
  readonly author: Author;
}

/**
 * Completes a Task whose patient has an answer, with that answer as its `output`. A patient who wrote once more after
 * the answer still waits, and so the Task stays open.
 *
 * A Task that nobody has gets whoever answered as its owner, where that is a Practitioner: the specification's `owner`
 * is who is responsible, and nobody else has been. One that somebody has stays theirs; the Provenance says who answered.
 *
 * @param owner the references that the Task's owner answers under: their Practitioner, and their PractitionerRoles.
 */
export function completionOf(
  task: Task,
  messages: readonly Message[],
  rule: Answerer,
  owner: readonly string[],
): Completion | undefined {
  if (rule === 'nobody' || task.status === 'draft') return undefined;
  const counting =
    rule === 'staff' ? messages : messages.filter(({ sender }) => owner.includes(sender?.reference ?? ''));
  const answer = latestAnswer(counting, task);
  const sender = answer?.sender;
  if (answer === undefined || sender === undefined) return undefined;
  const saidLast = fromPatient(messages).at(-1);
  if (saidLast && heardAt(saidLast) >= heardAt(answer)) return undefined;
  const reference = `Communication/${answer.id}`;
  // Completed with this answer once, and opened again by somebody who knows better.
  if (task.output?.some(({ valueReference }) => valueReference?.reference === reference)) return undefined;
  const takesOver = task.owner === undefined && sender.reference?.startsWith('Practitioner/');
  return {
    decision: {
      kind: 'accepted',
      verb: complete.name,
      guard: 'version',
      change: {
        status: 'completed',
        businessStatus: 'completed',
        output: { reference },
        ...(takesOver && { owner: nameOnly(sender) }),
      },
      sentence: 'The patient has an answer.',
    },
    author: { who: nameOnly(sender) },
  };
}
