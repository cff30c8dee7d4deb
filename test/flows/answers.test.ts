import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clinic, eventually, MODES, openClinic } from '../support/clinic.ts';
import { buttonsOf, wordsOf } from '../support/flow-card.ts';
import { configured, intakeFor } from '../support/flow-config.ts';

const NURSES = 'C0NURSES';
const ANA = 'U0ANA';
const CHIDI = 'U0CHIDI';

const threadOf = async (clinic: Clinic, taskId: string) => (await clinic.record(taskId)).thread?.id ?? '';

async function claimed(clinic: Clinic): Promise<string> {
  const taskId = await clinic.patientWrites();
  await clinic.press(ANA, await clinic.card(taskId, NURSES), 'claim');
  await eventually(async () => expect(wordsOf(await clinic.card(taskId, NURSES))).toContain('✅'));
  return taskId;
}

/** Waits until whatever is due in all threads so far has been done: the next thread is through. */
async function afterwards(clinic: Clinic): Promise<void> {
  const taskId = await claimed(clinic);
  await clinic.staffAnswers({ thread: await threadOf(clinic, taskId), by: ANA, text: 'Yes.' });
  await eventually(async () => expect((await clinic.record(taskId)).task.status).toBe('completed'));
}

describe.each(MODES)(
  '“output: References the response Communication that resolved the Task”, $mode',
  (mode) => {
    let clinic: Clinic;
    beforeAll(async () => {
      clinic = await openClinic({ ...mode, sweepSeconds: 1 });
    });
    afterAll(() => clinic?.close());

    it('is the owner’s answer in the thread, which completes the Task', async () => {
      const taskId = await claimed(clinic);

      const { message } = await clinic.staffAnswers({
        thread: await threadOf(clinic, taskId),
        by: ANA,
        text: 'Yes, with food.',
      });

      await eventually(async () =>
        expect(wordsOf(await clinic.card(taskId, NURSES))).toContain('☑️ Completed by *Ana Silva*'),
      );
      const { task, provenances } = await clinic.record(taskId);
      expect(task).toMatchObject({
        status: 'completed',
        businessStatus: { text: 'completed' },
        owner: { reference: clinic.practitioner(ANA) },
      });
      expect(task.output?.map(({ valueReference }) => valueReference?.reference)).toEqual([
        `Communication/${message}`,
      ]);
      expect(provenances.map((one) => one.activity?.coding?.at(-1)?.code)).toEqual(['complete', 'claim']);
      expect(provenances[0]?.agent[0]?.who).toEqual({
        reference: clinic.practitioner(ANA),
        display: 'Ana Silva',
      });
      expect(buttonsOf(await clinic.card(taskId, NURSES))).not.toContain('Complete');
    });

    it('is an answer by somebody who was assigned the Task and has not accepted it', async () => {
      const taskId = await clinic.patientWrites();
      await clinic.patch('Task', taskId, [
        { op: 'add', path: '/owner', value: { reference: clinic.practitioner(ANA), display: 'Ana Silva' } },
      ]);

      await clinic.staffAnswers({ thread: await threadOf(clinic, taskId), by: ANA, text: 'Yes.' });

      await eventually(async () => expect((await clinic.record(taskId)).task.status).toBe('completed'));
    });

    it('is nothing yet while only somebody else has answered', async () => {
      const taskId = await claimed(clinic);

      await clinic.staffAnswers({ thread: await threadOf(clinic, taskId), by: CHIDI, text: 'Ana is on it.' });

      await afterwards(clinic);
      expect((await clinic.record(taskId)).task).toMatchObject({ status: 'accepted' });
      expect((await clinic.record(taskId)).task.output).toBeUndefined();
    });

    it('is nothing where the patient has written once more before anybody looked', async () => {
      const taskId = await claimed(clinic);
      const thread = await threadOf(clinic, taskId);
      clinic.sandbox.fhir.faults.add({ kind: 'lose-webhook', resourceType: 'Communication', times: 1000 });
      await clinic.staffAnswers({ thread, by: ANA, text: 'Yes.' });
      await clinic.patientSays({ thread, text: 'And with milk?' });
      await eventually(async () =>
        expect(wordsOf(await clinic.card(taskId, NURSES))).toContain('1 new message'),
      );
      clinic.sandbox.fhir.faults.clear();

      await afterwards(clinic);

      expect((await clinic.record(taskId)).task.status).toBe('accepted');
    });
  },
);

describe('With “completeWhenAnsweredBy: staff”', () => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await openClinic({
      sweepSeconds: 1,
      config: configured({ completeWhenAnsweredBy: 'staff', intake: intakeFor('registered-nurse') }),
    });
  });
  afterAll(() => clinic?.close());

  it('whoever answers a Task that nobody has becomes its owner, and recipient of the thread, and completes it', async () => {
    const taskId = await clinic.patientWrites();
    await clinic.card(taskId, NURSES);

    await clinic.staffAnswers({ thread: await threadOf(clinic, taskId), by: CHIDI, text: 'Yes.' });

    await eventually(async () =>
      expect(wordsOf(await clinic.card(taskId, NURSES))).toContain('☑️ Completed by *Chidi Okafor*'),
    );
    const chidi = { reference: clinic.practitioner(CHIDI), display: 'Chidi Okafor' };
    const { task, thread, provenances } = await clinic.record(taskId);
    expect(task).toMatchObject({ status: 'completed', owner: chidi });
    expect(thread?.recipient).toEqual([chidi]);
    expect(provenances[0]?.agent[0]?.who).toEqual(chidi);
  });

  it('an answer by somebody else completes the owner’s Task, in the name of who answered', async () => {
    const taskId = await claimed(clinic);

    await clinic.staffAnswers({ thread: await threadOf(clinic, taskId), by: CHIDI, text: 'Yes.' });

    const { task, provenances } = await eventually(async () => {
      const found = await clinic.record(taskId);
      expect(found.provenances).toHaveLength(2);
      return found;
    });
    expect(task).toMatchObject({ status: 'completed', owner: { reference: clinic.practitioner(ANA) } });
    expect(provenances[0]?.agent[0]?.who?.reference).toBe(clinic.practitioner(CHIDI));
  });

  it('a patient who goes on after that gets a new Task', async () => {
    const taskId = await claimed(clinic);
    const thread = await threadOf(clinic, taskId);
    await clinic.patch('Communication', thread, [
      {
        op: 'add',
        path: '/category',
        value: [{ coding: [{ system: 'urn:switchboard:sandbox:category', code: 'registered-nurse' }] }],
      },
    ]);
    await clinic.staffAnswers({ thread, by: ANA, text: 'Yes.' });
    await eventually(async () => expect((await clinic.record(taskId)).task.status).toBe('completed'));

    await clinic.patientSays({ thread, text: 'And with milk?' });

    const next = await eventually(async () => {
      const found = await clinic.search('Task', `focus=Communication/${thread}&status=requested`);
      expect(found).toHaveLength(1);
      return found[0]?.id ?? '';
    });
    await clinic.card(next, NURSES);
  });
});
