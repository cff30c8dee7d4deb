import { isActive, type Member, nameOf, referenceTo, rolesNow } from '../routing/eligibility.ts';
import {
  joinWords,
  type Pool,
  performerTypeName,
  performerTypeOf,
  poolsOf,
  rerouteTargets,
} from '../routing/pools.ts';
import { standingOf } from '../routing/task.ts';
import { closedSentence, ignoredSentence, named, owns } from './holder.ts';
import {
  because,
  type Decision,
  type Inputs,
  NOTE_FIELD,
  REASON_FIELD,
  refuse,
  type Situation,
  TARGET_FIELD,
  type Verb,
} from './verb.ts';

/** Sends a Task to another pool or to a person, and says why: the specification's "Reroute". */
export const reroute: Verb = {
  name: 'reroute',
  label: 'Reroute',
  description: 'Send a Task to a pool or a person, with a reason',
  past: 'rerouted',
  fields: [TARGET_FIELD, REASON_FIELD, NOTE_FIELD],
  offer: (standing) => (standing === 'closed' || standing === 'ignored' ? undefined : 'button'),
  decide: (inputs, situation) => {
    const { task, actor, rules, now } = situation;
    const standing = standingOf(task, rules);
    if (standing === 'ignored') return refuse(ignoredSentence(task));
    if (standing === 'closed') return refuse(closedSentence(task));
    if (rolesNow(actor, now).length === 0) {
      return refuse(
        'You have no active role in the record, so you cannot reroute Tasks. Ask your administrator for one.',
      );
    }
    if (inputs.target === undefined) return refuse('Say where it should go: a pool or a person.', 'target');
    return inputs.target.kind === 'pool'
      ? toPool(inputs.target.pool, inputs, situation)
      : toPerson(inputs.target.member, inputs, situation);
  },
};

function toPool(pool: Pool, inputs: Inputs, { task, pools }: Situation): Decision {
  const waitsThere = !task.owner && task.performerType?.length === 1 && poolsOf(task, pools).includes(pool);
  if (waitsThere) return refuse(`${named(task)} already waits in “${pool.name}”.`, 'target');
  const allowed = rerouteTargets(task, pools);
  if (!allowed.includes(pool)) {
    const names = joinWords(allowed.map((one) => `“${one.name}”`)) ?? 'no pool';
    return refuse(`From “${performerTypeName(task, pools)}”, Tasks can go to ${names}.`, 'target');
  }
  return {
    ...accepted(inputs),
    change: {
      status: 'requested',
      businessStatus: 'unassigned',
      owner: null,
      performerType: performerTypeOf(pool),
    },
    sentence: `${named(task)} went to “${pool.name}”: ${inputs.reason?.display}.`,
  };
}

function toPerson(member: Member, inputs: Inputs, { task, actor, now }: Situation): Decision {
  const { practitioner } = member;
  const name = nameOf(practitioner);
  if (practitioner.id === actor.practitioner.id) {
    return owns(actor, task)
      ? refuse(`${named(task)} is already yours.`, 'target')
      : refuse('To take a Task yourself, claim it.', 'target');
  }
  if (owns(member, task)) return refuse(`${name} already has this Task.`, 'target');
  if (!isActive(practitioner))
    return refuse(`${name} is not active in the record and cannot be given Tasks.`, 'target');
  if (rolesNow(member, now).length === 0) {
    return refuse(`${name} has no active role in the record and cannot be given Tasks.`, 'target');
  }
  return {
    ...accepted(inputs),
    // The new owner has accepted nothing yet, so the status must say so.
    change: {
      status: 'requested',
      businessStatus: 'assigned',
      owner: referenceTo(practitioner),
      performerType: null,
    },
    sentence: `${named(task)} went to ${name}: ${inputs.reason?.display}.`,
  };
}

function accepted(inputs: Inputs) {
  return { kind: 'accepted', verb: reroute.name, guard: 'version', ...because(inputs) } as const;
}
