import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { snoozeOf } from '../../src/record/snooze.ts';
import { type Clinic, eventually, MODES, openClinic } from '../support/clinic.ts';
import { wordsOf } from '../support/flow-card.ts';
import { NURSES, OFFERED, openTeamsClinic, type TeamsClinic } from '../support/flow-teams.ts';
import { teamsButtonsOf, teamsWordsOf } from '../support/flow-teams-card.ts';

const ANA = 'U0ANA';
const BEN = 'U0BEN';
const HOUR = 3_600_000;

describe.each(MODES)('what cannot wait, and what can, $mode', (mode) => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await openClinic(mode);
  });
  afterAll(() => clinic?.close());

  const claimed = async () => {
    const taskId = await clinic.patientWrites();
    await clinic.press(ANA, await clinic.card(taskId, NURSES.slack), 'claim');
    await eventually(async () => expect(wordsOf(await clinic.card(taskId, NURSES.slack))).toContain('✅'));
    return taskId;
  };

  it('is escalated from the menu by anybody with a role, which the card says until somebody takes it', async () => {
    const taskId = await clinic.patientWrites();
    const card = await clinic.card(taskId, NURSES.slack);

    const view = await clinic.dialog(BEN, () => clinic.pick(BEN, card, 'escalate'));
    await clinic.submit(BEN, view, { reason: 'symptoms-worse', note: 'She faints.' });

    await eventually(async () =>
      expect(wordsOf(await clinic.card(taskId, NURSES.slack))).toContain(
        '⬆️ Escalated by Ben Carter: *Symptoms are getting worse*. Nobody has it yet.',
      ),
    );
    const escalated = await clinic.record(taskId);
    await clinic.press(ANA, await clinic.card(taskId, NURSES.slack), 'claim');
    await eventually(async () => expect(wordsOf(await clinic.card(taskId, NURSES.slack))).toContain('✅'));
    expect(escalated.task).toMatchObject({
      status: 'requested',
      businessStatus: { text: 'escalated' },
      note: [{ text: 'She faints.' }],
    });
    expect(escalated.provenances[0]?.activity?.coding?.[1]?.code).toBe('escalate');
    expect((await clinic.record(taskId)).task.businessStatus?.text).toBe('claimed');
    expect(wordsOf(await clinic.card(taskId, NURSES.slack))).not.toContain('⬆️');
  });

  it('is snoozed by its owner, which stands in the record until the Task is somebody else’s', async () => {
    const taskId = await claimed();
    const card = await clinic.card(taskId, NURSES.slack);

    const view = await clinic.dialog(ANA, () => clinic.pick(ANA, card, 'snooze'));
    const said = await clinic.answer(ANA, () => clinic.submit(ANA, view, { until: '4h' }));

    const snoozed = snoozeOf((await clinic.record(taskId)).task);
    expect(said).toMatch(/^You get no reminders of Task \w{6} until .*\d\d:\d\d UTC\.$/);
    expect(snoozed?.end?.getTime()).toBe((snoozed?.start.getTime() ?? 0) + 4 * HOUR);
    expect((await clinic.told(ANA, () => clinic.slash(ANA, `/status ${taskId}`))).blocks).toSatisfy(
      (blocks) => JSON.stringify(blocks).includes('No reminders until'),
    );
    await clinic.answer(ANA, () => clinic.slash(ANA, `/keep ${taskId}`));
    await clinic.answer(ANA, () => clinic.slash(ANA, `/release ${taskId} because end-of-shift`));
    const { task, provenances } = await clinic.record(taskId);
    expect(task.extension).toBeUndefined();
    expect(provenances.map(({ activity }) => activity?.coding?.[1]?.code)).toEqual([
      'release',
      'keep',
      'snooze',
      'claim',
    ]);
  });
});

describe('in Teams', () => {
  let clinic: TeamsClinic;
  beforeAll(async () => {
    clinic = await openTeamsClinic();
  });
  afterAll(() => clinic?.close());

  it('a card has everything that can be done in its rows, and Escalate and Snooze unfold in it', async () => {
    const taskId = await clinic.patientWrites();
    const { press, pressAnswer, card, fill } = clinic.teams;
    await press(ANA, await card(taskId, NURSES.teams), 'claim');
    await eventually(async () =>
      expect(teamsButtonsOf(await card(taskId, NURSES.teams))).toEqual(OFFERED.claimed),
    );

    const mine = await card(taskId, NURSES.teams);
    const snoozed = await pressAnswer(
      ANA,
      mine,
      'snooze',
      await fill(ANA, mine, 'snooze', { until: 'reply' }),
    );
    const reason = { reason: 'no-response' };
    const escalated = await pressAnswer(BEN, mine, 'escalate', await fill(BEN, mine, 'escalate', reason));

    expect(snoozed).toMatch(/^You get no reminders of Task \w{6} until the patient writes\.$/);
    expect(escalated).toMatch(/^Task \w{6} is escalated: Nobody has taken it up\.$/);
    await eventually(async () =>
      expect(teamsWordsOf(await card(taskId, NURSES.teams))).toContain('⬆️ Escalated by Ben Carter'),
    );
    const { task } = await clinic.record(taskId);
    expect(task).toMatchObject({ status: 'accepted', businessStatus: { text: 'escalated' } });
    expect(snoozeOf(task)).toBeDefined();
  });

  it('the words that can be typed are told where they are wrong', async () => {
    const taskId = await clinic.patientWrites();
    await clinic.teams.card(taskId, NURSES.teams);
    const short = taskId.slice(0, 8);

    const said = await clinic.teams.answer(ANA, () =>
      clinic.teams.say(ANA, NURSES.teams, `@Switchboard snooze ${short} later`),
    );

    expect(said).toContain('is no time that is known. Write /snooze a1b2c3 30m');
  });
});
