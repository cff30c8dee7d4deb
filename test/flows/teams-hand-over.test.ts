import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, MODES } from '../support/clinic.ts';
import { buttonsOf, wordsOf } from '../support/flow-card.ts';
import { CARDIO, NURSES, OFFERED, openTeamsClinic, type TeamsClinic } from '../support/flow-teams.ts';
import { teamsButtonsOf, teamsWordsOf } from '../support/flow-teams-card.ts';

const ANA = 'U0ANA';
const BEN = 'U0BEN';
const CHIDI = 'U0CHIDI';

describe.each(MODES)('a Task with a card on both platforms, $mode', (mode) => {
  let clinic: TeamsClinic;
  beforeAll(async () => {
    clinic = await openTeamsClinic(mode);
  });
  afterAll(() => clinic?.close());

  type Channel = typeof NURSES | typeof CARDIO;

  const bothSay = async (taskId: string, channel: Channel, slack: string, teams: string) => {
    await eventually(async () => expect(wordsOf(await clinic.card(taskId, channel.slack))).toContain(slack));
    await eventually(async () =>
      expect(teamsWordsOf(await clinic.teams.card(taskId, channel.teams))).toContain(teams),
    );
  };
  const bothShow = async (taskId: string, channel: Channel, buttons: readonly string[]) => {
    await eventually(async () =>
      expect(buttonsOf(await clinic.card(taskId, channel.slack))).toEqual(buttons),
    );
    await eventually(async () =>
      expect(teamsButtonsOf(await clinic.teams.card(taskId, channel.teams))).toEqual(buttons),
    );
  };
  const oneEach = (taskId: string, channel: Channel) => {
    expect(clinic.cards(taskId, channel.slack)).toHaveLength(1);
    expect(clinic.teams.cards(taskId, channel.teams)).toHaveLength(1);
  };

  async function claimedInTeams(): Promise<string> {
    const taskId = await clinic.patientWrites();
    await clinic.teams.press(ANA, await clinic.teams.card(taskId, NURSES.teams), 'claim');
    await bothSay(taskId, NURSES, '✅ *Ana Silva*', '✅ **Ana Silva**');
    return taskId;
  }

  it('is claimed in Teams: both cards say so, and Ben in Slack is told in private who has it', async () => {
    const taskId = await clinic.patientWrites({ priority: 'urgent' });
    await bothShow(taskId, NURSES, OFFERED.waiting);
    const before = await clinic.card(taskId, NURSES.slack);

    const sentence = await clinic.teams.pressAnswer(
      ANA,
      await clinic.teams.card(taskId, NURSES.teams),
      'claim',
    );

    expect(sentence).toBe(`Ana Silva, Task ${taskId.slice(0, 6)} is yours.`);
    await bothSay(taskId, NURSES, '✅ *Ana Silva* claimed this', '✅ **Ana Silva** claimed this');
    await bothShow(taskId, NURSES, OFFERED.claimed);
    const { task, thread, provenances } = await clinic.record(taskId);
    const ana = { reference: clinic.practitioner(ANA), display: 'Ana Silva' };
    expect(task).toMatchObject({ status: 'accepted', owner: ana });
    expect(thread?.recipient).toEqual([ana]);
    expect(provenances.map((one) => one.agent[0]?.who)).toEqual([ana]);
    const told = await clinic.answer(BEN, () => clinic.press(BEN, before, 'claim'));
    expect(told).toBe('Ana Silva already has this Task. Ask for it to be released, or reroute it.');
    oneEach(taskId, NURSES);
  });

  it('is claimed in Slack: both cards say so, and Ben in Teams is told in private who has it', async () => {
    const taskId = await clinic.patientWrites();
    const before = await clinic.teams.card(taskId, NURSES.teams);

    await clinic.pressShown(ANA, await clinic.card(taskId, NURSES.slack), 'claim');

    await bothSay(taskId, NURSES, '✅ *Ana Silva* claimed this', '✅ **Ana Silva** claimed this');
    await bothShow(taskId, NURSES, OFFERED.claimed);
    const messages = clinic.sandbox.teams.messages(NURSES.teams);
    const told = await clinic.teams.pressAnswer(BEN, before, 'claim', {}, { stale: true });
    expect(told).toBe('Ana Silva already has this Task. Ask for it to be released, or reroute it.');
    expect(clinic.sandbox.teams.messages(NURSES.teams)).toEqual(messages);
    expect((await clinic.record(taskId)).provenances).toHaveLength(1);
    oneEach(taskId, NURSES);
  });

  it('is rerouted in Teams: the record has reason and note, the old cards close, the new ones live', async () => {
    const taskId = await claimedInTeams();
    const before = await clinic.teams.card(taskId, NURSES.teams);
    const filled = {
      target: 'cardiol',
      reason: 'specialty-referral',
      note: 'New palpitations since Tuesday.',
    };

    const data = await clinic.teams.fill(BEN, before, 'reroute', filled);
    const sentence = await clinic.teams.pressAnswer(BEN, before, 'reroute', data);

    expect(sentence).toBe(
      `Task ${taskId.slice(0, 6)} went to “Cardiologist”: Specialty referral. Ana Silva loses sight of it.`,
    );
    await bothSay(
      taskId,
      NURSES,
      '➡️ Rerouted to *Cardiologist* by Ben Carter: *Specialty referral*.',
      '➡️ Rerouted to **Cardiologist** by Ben Carter: **Specialty referral**.',
    );
    await bothShow(taskId, NURSES, []);
    await bothShow(taskId, CARDIO, OFFERED.waiting);
    expect((await clinic.teams.card(taskId, NURSES.teams)).activityId).toBe(before.activityId);
    const { task, thread, provenances } = await clinic.record(taskId);
    expect(task).toMatchObject({ status: 'requested', performerType: [{ coding: [{ code: '17561000' }] }] });
    expect(task.owner).toBeUndefined();
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
    oneEach(taskId, NURSES);
    oneEach(taskId, CARDIO);
  });

  it('is released in Teams with a reason, and can be claimed again on both platforms', async () => {
    const taskId = await claimedInTeams();
    const card = await clinic.teams.card(taskId, NURSES.teams);

    const data = await clinic.teams.fill(ANA, card, 'release', { reason: 'end-of-shift' });
    await clinic.teams.pressAnswer(ANA, card, 'release', data);

    await bothSay(
      taskId,
      NURSES,
      'Released by Ana Silva: *End of shift*. Nobody has it now.',
      'Released by Ana Silva: **End of shift**. Nobody has it now.',
    );
    await bothShow(taskId, NURSES, OFFERED.waiting);
    const { task, provenances } = await clinic.record(taskId);
    expect(task.status).toBe('requested');
    expect(task.owner).toBeUndefined();
    expect(provenances[0]?.reason?.[0]?.coding?.[0]?.code).toBe('end-of-shift');
  });

  it('reaches a person in their chat with Switchboard, and is theirs once they accept there', async () => {
    await clinic.teams.answer(CHIDI, () => clinic.teams.say(CHIDI, 'personal', 'tasks'));
    const taskId = await claimedInTeams();
    const card = await clinic.teams.card(taskId, NURSES.teams);
    const chat = clinic.teams.chatOf(CHIDI);

    const data = await clinic.teams.fill(ANA, card, 'reroute', { target: 'Okafor', reason: 'workload' });
    await clinic.teams.pressAnswer(ANA, card, 'reroute', data);
    const direct = await clinic.teams.card(taskId, chat);

    expect(teamsButtonsOf(direct)).toEqual(OFFERED.assigned);
    expect(teamsWordsOf(direct)).toContain(
      'Sent to **Chidi Okafor** by Ana Silva: **Workload**. Not accepted yet.',
    );
    await bothShow(taskId, NURSES, []);
    const sentence = await clinic.teams.pressAnswer(CHIDI, direct, 'accept');
    expect(sentence).toBe(`Task ${taskId.slice(0, 6)} is yours.`);
    await eventually(async () => expect((await clinic.record(taskId)).provenances).toHaveLength(3));
    const { task, thread } = await clinic.record(taskId);
    expect(task).toMatchObject({ status: 'accepted', businessStatus: { text: 'claimed' } });
    expect(thread?.recipient?.map(({ reference }) => reference)).toEqual([clinic.practitioner(CHIDI)]);
    await eventually(async () =>
      expect(teamsWordsOf(await clinic.teams.card(taskId, chat))).not.toContain('Not accepted yet'),
    );
    expect(clinic.teams.cards(taskId, chat)).toHaveLength(1);
  });

  it('is completed in Teams with the answer in its thread, and no card keeps what would change it', async () => {
    const taskId = await claimedInTeams();
    const thread = (await clinic.record(taskId)).thread?.id ?? '';
    const card = await clinic.teams.card(taskId, NURSES.teams);
    const { message } = await clinic.staffAnswers({ thread, by: CHIDI, text: 'Please come in at nine.' });

    // The answer by itself may have completed it by now.
    const sentence = await clinic.teams.pressAnswer(ANA, card, 'complete', {}, { stale: true });

    expect(sentence).toMatch(/is completed with the newest answer in its thread|is already completed by/);
    await bothShow(taskId, NURSES, OFFERED.closed);
    expect((await clinic.record(taskId)).task.output).toMatchObject([
      { valueReference: { reference: `Communication/${message}` } },
    ]);
  });

  it('is completed in Teams without an answer only once a reason was given, in a form for one person', async () => {
    const taskId = await claimedInTeams();
    const card = await clinic.teams.card(taskId, NURSES.teams);
    const said: string[] = [];

    const form = await clinic.teams.told(ANA, async () => {
      said.push(await clinic.teams.pressAnswer(ANA, card, 'complete'));
    });
    const before = (await clinic.record(taskId)).task.status;
    const data = await clinic.teams.fill(ANA, form, 'complete', { reason: 'answered-by-phone' });
    const sentence = await clinic.teams.pressAnswer(ANA, form, 'complete', data);

    expect(said[0]).toContain('Nobody has answered in the thread yet.');
    expect(form.to).toBe(ANA);
    expect(teamsWordsOf(form)).toContain('Nobody has answered in the thread yet.');
    expect(before).toBe('accepted');
    expect(sentence).toBe(`Task ${taskId.slice(0, 6)} is completed: Answered by phone.`);
    await bothSay(taskId, NURSES, '☑️ Completed by *Ana Silva*', '☑️ Completed by **Ana Silva**');
    await bothShow(taskId, NURSES, OFFERED.closed);
    const { task, provenances } = await clinic.record(taskId);
    expect(task).toMatchObject({ status: 'completed' });
    expect(provenances[0]?.reason?.[0]?.coding?.[0]?.code).toBe('answered-by-phone');
  });
});
