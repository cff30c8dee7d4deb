import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clinic, eventually, MODES, openClinic } from '../support/clinic.ts';
import { buttonsOf, wordsOf } from '../support/flow-card.ts';

const NURSES = 'C0NURSES';
const CARDIO = 'C0CARDIO';
const ANA = 'U0ANA';
const BEN = 'U0BEN';
const CHIDI = 'U0CHIDI';

describe.each(MODES)('a Task that changes hands, $mode', (mode) => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await openClinic(mode);
  });
  afterAll(() => clinic?.close());

  const claimed = async (by = ANA): Promise<string> => {
    const taskId = await clinic.patientWrites();
    await clinic.press(by, await clinic.card(taskId, NURSES), 'claim');
    await cardSays(taskId, NURSES, '✅');
    return taskId;
  };

  const cardSays = (taskId: string, channel: string, words: string) =>
    eventually(async () => expect(wordsOf(await clinic.card(taskId, channel))).toContain(words));

  const sentTo = async (slackId: string, name: string): Promise<string> => {
    const taskId = await claimed();
    await clinic.reroute(ANA, await clinic.card(taskId, NURSES), { target: name, reason: 'workload' });
    await cardSays(taskId, NURSES, 'Rerouted to');
    expect((await clinic.record(taskId)).task.owner?.reference).toBe(clinic.practitioner(slackId));
    return taskId;
  };

  it('becomes a card with Claim and Reroute in the channel of its pool, and nowhere else', async () => {
    const taskId = await clinic.patientWrites({ priority: 'urgent' });

    const card = await clinic.card(taskId, NURSES);

    expect(buttonsOf(card)).toEqual(['Claim', 'Reroute', 'Escalate', 'Add note', 'History']);
    expect(wordsOf(card)).toContain('Nobody has claimed this yet.');
    expect(wordsOf(card)).toContain('Registered nurse');
    expect(wordsOf(card)).toContain('Urgent');
    expect(clinic.cards(taskId)).toHaveLength(1);
  });

  it('belongs to whoever claims it: owner, recipient, status and one Provenance say so', async () => {
    const taskId = await clinic.patientWrites();
    const card = await clinic.card(taskId, NURSES);

    await clinic.pressShown(ANA, card, 'claim');

    await cardSays(taskId, NURSES, '✅ *Ana Silva* claimed this');
    const { task, thread, provenances } = await clinic.record(taskId);
    const ana = { reference: clinic.practitioner(ANA), display: 'Ana Silva' };
    expect(task).toMatchObject({ status: 'accepted', owner: ana, businessStatus: { text: 'claimed' } });
    expect(thread?.recipient).toEqual([ana]);
    expect(provenances).toHaveLength(1);
    expect(provenances[0]?.agent[0]?.who).toEqual(ana);
    expect(provenances[0]?.activity?.coding?.map(({ code }) => code)).toContain('claim');
    expect(buttonsOf(await clinic.card(taskId, NURSES))).toEqual([
      'Complete',
      'Reroute',
      'Release',
      'Escalate',
      'Snooze',
      'Add note',
      'History',
    ]);
    expect(clinic.cards(taskId)).toHaveLength(1);
    expect(clinic.sentences(ANA)).toEqual([]);
  });

  it('leaves a card without buttons behind that says where it went and why', async () => {
    const taskId = await claimed();
    const before = await clinic.card(taskId, NURSES);

    const answer = await clinic.reroute(BEN, before, {
      target: 'Cardiologist',
      reason: 'specialty-referral',
      note: 'New palpitations since Tuesday.',
    });

    expect(answer).toMatchObject({ status: 200, closed: true });
    await cardSays(taskId, CARDIO, 'Sent here by Ben Carter: *Specialty referral*. Nobody has it yet.');
    await cardSays(taskId, NURSES, '➡️ Rerouted to *Cardiologist* by Ben Carter: *Specialty referral*.');
    const [old] = clinic.cards(taskId, NURSES);
    expect(old?.ts).toBe(before.ts);
    expect(old && buttonsOf(old)).toEqual([]);
    expect(buttonsOf(await clinic.card(taskId, CARDIO))).toEqual([
      'Claim',
      'Reroute',
      'Escalate',
      'Add note',
      'History',
    ]);
    const { task, thread, provenances } = await clinic.record(taskId);
    expect(task).toMatchObject({ status: 'requested', businessStatus: { text: 'unassigned' } });
    expect(task.owner).toBeUndefined();
    expect(task.performerType?.[0]?.coding?.[0]).toMatchObject({ code: '17561000' });
    expect(task.note).toMatchObject([
      { text: 'New palpitations since Tuesday.', authorReference: { display: 'Ben Carter' } },
    ]);
    expect(thread?.recipient).toBeUndefined();
    expect(provenances).toHaveLength(2);
    expect(provenances[0]?.reason?.[0]?.coding?.[0]).toEqual({
      system: 'https://medplum.com/CodeSystem/reroute-reason',
      code: 'specialty-referral',
      display: 'Specialty referral',
    });
  });

  it('reaches a person who is known here as a direct message, and is theirs once they accept', async () => {
    await clinic.answer(CHIDI, () => clinic.slash(CHIDI, '/tasks'));
    const taskId = await sentTo(CHIDI, 'Chidi');
    const direct = await clinic.card(taskId, 'D0CHIDI');
    expect(buttonsOf(direct)).toEqual(['Accept', 'Reroute', 'Release', 'Escalate', 'Add note', 'History']);
    expect(wordsOf(direct)).toContain('Sent to *Chidi Okafor* by Ana Silva: *Workload*. Not accepted yet.');
    expect((await clinic.record(taskId)).task).toMatchObject({
      status: 'requested',
      businessStatus: { text: 'assigned' },
    });

    await clinic.pressShown(CHIDI, direct, 'accept');

    await cardSays(taskId, 'D0CHIDI', 'Chidi Okafor');
    await eventually(async () => expect((await clinic.record(taskId)).provenances).toHaveLength(3));
    const { task, thread, provenances } = await clinic.record(taskId);
    expect(task).toMatchObject({ status: 'accepted', businessStatus: { text: 'claimed' } });
    expect(thread?.recipient?.map(({ reference }) => reference)).toEqual([clinic.practitioner(CHIDI)]);
    expect(provenances[0]?.agent[0]?.who?.reference).toBe(clinic.practitioner(CHIDI));
  });

  it('goes back to its pool with a reason, where its card can be claimed again', async () => {
    const taskId = await claimed();
    const card = await clinic.card(taskId, NURSES);

    const view = await clinic.dialog(ANA, () => clinic.pick(ANA, card, 'release'));
    await clinic.submit(ANA, view, { reason: 'end-of-shift' });

    await cardSays(taskId, NURSES, 'Released by Ana Silva: *End of shift*. Nobody has it now.');
    expect(buttonsOf(await clinic.card(taskId, NURSES))).toEqual([
      'Claim',
      'Reroute',
      'Escalate',
      'Add note',
      'History',
    ]);
    const { task, thread, provenances } = await clinic.record(taskId);
    expect(task).toMatchObject({ status: 'requested', performerType: [{ coding: [{ code: '224535009' }] }] });
    expect(task.owner).toBeUndefined();
    expect(thread?.recipient).toBeUndefined();
    expect(provenances[0]?.reason?.[0]?.coding?.[0]?.code).toBe('end-of-shift');
  });

  it('goes back to the pool that it came from even by somebody whom it was sent to', async () => {
    await clinic.answer(CHIDI, () => clinic.slash(CHIDI, '/tasks'));
    const taskId = await sentTo(CHIDI, 'Chidi');
    expect((await clinic.record(taskId)).task.performerType).toBeUndefined();
    const direct = await clinic.card(taskId, 'D0CHIDI');

    const view = await clinic.dialog(CHIDI, () => clinic.pick(CHIDI, direct, 'release'));
    await clinic.submit(CHIDI, view, { reason: 'scope-of-practice' });

    await eventually(() => expect(clinic.cards(taskId, NURSES)).toHaveLength(2));
    const [closed, live] = clinic.cards(taskId, NURSES);
    expect(closed && buttonsOf(closed)).toEqual([]);
    expect(live && buttonsOf(live)).toEqual(['Claim', 'Reroute', 'Escalate', 'Add note', 'History']);
    const { task } = await clinic.record(taskId);
    expect(task).toMatchObject({ status: 'requested', performerType: [{ coding: [{ code: '224535009' }] }] });
    expect(task.owner).toBeUndefined();
    await eventually(async () => expect(buttonsOf(await clinic.card(taskId, 'D0CHIDI'))).toEqual([]));
  });

  it('is closed by its owner, and its card keeps nothing but its history', async () => {
    const taskId = await claimed();
    const card = await clinic.card(taskId, NURSES);

    const view = await clinic.dialog(ANA, () => clinic.pressShown(ANA, card, 'complete'));
    await clinic.submit(ANA, view, { reason: 'answered-by-phone' });

    await cardSays(taskId, NURSES, '☑️ Completed by *Ana Silva*: *Answered by phone*.');
    expect(buttonsOf(await clinic.card(taskId, NURSES))).toEqual(['History']);
    const { task, provenances } = await clinic.record(taskId);
    expect(task).toMatchObject({ status: 'completed', businessStatus: { text: 'completed' } });
    expect(task.owner?.reference).toBe(clinic.practitioner(ANA));
    expect(provenances).toHaveLength(2);
  });
});
