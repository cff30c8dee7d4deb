import type { CodeableConcept, Practitioner, Reference } from '@medplum/fhirtypes';
import { isActive, type Member, nameOf, referenceTo, rolesNow } from '../routing/eligibility.ts';
import {
  joinWords,
  type Pool,
  performerTypeName,
  performerTypeOf,
  poolsOf,
  rerouteTargets,
  type Visibility,
} from '../routing/pools.ts';
import { ownerName, standingOf } from '../routing/task.ts';
import { closedSentence, ignoredSentence, named, owns } from './holder.ts';
import {
  type Accepted,
  type BusinessStatus,
  because,
  type Decision,
  type Inputs,
  MISSING,
  NOTE_FIELD,
  REASON_FIELD,
  refuse,
  type Situation,
  TARGET_FIELD,
  type Verb,
  VISIBILITY_FIELD,
} from './verb.ts';

/** Sends a Task to another pool or to a person, and says why: the specification's "Reroute". */
export const reroute: Verb = {
  name: 'reroute',
  label: 'Reroute',
  description: 'Send a Task to a pool or a person, with a reason',
  past: 'rerouted',
  fields: [TARGET_FIELD, REASON_FIELD, VISIBILITY_FIELD, NOTE_FIELD],
  reasons: 'reroute',
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
    if (inputs.target === undefined) return refuse(MISSING.target, 'target');
    return inputs.target.kind === 'pool'
      ? toPool(inputs.target.pool, inputs, situation)
      : toPerson(inputs.target.member, inputs, situation);
  },
};

function toPool(pool: Pool, inputs: Inputs, situation: Situation): Decision {
  const { task, pools } = situation;
  const waitsThere = !task.owner && task.performerType?.length === 1 && poolsOf(task, pools).includes(pool);
  if (waitsThere) return refuse(`${named(task)} already waits in “${pool.name}”.`, 'target');
  const allowed = rerouteTargets(task, pools);
  if (!allowed.includes(pool)) {
    const names = joinWords(allowed.map((one) => `“${one.name}”`)) ?? 'no pool';
    return refuse(`From “${performerTypeName(task, pools)}”, Tasks can go to ${names}.`, 'target');
  }
  return accepted(inputs, situation, {
    name: pool.name,
    said: `“${pool.name}”`,
    owner: null,
    performerType: performerTypeOf(pool),
    businessStatus: 'unassigned',
  });
}

function toPerson(member: Member, inputs: Inputs, situation: Situation): Decision {
  const { task, actor, now } = situation;
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
  return accepted(inputs, situation, {
    name,
    said: name,
    owner: referenceTo(practitioner),
    performerType: null,
    businessStatus: 'assigned',
  });
}

/** Where the Task goes, and how it stands there: nobody has accepted anything yet. */
interface Destination {
  readonly name: string;
  /** As a sentence names it. */
  readonly said: string;
  readonly owner: Reference<Practitioner> | null;
  readonly performerType: readonly CodeableConcept[] | null;
  readonly businessStatus: BusinessStatus;
}

function accepted(inputs: Inputs, situation: Situation, to: Destination): Accepted {
  const { task } = situation;
  const visibility = inputs.visibility ?? visibilityOf(situation);
  const base = { kind: 'accepted', verb: reroute.name, guard: 'version', ...because(inputs) } as const;
  const sentence = [
    `${named(task)} went to ${to.said}: ${inputs.reason?.display}.`,
    ...sightSentence(situation, visibility),
  ].join(' ');
  const { owner, performerType, businessStatus } = to;
  if (visibility === 'in-place')
    return { ...base, change: { status: 'requested', businessStatus, owner, performerType }, sentence };
  return {
    ...base,
    change: { status: 'cancelled', businessStatus: 'rerouted' },
    successor: {
      ...(owner && { owner }),
      ...(performerType && { performerType }),
      businessStatus,
      note: `Rerouted from original Task — ${[inputs.reason?.display, inputs.note].filter(Boolean).join(': ')}`,
    },
    note: [`Rerouted to ${to.name} — see new Task`, inputs.note].filter(Boolean).join('\n'),
    sentence,
  };
}

/** The way of the pools that the Task leaves. Sight that is lost is not given back, so one that keeps it is enough. */
function visibilityOf({ task, pools }: Situation): Visibility {
  return poolsOf(task, pools).some((pool) => pool.visibility === 'new-task') ? 'new-task' : 'in-place';
}

/** Who will still see what. */
function sightSentence({ task, actor }: Situation, visibility: Visibility): string[] {
  const isOwn = owns(actor, task);
  if (visibility === 'new-task') {
    if (!task.owner) return ['It goes on as a new Task.'];
    const keeps = isOwn ? 'you keep' : `${ownerName(task)} keeps`;
    return [`It goes on as a new Task; ${keeps} the closed one in sight.`];
  }
  if (!task.owner) return [];
  return [isOwn ? 'You lose sight of it.' : `${ownerName(task)} loses sight of it.`];
}
