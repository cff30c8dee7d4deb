import { MedplumClient } from '@medplum/core';
import type { Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clinic, eventually, openClinic } from '../support/clinic.ts';
import { buttonsOf, wordsOf } from '../support/flow-card.ts';

const NURSES = 'C0NURSES';
const CARDIO = 'C0CARDIO';
const ANA = 'U0ANA';

describe('a Task that is changed in another application', () => {
  let clinic: Clinic;
  let medplum: MedplumClient;
  beforeAll(async () => {
    clinic = await openClinic();
    medplum = new MedplumClient({ baseUrl: `${clinic.sandbox.url}/`, cacheTime: 0 });
    await medplum.startClientLogin('sandbox', 'sandbox');
  });
  afterAll(() => clinic?.close());

  const change = (taskId: string, patch: Parameters<MedplumClient['patchResource']>[2]) =>
    medplum.patchResource('Task', taskId, patch);

  const cardSays = (taskId: string, channel: string, words: string) =>
    eventually(async () => expect(wordsOf(await clinic.card(taskId, channel))).toContain(words));

  it.each<{
    what: string;
    patch: Parameters<MedplumClient['patchResource']>[2];
    says: string;
    buttons: string[];
  }>([
    {
      what: 'claimed there',
      patch: [
        { op: 'replace', path: '/status', value: 'accepted' },
        { op: 'add', path: '/owner', value: { reference: 'Practitioner/x', display: 'Hana Castro' } },
      ],
      says: '✅ *Hana Castro* has this.',
      buttons: ['Complete', 'Reroute', 'Release', 'Escalate', 'Snooze', 'Add note', 'History'],
    },
    {
      what: 'assigned there',
      patch: [{ op: 'add', path: '/owner', value: { reference: 'Practitioner/x', display: 'Hana Castro' } }],
      says: 'Assigned to *Hana Castro*. Not accepted yet.',
      buttons: ['Accept', 'Reroute', 'Release', 'Escalate', 'Add note', 'History'],
    },
    {
      what: 'completed there',
      patch: [{ op: 'replace', path: '/status', value: 'completed' }],
      says: '☑️ Completed.',
      buttons: ['History'],
    },
    {
      what: 'cancelled there',
      patch: [{ op: 'replace', path: '/status', value: 'cancelled' }],
      says: 'This Task is cancelled; nothing is left to do.',
      buttons: ['History'],
    },
    {
      what: 'put on hold there',
      patch: [{ op: 'replace', path: '/status', value: 'on-hold' }],
      says: 'This Task is on-hold in the record and cannot be claimed now.',
      buttons: ['Reroute', 'Add note', 'History'],
    },
    {
      what: 'made more urgent there',
      patch: [{ op: 'replace', path: '/priority', value: 'stat' }],
      says: 'STAT',
      buttons: ['Claim', 'Reroute', 'Escalate', 'Add note', 'History'],
    },
  ])('says so on its card when it is $what', async ({ patch, says, buttons }) => {
    const taskId = await clinic.patientWrites({ priority: 'routine' });
    const before = await clinic.card(taskId, NURSES);

    await change(taskId, patch);

    await cardSays(taskId, NURSES, says);
    const card = await clinic.card(taskId, NURSES);
    expect(card.ts).toBe(before.ts);
    expect(buttonsOf(card)).toEqual(buttons);
  });

  it('moves to another channel when its performerType is changed there', async () => {
    const taskId = await clinic.patientWrites();
    await clinic.card(taskId, NURSES);

    await change(taskId, [
      {
        op: 'replace',
        path: '/performerType',
        value: [{ coding: [{ system: 'http://snomed.info/sct', code: '17561000' }] }],
      },
    ]);

    expect(buttonsOf(await clinic.card(taskId, CARDIO))).toEqual([
      'Claim',
      'Reroute',
      'Escalate',
      'Add note',
      'History',
    ]);
    await cardSays(taskId, NURSES, '➡️ Rerouted to *Cardiologist*.');
    expect(buttonsOf(await clinic.card(taskId, NURSES))).toEqual([]);
  });

  it('says that the Task is no longer in the record when it was deleted', async () => {
    const taskId = await clinic.patientWrites();
    await clinic.card(taskId, NURSES);

    await medplum.deleteResource('Task', taskId);

    await cardSays(taskId, NURSES, 'This Task is no longer in the record.');
    expect(buttonsOf(await clinic.card(taskId, NURSES))).toEqual([]);
  });

  it('gets no card where it waits in no pool, is a read receipt, or was never open', async () => {
    const pool = { coding: [{ system: 'http://snomed.info/sct', code: '224535009' }] };
    const base = { resourceType: 'Task', status: 'requested', intent: 'order' } as const;
    const receipt = { coding: [{ system: 'https://medplum.com/task-codes', code: 'read-receipt' }] };
    const tasks: Task[] = [
      base,
      { ...base, performerType: [{ coding: [{ system: 'urn:elsewhere', code: '224535009' }] }] },
      { ...base, performerType: [{ text: 'Registered nurse' }] },
      { ...base, performerType: [pool], code: receipt },
      { ...base, performerType: [pool], status: 'completed' },
      { ...base, performerType: [pool], status: 'draft' },
    ];

    const written = await Promise.all(tasks.map((task) => medplum.createResource(task)));
    const last = await clinic.patientWrites();

    await clinic.card(last, NURSES);
    await clinic.sandbox.fhir.delivered();
    await clinic.card(await clinic.patientWrites(), NURSES);
    expect(written.flatMap(({ id }) => clinic.cards(id))).toEqual([]);
  });

  it('gets a new card at its next change when somebody has deleted the message', async () => {
    const taskId = await clinic.patientWrites();
    const first = await clinic.card(taskId, NURSES);
    clinic.sandbox.slack.deleteMessage(NURSES, first.ts);

    await change(taskId, [{ op: 'replace', path: '/priority', value: 'asap' }]);

    const second = await clinic.card(taskId, NURSES);
    expect(second.ts).not.toBe(first.ts);
    expect(buttonsOf(second)).toEqual(['Claim', 'Reroute', 'Escalate', 'Add note', 'History']);
  });

  it('gets a new card in a channel that it comes back to, and the old one stays closed', async () => {
    const taskId = await clinic.patientWrites();
    await clinic.reroute('U0BEN', await clinic.card(taskId, NURSES), {
      target: 'Cardiologist',
      reason: 'specialty-referral',
    });
    const away = await clinic.card(taskId, CARDIO);
    await cardSays(taskId, NURSES, '➡️');

    await clinic.reroute(ANA, away, { target: 'Registered nurse', reason: 'wrong-pool' });

    await eventually(() => expect(clinic.cards(taskId, NURSES)).toHaveLength(2));
    await cardSays(taskId, CARDIO, '➡️ Rerouted to *Registered nurse* by Ana Silva: *Wrong pool*.');
    const [old, back] = clinic.cards(taskId, NURSES);
    expect(old && buttonsOf(old)).toEqual([]);
    expect(old && wordsOf(old)).toContain('➡️ Rerouted to *Cardiologist*');
    expect(back && buttonsOf(back)).toEqual(['Claim', 'Reroute', 'Escalate', 'Add note', 'History']);
    expect(clinic.cards(taskId, CARDIO)).toHaveLength(1);
  });

  it('is heard of once however often the webhook says it', async () => {
    clinic.sandbox.fhir.faults.add({ kind: 'double-webhook', resourceType: 'Task' });

    const taskId = await clinic.patientWrites();

    await clinic.card(taskId, NURSES);
    await clinic.sandbox.fhir.delivered();
    await clinic.card(await clinic.patientWrites(), NURSES);
    expect(clinic.cards(taskId)).toHaveLength(1);
  });
});
