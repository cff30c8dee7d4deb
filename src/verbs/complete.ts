import { ownerName, standingOf } from '../routing/task.ts';
import { closedSentence, ignoredSentence, named, owns } from './holder.ts';
import { refuse, type Verb } from './verb.ts';

/** Closes a Task whose message has been answered. */
export const complete: Verb = {
  name: 'complete',
  label: 'Complete',
  description: 'Close your Task: the patient has an answer',
  past: 'completed',
  fields: [],
  confirm: 'The patient has their answer, and the Task is closed for good?',
  offer: (standing) => (standing === 'claimed' ? 'button' : undefined),
  decide: (_inputs, { task, actor, rules }) => {
    const standing = standingOf(task, rules);
    if (standing === 'ignored') return refuse(ignoredSentence(task));
    if (standing === 'closed') return refuse(closedSentence(task));
    if (!task.owner) return refuse(`Nobody has ${named(task)} yet. Claim it first.`);
    if (!owns(actor, task)) return refuse(`${ownerName(task)} has this Task; only they can complete it.`);
    if (standing === 'assigned') return refuse(`${named(task)} is assigned to you. Accept it first.`);
    return {
      kind: 'accepted',
      verb: complete.name,
      guard: 'version',
      change: { status: 'completed', businessStatus: 'completed' },
      sentence: `${named(task)} is completed.`,
    };
  },
};
