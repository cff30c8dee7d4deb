import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PREVIEW } from '../../adapters/teams/actions.ts';
import { eventually } from '../support/clinic.ts';
import { NURSES, openTeamsClinic, type TeamsClinic } from '../support/flow-teams.ts';
import { teamsWordsOf } from '../support/flow-teams-card.ts';

const ANA = 'U0ANA';
const BEN = 'U0BEN';

describe('what a reroute would do, asked in Teams before it is done', () => {
  let clinic: TeamsClinic;
  beforeAll(async () => {
    clinic = await openTeamsClinic();
  });
  afterAll(() => clinic?.close());

  const claimed = async () => {
    const taskId = await clinic.patientWrites();
    await clinic.teams.pressAnswer(ANA, await clinic.teams.card(taskId, NURSES.teams), 'claim');
    await eventually(async () =>
      expect(teamsWordsOf(await clinic.teams.card(taskId, NURSES.teams))).toContain('✅ **Ana Silva**'),
    );
    return { taskId, card: await clinic.teams.card(taskId, NURSES.teams) };
  };

  it('says how many can claim there, with no reason chosen yet, and changes nothing', async () => {
    const { taskId, card } = await claimed();
    const before = await clinic.record(taskId);
    const data = await clinic.teams.fill(ANA, card, 'reroute', { target: 'cardiol' });

    const said = await clinic.teams.preview(ANA, card, data);

    expect(said).toContain('3 people can claim there now');
    expect(said).toContain('You will no longer');
    expect(await clinic.record(taskId)).toEqual(before);
    expect(clinic.teams.heard(ANA)).toEqual([]);
  });

  it('leaves the form as it was filled in, and it can be sent then', async () => {
    const { taskId, card } = await claimed();
    const filled = { target: 'cardiol', reason: 'specialty-referral', note: 'Palpitations.' };
    const data = await clinic.teams.fill(ANA, card, 'reroute', filled);

    await clinic.teams.preview(ANA, card, data);
    const now = await clinic.teams.card(taskId, NURSES.teams);
    const sentence = await clinic.teams.pressAnswer(ANA, now, 'reroute', data);

    expect(now.attachments).toEqual(card.attachments);
    expect(sentence).toContain(`Task ${taskId.slice(0, 6)} went to “Cardiologist”: Specialty referral.`);
    expect((await clinic.record(taskId)).task.note?.[0]?.text).toBe('Palpitations.');
  });

  it('is said in the form that was typed for as well, for the Task that is chosen in it', async () => {
    const { taskId } = await claimed();
    const form = await clinic.teams.told(ANA, () => clinic.teams.say(ANA, 'personal', 'reroute'));
    const data = await clinic.teams.fill(ANA, form, 'reroute', {
      task: taskId.slice(0, 6),
      target: 'Ben Carter',
    });

    const said = await clinic.teams.preview(ANA, form, data);

    expect(said).toContain('Ben Carter');
    expect((await clinic.record(taskId)).task.owner?.reference).toBe(clinic.practitioner(ANA));
  });

  it('is asked for only once there is a target, and a reason is asked for before anything is sent', async () => {
    const { taskId, card } = await claimed();
    const data = await clinic.teams.fill(BEN, card, 'reroute', { target: 'cardiol' });

    await expect(clinic.teams.preview(BEN, card, {})).rejects.toThrow('this is needed');
    const sentence = await clinic.teams.pressAnswer(BEN, card, 'reroute', data);

    expect(sentence).toMatch(/reason/i);
    expect((await clinic.record(taskId)).task.owner?.reference).toBe(clinic.practitioner(ANA));
  });

  it('is said in private to clients that know only the older way', async () => {
    const { card } = await claimed();
    const data = await clinic.teams.fill(ANA, card, 'reroute', { target: 'cardiol' });

    const told = await clinic.teams.told(ANA, () =>
      clinic.teams.press(ANA, card, PREVIEW, data, { fallback: true }),
    );

    expect(told.text).toContain('3 people can claim there now');
    expect(told.to).toBe(ANA);
  });
});
