import { ownerName, standingOf } from '../routing/task.ts';
import { closedSentence, ignoredSentence, named, owns } from './holder.ts';
import { refuse, type Verb } from './verb.ts';

/** Says yes to a Task that somebody else assigned: the status follows, the owner stays. */
export const accept: Verb = {
  name: 'accept',
  label: 'Accept',
  description: 'Say yes to a Task that was assigned to you',
  past: 'accepted',
  fields: [],
  style: 'primary',
  offer: (standing) => (standing === 'assigned' ? 'button' : undefined),
  decide: (_inputs, { task, actor, rules }) => {
    const standing = standingOf(task, rules);
    if (standing === 'ignored') return refuse(ignoredSentence(task));
    if (standing === 'closed') return refuse(closedSentence(task));
    if (standing === 'unclaimed') return refuse(`${named(task)} is assigned to nobody. Claim it instead.`);
    if (standing === 'paused')
      return refuse(`${named(task)} is ${task.status} in the record and assigned to nobody.`);
    if (!owns(actor, task))
      return refuse(`${ownerName(task)} has been assigned this Task; only they can accept it.`);
    if (standing === 'claimed') return refuse(`You already have ${named(task)}.`);
    return {
      kind: 'accepted',
      verb: accept.name,
      guard: 'version',
      change: { status: 'accepted', businessStatus: 'claimed' },
      sentence: `${named(task)} is yours.`,
    };
  },
};
