import type { PatchOperation } from '@medplum/core';
import type { Communication, Task } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import type { Member } from '../../src/routing/eligibility.ts';
import { claim } from '../../src/verbs/claim.ts';
import { reroute } from '../../src/verbs/reroute.ts';
import type { Inputs, Verb } from '../../src/verbs/verb.ts';
import { CARDIOLOGY, header, NOW, NURSES, person, situationOf } from '../support/pure-clinic.ts';
import { specialtyReferral } from '../support/pure-reasons.ts';
import { applied, press } from '../support/pure-record.ts';

/*
 * The examples of "Message Response Tracking and Routing", word for word, and beside each what Switchboard writes.
 */

const HOUSE = doctor('doctor-gregory-house', { prefix: ['Dr.'], given: ['Gregory'], family: 'House' });
const CARDIO = doctor('dr-cardio', { text: 'Dr. Cardio' });

const house = { reference: 'Practitioner/doctor-gregory-house', display: 'Dr. Gregory House' } as const;
const cardio = { reference: 'Practitioner/dr-cardio', display: 'Dr. Cardio' } as const;
const homer = { reference: 'Patient/homer-simpson', display: 'Homer Simpson' } as const;

/** "Create a Task for a Thread". */
const created: Task & { id: string } = {
  resourceType: 'Task',
  id: 'task-1',
  meta: { versionId: 'v1' },
  status: 'requested',
  intent: 'order',
  priority: 'routine',
  focus: { reference: 'Communication/header' },
  for: homer,
  performerType: [
    { coding: [{ system: 'http://snomed.info/sct', code: '224535009', display: 'Registered nurse' }] },
  ],
  requester: { reference: 'Practitioner/doctor-alice-smith' },
  authoredOn: '2026-03-02T09:00:00.000Z',
};

const claimed: Task & { id: string } = {
  ...created,
  status: 'accepted',
  owner: house,
  businessStatus: { text: 'claimed' },
};

/** The specification's patches. */
const SPEC = {
  claim: [
    { op: 'replace', path: '/status', value: 'accepted' },
    { op: 'add', path: '/owner', value: house }, // "replace" there, which servers refuse on a Task without owner
  ],
  toPerson: [
    { op: 'replace', path: '/owner', value: cardio },
    { op: 'remove', path: '/performerType' },
  ],
  recipientToPerson: [{ op: 'replace', path: '/recipient', value: [cardio] }],
  toPool: [
    { op: 'remove', path: '/owner' },
    { op: 'replace', path: '/status', value: 'requested' },
    {
      op: 'add',
      path: '/performerType',
      value: [{ coding: [{ system: 'http://snomed.info/sct', code: '17561000', display: 'Cardiologist' }] }],
    },
  ],
  recipientToPool: [{ op: 'remove', path: '/recipient' }],
} as const satisfies Record<string, readonly PatchOperation[]>;

const toPerson: Inputs = { target: { kind: 'person', member: CARDIO }, reason: specialtyReferral };
const toPool: Inputs = { target: { kind: 'pool', pool: CARDIOLOGY }, reason: specialtyReferral };

describe('“When a team member picks up the Task, update status to accepted and set owner to the specific Practitioner”', () => {
  it('writes the Task of the specification, with a businessStatus in step', () => {
    const { task } = doIt(claim, {}, created);

    expect(task).toEqual({ ...applied(created, SPEC.claim), businessStatus: { text: 'claimed' } });
  });
});

describe('“Update Task.owner and Communication.recipient to reassign the thread”', () => {
  it('writes the owner and takes the performerType away, and the status says that nothing is accepted yet', () => {
    const { task } = doIt(reroute, toPerson, claimed);

    expect(task).toEqual({
      ...applied(claimed, SPEC.toPerson),
      status: 'requested',
      businessStatus: { text: 'assigned' },
    });
  });

  it('writes the recipient of the specification, in both ways to do it', () => {
    for (const rule of ['follow', 'replace'] as const) {
      const before = header([house]);

      const { thread } = doIt(reroute, toPerson, claimed, before, rule);

      expect(thread).toEqual(applied(before, SPEC.recipientToPerson));
    }
  });
});

describe('“Clear Task.owner, set Task.performerType to the role type, and clear Communication.recipient”', () => {
  it('writes the Task of the specification, with a businessStatus in step', () => {
    const { task } = doIt(reroute, toPool, claimed);

    expect(task).toEqual({ ...applied(claimed, SPEC.toPool), businessStatus: { text: 'unassigned' } });
  });

  it('writes the recipient of the specification, in both ways to do it', () => {
    for (const rule of ['follow', 'replace'] as const) {
      const before = header([house]);

      const { thread } = doIt(reroute, toPool, claimed, before, rule);

      expect(thread).toEqual(applied(before, SPEC.recipientToPool));
    }
  });

  it('keeps the patient and the others who are in the thread, unless it is told to be literal', () => {
    const everybody = header([homer, { reference: 'Practitioner/doctor-alice-smith' }, house]);

    const following = doIt(reroute, toPool, claimed, everybody, 'follow').thread;
    const literal = doIt(reroute, toPool, claimed, everybody, 'replace').thread;

    expect(following?.recipient).toEqual([homer, { reference: 'Practitioner/doctor-alice-smith' }]);
    expect(literal).toEqual(applied(everybody, SPEC.recipientToPool));
  });
});

describe('“Notes are an array, so each reroute adds an entry with the author and timestamp”', () => {
  const text = 'Rerouting to cardiology — patient has new cardiac symptoms';

  it.each([
    ['the first note', undefined],
    ['one more note', [{ text: 'Seen' }]],
  ])('adds %s', (_title, before) => {
    const task = { ...claimed, ...(before && { note: before }) };

    const { task: after } = doIt(reroute, { ...toPerson, note: text }, task);

    expect(after.note).toEqual([
      ...(before ?? []),
      {
        authorReference: { reference: 'Practitioner/doctor-gregory-house', display: 'Dr. Gregory House' },
        time: NOW.toISOString(),
        text,
      },
    ]);
  });
});

describe('“Create a Provenance resource alongside the Task update. Provenance.reason accepts coded values”', () => {
  it('writes the Provenance of the specification, with what was done beside it', () => {
    const { provenance } = doIt(reroute, toPerson, claimed);

    expect(provenance).toMatchObject({
      resourceType: 'Provenance',
      target: [{ reference: 'Task/task-1' }],
      recorded: NOW.toISOString(),
      agent: [{ who: house }, {}],
      reason: [
        {
          coding: [
            {
              system: 'https://medplum.com/CodeSystem/reroute-reason',
              code: 'specialty-referral',
              display: 'Specialty referral',
            },
          ],
        },
      ],
      activity: { coding: expect.arrayContaining([expect.objectContaining({ code: 'reroute' })]) },
      entity: [{ role: 'revision', what: { reference: 'Task/task-1/_history/v1' } }],
    });
  });
});

function doIt(
  verb: Verb,
  inputs: Inputs,
  task: Task & { id: string },
  thread: (Communication & { id: string }) | undefined = undefined,
  rule: 'follow' | 'replace' = 'follow',
) {
  return press(verb, inputs, situationOf(task, HOUSE, { thread }), rule);
}

function doctor(
  id: string,
  name: { text?: string; prefix?: string[]; given?: string[]; family?: string },
): Member {
  const base = person(id, '', [NURSES]);
  return { ...base, practitioner: { ...base.practitioner, name: [name] } };
}
