import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clinic, eventually, MODES, openClinic } from '../support/clinic.ts';
import { buttonsOf, wordsOf } from '../support/flow-card.ts';

const NURSES = 'C0NURSES';
const ANA = 'U0ANA';

describe.each(MODES)('a Task that is completed, $mode', (mode) => {
  let clinic: Clinic;
  beforeAll(async () => {
    // What an answer does by itself is another matter: here somebody presses.
    clinic = await openClinic({ ...mode, config: (yaml) => `${yaml}completeWhenAnsweredBy: nobody\n` });
  });
  afterAll(() => clinic?.close());

  const claimed = async () => {
    const taskId = await clinic.patientWrites();
    await clinic.press(ANA, await clinic.card(taskId, NURSES), 'claim');
    await cardSays(taskId, '✅');
    const { thread } = await clinic.record(taskId);
    return { taskId, thread: thread?.id ?? expect.fail('there is no thread') };
  };

  const cardSays = (taskId: string, words: string) =>
    eventually(async () => expect(wordsOf(await clinic.card(taskId, NURSES))).toContain(words));

  const completed = (taskId: string) =>
    eventually(async () => {
      const found = await clinic.record(taskId);
      expect(found.task.status).toBe('completed');
      expect(found.provenances).toHaveLength(2);
      return found;
    });

  it('has the newest answer in its thread as output, by one press', async () => {
    const { taskId, thread } = await claimed();
    await clinic.staffAnswers({ thread, by: 'U0GRACE', text: 'We are looking into it.' });
    const { message } = await clinic.staffAnswers({ thread, by: ANA, text: 'One tablet is enough.' });
    await clinic.patientSays({ thread, text: 'Thank you!' });

    await clinic.pressShown(ANA, await clinic.card(taskId, NURSES), 'complete');

    const { task, provenances } = await completed(taskId);
    expect(task).toMatchObject({
      businessStatus: { text: 'completed' },
      owner: { reference: clinic.practitioner(ANA) },
      output: [{ type: { text: 'Response' }, valueReference: { reference: `Communication/${message}` } }],
    });
    expect(provenances[0]?.reason).toBeUndefined();
    await cardSays(taskId, '☑️ Completed by *Ana Silva*.');
    expect(buttonsOf(await clinic.card(taskId, NURSES))).not.toContain('Complete');
  });

  it('asks why where nobody has answered in the thread, and is not closed before that is said', async () => {
    const { taskId } = await claimed();
    const card = await clinic.card(taskId, NURSES);

    const view = await clinic.dialog(ANA, () => clinic.pressShown(ANA, card, 'complete'));

    expect(wordsOf(view)).toContain(
      'Nobody has answered in the thread yet. Say why it is done without an answer.',
    );
    expect((await clinic.record(taskId)).task.status).toBe('accepted');
    await clinic.submit(ANA, view, { reason: 'answered-by-phone', note: 'Spoke to her daughter.' });
    const { task, provenances } = await completed(taskId);
    expect(task.output).toBeUndefined();
    expect(task.note?.map(({ text }) => text)).toEqual(['Spoke to her daughter.']);
    expect(provenances[0]?.reason?.[0]?.coding?.[0]).toEqual({
      system: 'urn:switchboard:CodeSystem:reason',
      code: 'answered-by-phone',
      display: 'Answered by phone',
    });
    await cardSays(taskId, '☑️ Completed by *Ana Silva*: *Answered by phone*.');
  });

  it('takes no draft and nothing that was taken back for an answer', async () => {
    const { taskId, thread } = await claimed();
    for (const status of ['preparation', 'entered-in-error'] as const) {
      await clinic.put({
        resourceType: 'Communication',
        status,
        partOf: [{ reference: `Communication/${thread}` }],
        sender: { reference: clinic.practitioner(ANA) as `Practitioner/${string}` },
        sent: new Date().toISOString(),
        payload: [{ contentString: 'One tablet is enough.' }],
      });
    }

    const card = await clinic.card(taskId, NURSES);
    await clinic.dialog(ANA, () => clinic.pressShown(ANA, card, 'complete'));

    expect((await clinic.record(taskId)).task.status).toBe('accepted');
  });
});
