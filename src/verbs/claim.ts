import { mayClaim, nameOf, referenceTo, roleNames } from '../routing/eligibility.ts';
import { joinWords, performerTypeName } from '../routing/pools.ts';
import { ownerName, standingOf } from '../routing/task.ts';
import { closedSentence, ignoredSentence, named, owns } from './holder.ts';
import { type Decision, refuse, type Situation, type Verb } from './verb.ts';

/** Takes a Task out of its pool: the specification's "Claim a Task from the Pool". */
export const claim: Verb = {
  name: 'claim',
  label: 'Claim',
  description: 'Take a Task from your pool',
  past: 'claimed',
  fields: [],
  style: 'primary',
  offer: (standing) => (standing === 'unclaimed' ? 'button' : undefined),
  decide: (_inputs, situation) => {
    const { task, actor, rules } = situation;
    const standing = standingOf(task, rules);
    switch (standing) {
      case 'ignored':
        return refuse(ignoredSentence(task));
      case 'closed':
        return refuse(closedSentence(task));
      case 'paused':
        return refuse(`${named(task)} is ${task.status} in the record and cannot be claimed now.`);
      case 'assigned':
        if (owns(actor, task))
          return refuse(`${named(task)} is assigned to you. Accept it instead of claiming it.`);
        return refuse(
          `${ownerName(task)} has been assigned this Task. Reroute it if it must go to somebody else.`,
        );
      case 'claimed':
        if (owns(actor, task)) return refuse(`You already have ${named(task)}.`);
        return refuse(`${ownerName(task)} already has this Task. Ask for it to be released, or reroute it.`);
      case 'unclaimed':
        return takeFromPool(situation);
      default:
        return standing satisfies never;
    }
  },
};

function takeFromPool({ task, actor, pools, now }: Situation): Decision {
  const wanted = performerTypeName(task, pools);
  if (wanted === undefined)
    return refuse(`${named(task)} waits in no pool, so nobody can claim it. Reroute it to a pool first.`);
  if (!mayClaim(task, actor, now)) {
    const held = joinWords(roleNames(actor, now).map((name) => `“${name}”`));
    const yours =
      held === undefined ? 'you have no active role in the record' : `your role in the record is ${held}`;
    return refuse(`This Task is for “${wanted}”, and ${yours}. You can reroute it.`);
  }
  return {
    kind: 'accepted',
    verb: claim.name,
    guard: 'unclaimed',
    change: { status: 'accepted', businessStatus: 'claimed', owner: referenceTo(actor.practitioner) },
    sentence: `${nameOf(actor.practitioner)}, ${named(task)} is yours.`,
  };
}
