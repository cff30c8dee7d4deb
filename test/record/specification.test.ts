import type { PatchOperation } from '@medplum/core';
import type { Communication, Task } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import type { Member } from '../../src/routing/eligibility.ts';
import { claim } from '../../src/verbs/claim.ts';
import { complete } from '../../src/verbs/complete.ts';
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
  // "/note/-" there, which servers refuse on a Task without notes
  replaced: [
    { op: 'replace', path: '/status', value: 'cancelled' },
    {
      op: 'add',
      path: '/note',
      value: [
        {
          authorReference: { reference: 'Practitioner/doctor-gregory-house' },
          time: NOW.toISOString(),
          text: 'Rerouted to Dr. Cardio — see new Task',
        },
      ],
    },
  ],
} as const satisfies Record<string, readonly PatchOperation[]>;

/** "Create a New Task for the New Owner". */
const SPEC_NEW_TASK = {
  resourceType: 'Task',
  status: 'requested',
  intent: 'order',
  priority: created.priority,
  focus: created.focus,
  for: created.for,
  owner: cardio,
  requester: { reference: 'Practitioner/doctor-gregory-house' },
  note: [
    {
      authorReference: { reference: 'Practitioner/doctor-gregory-house' },
      time: NOW.toISOString(),
      text: 'Rerouted from original Task — needs cardiology review',
    },
  ],
};

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

describe('“Create a new Task for the new owner and mark the original as rerouted”', () => {
  const needsReview = { ...specialtyReferral, display: 'needs cardiology review' };
  const newTask: Inputs = { ...toPerson, reason: needsReview, visibility: 'new-task' };

  it('writes the new Task of the specification, with what leads back to the original', () => {
    const { successor } = doIt(reroute, newTask, claimed);

    expect(successor).toMatchObject(SPEC_NEW_TASK);
    expect(successor?.performerType).toBeUndefined();
    expect(successor).toMatchObject({
      businessStatus: { text: 'assigned' },
      extension: [
        {
          url: 'http://hl7.org/fhir/StructureDefinition/task-replaces',
          valueReference: { reference: 'Task/task-1' },
        },
      ],
      identifier: [{ system: 'urn:switchboard:successor', value: 'task-1/v1' }],
    });
  });

  it('keeps the authoredOn of the original, where the specification writes now: the patient waits since then', () => {
    const { successor } = doIt(reroute, newTask, claimed);

    expect(successor?.authoredOn).toBe(created.authoredOn);
  });

  it('writes the original as the specification does, with its owner and a businessStatus that says why', () => {
    const { task } = doIt(reroute, newTask, claimed);

    expect(task).toMatchObject({ ...applied(claimed, SPEC.replaced), businessStatus: { text: 'rerouted' } });
    expect(task.owner).toEqual(house);
  });

  it('adds what the person has noted to both, and to the notes that were there', () => {
    const note = 'Palpitations since Tuesday';
    const before = [{ text: 'Seen' }];

    const { task, successor } = doIt(reroute, { ...newTask, note }, { ...claimed, note: before });

    expect(task.note?.map(({ text }) => text)).toEqual([
      'Seen',
      'Rerouted to Dr. Cardio — see new Task\nPalpitations since Tuesday',
    ]);
    expect(successor?.note?.map(({ text }) => text)).toEqual([
      'Rerouted from original Task — needs cardiology review: Palpitations since Tuesday',
    ]);
  });

  it('gives a pool the performerType of the specification, and no owner', () => {
    const { successor } = doIt(reroute, { ...toPool, visibility: 'new-task' }, claimed);

    expect(successor?.performerType).toEqual(SPEC.toPool[2].value);
    expect(successor).toMatchObject({ status: 'requested', businessStatus: { text: 'unassigned' } });
    expect(successor?.owner).toBeUndefined();
  });

  it('“Task.focus links both to the same thread”: the new owner joins it, and the former one stays', () => {
    const before = header([homer, house]);

    const following = doIt(reroute, newTask, claimed, before, 'follow').thread;
    const literal = doIt(reroute, newTask, claimed, before, 'replace').thread;

    expect(following?.recipient).toEqual([homer, house, cardio]);
    expect(literal?.recipient).toEqual([cardio]);
  });

  it('leaves everybody in the thread where a pool has the new Task', () => {
    const before = header([homer, house]);

    const { thread } = doIt(reroute, { ...toPool, visibility: 'new-task' }, claimed, before, 'follow');

    expect(thread).toEqual(before);
  });
});

describe('“Update Task in Place: if the original owner does not need to see the Task after reroute”', () => {
  it('makes no other Task', () => {
    const { successor, task } = doIt(reroute, { ...toPerson, visibility: 'in-place' }, claimed);

    expect(successor).toBeUndefined();
    expect(task.owner).toEqual(cardio);
  });
});

describe('“output references the response Communication that resolved the Task”', () => {
  const answer: Communication & { id: string } = {
    resourceType: 'Communication',
    id: 'answer-1',
    status: 'in-progress',
    sender: house,
    sent: NOW.toISOString(),
  };
  const output = [{ type: { text: 'Response' }, valueReference: { reference: 'Communication/answer-1' } }];

  it('writes the newest answer as output of the completed Task', () => {
    const { task } = press(complete, {}, situationOf(claimed, HOUSE, { answer }));

    expect(task).toEqual({ ...claimed, status: 'completed', businessStatus: { text: 'completed' }, output });
  });

  it('adds it to the output that was there, once', () => {
    const before = [{ type: { text: 'Summary' }, valueReference: { reference: 'DocumentReference/1' } }];
    const more = press(complete, {}, situationOf({ ...claimed, output: before }, HOUSE, { answer })).task;
    const same = press(complete, {}, situationOf({ ...claimed, output }, HOUSE, { answer })).task;

    expect(more.output).toEqual([...before, ...output]);
    expect(same.output).toEqual(output);
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
