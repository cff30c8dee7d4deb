import type { Coding, Communication, PractitionerRole, Task } from '@medplum/fhirtypes';
import type { Member } from '../../src/routing/eligibility.ts';
import { type Pool, performerTypeOf } from '../../src/routing/pools.ts';
import { DEFAULT_TASK_RULES, READ_RECEIPT, type Standing } from '../../src/routing/task.ts';
import type { Situation } from '../../src/verbs/verb.ts';

/*
 * A small clinic for rules that need no server: three pools, their people, and Tasks in every standing.
 */

export const SNOMED = 'http://snomed.info/sct';

export const NOW = new Date('2026-03-02T10:00:00.000Z');

export const NURSES = pool('registered-nurse', 'Registered nurse', '224535009');
export const CARDIOLOGY = pool('cardiology', 'Cardiologist', '17561000');
export const PHARMACY = pool('pharmacy', 'Pharmacist', '46255001');
export const POOLS: readonly Pool[] = [NURSES, CARDIOLOGY, PHARMACY];

/** A pool with one channel, `C-<id>`. */
export function pool(id: string, name: string, code: string, more: Partial<Pool> = {}): Pool {
  const performerType = { system: SNOMED, code, display: name };
  return {
    id,
    name,
    performerType,
    channels: [{ platform: 'chat', channel: `C-${id}`, privacy: 'none' }],
    ...more,
  };
}

export const ANA = person('ana', 'Ana Silva', [NURSES]);
export const CHIDI = person('chidi', 'Chidi Okafor', [NURSES]);
export const BEN = person('ben', 'Ben Carter', [CARDIOLOGY]);
/** Of two pools. */
export const GRACE = person('grace', 'Grace Osei', [NURSES, CARDIOLOGY]);
/** Written from right to left. */
export const NOA = person('noa', 'נועה לוי', [NURSES, PHARMACY]);
/** Whose name begins with one character that is made of several. */
export const EMOJI = person('emoji', '👩🏽‍⚕️ Zoë 𝒬uick', [PHARMACY]);
export const INACTIVE = person('lena', 'Lena Fischer', [NURSES], { active: false });
export const NO_ROLE = person('ivy', 'Ivy Novak', []);
export const ENDED: Member = {
  ...person('pat', 'Pat Doyle', []),
  roles: [role('pat', NURSES.performerType, { period: { end: '2020-12-31' } })],
};

export const EVERYBODY: readonly Member[] = [ANA, CHIDI, BEN, GRACE, NOA, EMOJI, INACTIVE, NO_ROLE, ENDED];

export function person(
  id: string,
  name: string,
  pools: readonly Pool[],
  more: { active?: boolean } = {},
): Member {
  return {
    practitioner: { resourceType: 'Practitioner', id, name: [{ text: name }], ...more },
    roles: pools.map((one) => role(id, one.performerType)),
  };
}

export function role(
  practitionerId: string,
  coding: Coding,
  more: Partial<PractitionerRole> = {},
): PractitionerRole {
  return {
    resourceType: 'PractitionerRole',
    practitioner: { reference: `Practitioner/${practitionerId}` },
    code: [{ coding: [coding] }],
    ...more,
  };
}

export const TASK_ID = 'a1b2c3d4-0000-4000-8000-000000000001';

/** A Task that nobody has and that waits in no pool, with what the test adds. */
export function bareTask(more: Partial<Task> = {}): Task & { id: string } {
  return {
    resourceType: 'Task',
    id: TASK_ID,
    meta: { versionId: 'v1', lastUpdated: '2026-03-02T09:00:00.000Z' },
    status: 'requested',
    intent: 'order',
    focus: { reference: 'Communication/header' },
    for: { reference: 'Patient/homer-simpson', display: 'Homer Simpson' },
    authoredOn: '2026-03-02T09:00:00.000Z',
    ...more,
  };
}

/** A Task that waits in the pool (nurses, if not said). */
export function taskIn(where: Pool = NURSES, more: Partial<Task> = {}): Task & { id: string } {
  return bareTask({ performerType: performerTypeOf(where), ...more });
}

/** A Task that the person has claimed from the nurses' pool. */
export function claimedBy(member: Member, more: Partial<Task> = {}): Task & { id: string } {
  return taskIn(NURSES, { status: 'accepted', owner: refTo(member), ...more });
}

export function refTo(member: Member): { reference: string; display: string } {
  return {
    reference: `Practitioner/${member.practitioner.id}`,
    display: member.practitioner.name?.[0]?.text ?? '',
  };
}

/** A Task in each standing; where somebody has it, Ana does. */
export const STANDING_TASKS: Readonly<Record<Standing, Task & { id: string }>> = {
  unclaimed: taskIn(),
  assigned: taskIn(NURSES, { owner: refTo(ANA) }),
  claimed: claimedBy(ANA),
  closed: claimedBy(ANA, { status: 'completed' }),
  ignored: taskIn(NURSES, { code: { coding: [READ_RECEIPT] } }),
  paused: taskIn(NURSES, { status: 'on-hold' }),
};

export const STANDINGS: readonly Standing[] = [
  'unclaimed',
  'assigned',
  'claimed',
  'closed',
  'ignored',
  'paused',
];

/** The thread header, with these recipients. */
export function header(
  recipient: Communication['recipient'],
  more: Partial<Communication> = {},
): Communication & { id: string } {
  return {
    resourceType: 'Communication',
    id: 'header',
    meta: { versionId: 'h1' },
    status: 'in-progress',
    subject: { reference: 'Patient/homer-simpson' },
    ...(recipient && { recipient }),
    ...more,
  };
}

/** What a verb looks at when this person presses. */
export function situationOf(
  task: Task & { id: string },
  actor: Member,
  more: Partial<Situation> = {},
): Situation {
  return {
    task,
    thread: undefined,
    provenances: [],
    actor,
    pools: POOLS,
    rules: DEFAULT_TASK_RULES,
    now: NOW,
    ...more,
  };
}
