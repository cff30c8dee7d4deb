import type { Communication, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Clinic, eventually, openClinic } from '../support/clinic.ts';
import { buttonsOf, wordsOf } from '../support/flow-card.ts';
import { aboutPool, configured, intakeFor } from '../support/flow-config.ts';

const NURSES = 'C0NURSES';
const CARDIO = 'C0CARDIO';
const ANA = 'U0ANA';

const tasksOf = (clinic: Clinic, thread: string): Promise<(Task & { id: string })[]> =>
  clinic.search('Task', `focus=Communication/${thread}&_sort=_lastUpdated`);

/** The one Task of a thread, as soon as there is one. */
const taskOf = (clinic: Clinic, thread: string): Promise<Task & { id: string }> =>
  eventually(async () => {
    const [task, ...others] = await tasksOf(clinic, thread);
    if (task === undefined) throw new Error('There is no Task yet.');
    expect(others).toEqual([]);
    return task;
  });

describe('“Create a Task for a Thread”: “When a new message arrives that requires action, create a Task linked to the thread via focus.”', () => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await openClinic({
      config: (yaml, practitioner) =>
        configured({
          intake: [
            { when: aboutPool('pharmacy'), task: false },
            { when: aboutPool('dietetics'), person: practitioner(ANA), priority: 'urgent' },
            ...intakeFor('registered-nurse', 'cardiology'),
          ],
        })(yaml),
    });
  });
  beforeEach(() => clinic.sandbox.fhir.faults.clear());
  afterAll(() => clinic?.close());

  /** Waits until what was written before has been looked at: what comes later has a Task. */
  const afterwards = async () => {
    const { thread } = await clinic.patientSays();
    await clinic.card((await taskOf(clinic, thread)).id, NURSES);
  };

  it('“Use performerType to route to a provider pool”: the Task is a card in the pool’s channel, and can be claimed', async () => {
    const { thread, message } = await clinic.patientSays({ pool: 'cardiology', priority: 'asap' });

    const task = await taskOf(clinic, thread);
    const card = await clinic.card(task.id, CARDIO);
    expect(buttonsOf(card)).toEqual(expect.arrayContaining(['Claim', 'Reroute']));
    const [said] = await clinic.search('Communication', `_id=${message}`);
    const [header] = await clinic.search('Communication', `_id=${thread}`);
    expect(task).toMatchObject({
      status: 'requested',
      intent: 'order',
      priority: 'asap',
      businessStatus: { text: 'unassigned' },
      focus: { reference: `Communication/${thread}` },
      for: header?.subject,
      requester: said?.sender,
      authoredOn: said?.sent,
      performerType: [{ coding: [{ display: 'Cardiologist' }] }],
    });

    await clinic.pressShown('U0BEN', card, 'claim');

    await eventually(async () =>
      expect((await clinic.record(task.id)).task).toMatchObject({ status: 'accepted' }),
    );
  });

  it('“or set owner directly for individual assignment”: it is told to that person, who can accept it', async () => {
    const { thread } = await clinic.patientSays({ pool: 'dietetics' });

    const task = await taskOf(clinic, thread);

    expect(task).toMatchObject({
      priority: 'urgent',
      businessStatus: { text: 'assigned' },
      owner: { reference: clinic.practitioner(ANA), display: 'Ana Silva' },
    });
    expect(task.performerType).toBeUndefined();
    const card = await eventually(() => {
      const [first] = clinic.cards(task.id);
      if (first === undefined) throw new Error('There is no card.');
      return first;
    });
    expect(wordsOf(card)).toContain('Assigned to *Ana Silva*. Not accepted yet.');
    expect(buttonsOf(card)).toContain('Accept');
  });

  it('“If not, keep it as Communication only”: what a rule excludes or none includes gets no Task', async () => {
    const excluded = await clinic.patientSays({ pool: 'pharmacy' });
    const header = await clinic.put<Communication>({
      resourceType: 'Communication',
      status: 'in-progress',
      category: [{ text: 'Something else' }],
    });
    await clinic.put<Communication>({
      resourceType: 'Communication',
      status: 'in-progress',
      partOf: [{ reference: `Communication/${header.id}` }],
      sender: { reference: 'Patient/somebody' },
      sent: new Date().toISOString(),
      payload: [{ contentString: 'Hello?' }],
    });

    await afterwards();

    expect(await tasksOf(clinic, excluded.thread)).toEqual([]);
    expect(await tasksOf(clinic, header.id)).toEqual([]);
  });

  it('makes one Task of one thread, however much is said in it at once, and however often that is told', async () => {
    clinic.sandbox.fhir.faults.add({ kind: 'double-webhook', resourceType: 'Communication', times: 100 });
    const { thread } = await clinic.patientSays();

    await Promise.all(Array.from({ length: 10 }, () => clinic.patientSays({ thread })));

    const task = await taskOf(clinic, thread);
    await clinic.card(task.id, NURSES);
    await clinic.sandbox.fhir.delivered();
    await afterwards();
    expect((await taskOf(clinic, thread)).id).toBe(task.id);
    expect(clinic.cards(task.id)).toHaveLength(1);
  });

  it('makes one Task though the answer to its making is lost', async () => {
    clinic.sandbox.fhir.faults.add({ kind: 'drop-after-commit', method: 'POST', resourceType: 'Task' });

    const { thread } = await clinic.patientSays();

    const task = await taskOf(clinic, thread);
    await clinic.card(task.id, NURSES);
    await afterwards();
    expect((await taskOf(clinic, thread)).id).toBe(task.id);
  });

  it('makes a new Task only for what the patient writes after the last one was closed', async () => {
    const { thread } = await clinic.patientSays();
    const first = await taskOf(clinic, thread);
    await clinic.patientSays({ thread });
    await clinic.card(first.id, NURSES);
    await clinic.patch('Task', first.id, [{ op: 'replace', path: '/status', value: 'cancelled' }]);
    await afterwards();
    expect(await tasksOf(clinic, thread)).toHaveLength(1);

    const { message } = await clinic.patientSays({ thread });

    const second = await eventually(async () => {
      const found = (await tasksOf(clinic, thread)).filter(({ id }) => id !== first.id);
      expect(found).toHaveLength(1);
      return found[0];
    });
    expect(second?.identifier).toEqual([{ system: 'urn:switchboard:intake', value: message }]);
    await clinic.card(second?.id ?? '', NURSES);
  });

  it('makes no Task beside one that a Bot of the project has made', async () => {
    const taskId = await clinic.patientWrites();
    const thread = (await clinic.record(taskId)).thread?.id ?? '';

    await clinic.patientSays({ thread });

    await afterwards();
    expect((await tasksOf(clinic, thread)).map(({ id }) => id)).toEqual([taskId]);
  });

  it('makes no Task of what the staff write', async () => {
    const taskId = await clinic.patientWrites();
    const thread = (await clinic.record(taskId)).thread?.id ?? '';
    await clinic.patch('Task', taskId, [{ op: 'replace', path: '/status', value: 'completed' }]);

    await clinic.staffAnswers({ thread, by: ANA, text: 'Just to add to that.' });

    await afterwards();
    expect(await tasksOf(clinic, thread)).toHaveLength(1);
  });
});

