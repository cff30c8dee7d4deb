import type { Provenance, Task } from '@medplum/fhirtypes';
import { heardAt } from '../record/answer.ts';
import { deedOf } from '../record/provenance.ts';
import { PRIORITIES, type Priority, priorityLabel, priorityOf, waitingSince } from '../routing/priority.ts';
import type { Accepted } from '../verbs/verb.ts';
import { INTAKE } from './intake.ts';
import { fromPatient, isAnswered, type Message } from './thread.ts';
import { mostUrgent } from './urgency.ts';

/** What more messages of the patient do to a Task that is open already. */
export interface FollowUpRules {
  /** So many messages without an answer raise the priority to this, where it is lower. */
  readonly raise: readonly { readonly messages: number; readonly to: Priority }[];
}

/** In `Provenance.activity`: the patient wrote again, and the Task became more urgent. */
export const RAISE = 'raise';

/**
 * What the patient has said since the Task was opened, and since somebody answered: the messages that the Task does not
 * stand for yet. In the order in which they were said.
 */
export function followUpsOf(task: Task, messages: readonly Message[]): Message[] {
  const opener = task.identifier?.find(({ system }) => system === INTAKE)?.value;
  const said = fromPatient(messages).filter(({ id }) => id !== opener);
  const waiting = said.filter((message) => !isAnswered(message, messages, task));
  if (task.authoredOn !== undefined) {
    const opened = waitingSince(task);
    // Where the Task says by which message it was opened, another one of that instant came with it, and not before.
    return waiting.filter((message) =>
      opener === undefined ? heardAt(message) > opened : heardAt(message) >= opened,
    );
  }
  // A Task that does not say since when it is open stands for the first message that is there.
  return waiting.length < said.length ? waiting : waiting.slice(1);
}

/**
 * Makes a Task as urgent as the patient's further messages ask for: by their number, or by what they say of themselves.
 * Only ever upwards, and once for each message: whoever lowers it again is not argued with.
 *
 * @param provenances newest first.
 */
export function raiseOf(
  task: Task & { id: string },
  provenances: readonly Provenance[],
  messages: readonly Message[],
  rules: FollowUpRules,
): Accepted | undefined {
  const followUps = followUpsOf(task, messages);
  const newest = followUps.at(-1);
  const raised = provenances.map(deedOf).find((deed) => deed?.verb === RAISE);
  if (newest === undefined || (raised && raised.at >= heardAt(newest))) return undefined;
  const byNumber = rules.raise.filter((rule) => followUps.length >= rule.messages).map(({ to }) => to);
  const priority = mostUrgent([...byNumber, ...followUps.map((message) => message.priority)]);
  if (PRIORITIES.indexOf(priority) <= PRIORITIES.indexOf(priorityOf(task))) return undefined;
  return {
    kind: 'accepted',
    verb: RAISE,
    guard: 'version',
    change: { priority },
    sentence: `The patient wrote again; the priority is ${priorityLabel(priority)} now.`,
  };
}
