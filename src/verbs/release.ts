import type { CodeableConcept } from '@medplum/fhirtypes';
import { performerTypeName } from '../routing/pools.ts';
import { ownerName, standingOf } from '../routing/task.ts';
import { closedSentence, ignoredSentence, named, owns } from './holder.ts';
import { because, NOTE_FIELD, REASON_FIELD, refuse, type Situation, type Verb } from './verb.ts';

/** Gives a Task back to the pool that it came from. */
export const release: Verb = {
  name: 'release',
  label: 'Release',
  description: 'Give your Task back to its pool',
  past: 'released',
  fields: [REASON_FIELD, NOTE_FIELD],
  needsOrigin: true,
  takesAll: true,
  reasons: 'reroute',
  offer: (standing) => (standing === 'claimed' || standing === 'assigned' ? 'menu' : undefined),
  decide: (inputs, situation) => {
    const { task, actor, rules, pools } = situation;
    const standing = standingOf(task, rules);
    if (standing === 'ignored') return refuse(ignoredSentence(task));
    if (standing === 'closed') return refuse(closedSentence(task));
    if (!task.owner) return refuse(`Nobody has ${named(task)}, so there is nothing to release.`);
    if (!owns(actor, task)) {
      return refuse(`${ownerName(task)} has this Task; only they can release it. You can reroute it.`);
    }
    const home = homeOf(situation);
    if (home === undefined)
      return refuse(`${named(task)} came from no pool. Reroute it to a pool or a person instead.`);
    return {
      kind: 'accepted',
      verb: release.name,
      guard: 'version',
      change: { status: 'requested', businessStatus: 'unassigned', owner: null, performerType: home },
      ...because(inputs),
      sentence: `${named(task)} is back in “${performerTypeName({ ...task, performerType: [...home] }, pools)}”.`,
    };
  },
};

/** A Task keeps its performerType while it is claimed; one that was sent to a person has lost it. */
function homeOf({ task, origin }: Situation): readonly CodeableConcept[] | undefined {
  if (task.performerType?.length) return task.performerType;
  return origin?.length ? origin : undefined;
}