describe('A Switchboard that comes', () => {
  it('to a clinic for the first time takes what was said before for history, and goes on from there', async () => {
    const clinic = await openClinic({
      sweepSeconds: 1,
      config: configured({ intake: intakeFor('registered-nurse') }),
    });
    try {
      await clinic.stopApp();
      const old = await clinic.patientSays();
      await clinic.sandbox.fhir.delivered();
      // Without its ledger, it has never been here.
      await clinic.startApp();
      const { thread } = await clinic.patientSays();

      await clinic.card((await taskOf(clinic, thread)).id, NURSES);

      expect(await tasksOf(clinic, old.thread)).toEqual([]);
      await clinic.patientSays({ thread: old.thread });
      expect((await taskOf(clinic, old.thread)).authoredOn).toBe(
        (await clinic.search('Communication', `_id=${old.message}`))[0]?.sent,
      );
    } finally {
      await clinic.close();
    }
  });

  it('back after a stop finds what was said meanwhile, and whatever else no event tells it', async () => {
    const clinic = await openClinic({
      sweepSeconds: 1,
      keepLedger: true,
      config: configured({ intake: intakeFor('registered-nurse') }),
    });
    try {
      const before = await clinic.patientSays();
      await taskOf(clinic, before.thread);
      await clinic.stopApp();
      const { thread } = await clinic.patientSays();
      await clinic.sandbox.fhir.delivered();
      await clinic.startApp();

      await clinic.card((await taskOf(clinic, thread)).id, NURSES);

      clinic.sandbox.fhir.faults.add({ kind: 'lose-webhook', times: 1000 });
      const untold = await clinic.patientSays();
      await clinic.card((await taskOf(clinic, untold.thread)).id, NURSES);
    } finally {
      await clinic.close();
    }
  });

  it('to a project whose own Bot makes the Tasks makes none', async () => {
    const clinic = await openClinic({ sweepSeconds: 1, config: configured({ intake: [] }) });
    try {
      const { thread } = await clinic.patientSays();
      const written = await clinic.patientWrites();

      await clinic.card(written, NURSES);
      await clinic.sandbox.fhir.delivered();
      await clinic.card(await clinic.patientWrites(), NURSES);

      expect(await tasksOf(clinic, thread)).toEqual([]);
    } finally {
      await clinic.close();
    }
  });
});
