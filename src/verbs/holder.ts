import type { Task } from '@medplum/fhirtypes';
import type { Member } from '../routing/eligibility.ts';
import { ownerName, shortReference, standingOf } from '../routing/task.ts';
import { type Refused, refuse, type Situation } from './verb.ts';

/** True when the person owns the Task. */
export function owns(member: Member, task: Task): boolean {
  return task.owner?.reference === `Practitioner/${member.practitioner.id}`;
}

/** "Task `a1b2c3`": how sentences name a Task. Never by its content. */
export function named(task: Task & { id: string }): string {
  return `Task ${shortReference(task.id)}`;
}

/**
 * Why somebody cannot do what only whoever has claimed the Task can; undefined for that person.
 *
 * @param what it is, after "only they can".
 */
export function onlyHolder({ task, actor, rules }: Situation, what: string): Refused | undefined {
  const standing = standingOf(task, rules);
  if (standing === 'ignored') return refuse(ignoredSentence(task));
  if (standing === 'closed') return refuse(closedSentence(task));
  if (!task.owner) return refuse(`Nobody has ${named(task)} yet. Claim it first.`);
  if (!owns(actor, task)) return refuse(`${ownerName(task)} has this Task; only they can ${what}.`);
  if (standing === 'assigned') return refuse(`${named(task)} is assigned to you. Accept it first.`);
  return undefined;
}

/** Why nothing can be done to a closed Task. */
export function closedSentence(task: Task & { id: string }): string {
  if (isReplaced(task))
    return `${named(task)} was rerouted, and a new Task has taken its place. Its card says which one.`;
  const who = task.status === 'completed' && task.owner ? ` by ${ownerName(task)}` : '';
  return `${named(task)} is already ${task.status}${who}; there is nothing left to do.`;
}

/** True when another Task has taken this one's place: whoever had it only keeps it in sight. */
export function isReplaced(task: Task): boolean {
  return task.status === 'cancelled' && task.businessStatus?.text === 'rerouted';
}

/** Why bookkeeping Tasks (read receipts) are left alone. */
export function ignoredSentence(task: Task & { id: string }): string {
  return `${named(task)} is not a patient message that waits for an answer; it is left as it is.`;
}
