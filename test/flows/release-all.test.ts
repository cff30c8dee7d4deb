import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, MODES } from '../support/clinic.ts';
import { wordsOf } from '../support/flow-card.ts';
import { NURSES, openTeamsClinic, type TeamsClinic } from '../support/flow-teams.ts';
import { teamsWordsOf } from '../support/flow-teams-card.ts';

const ANA = 'U0ANA';
const CHIDI = 'U0CHIDI';

describe.each(MODES)('the end of a nurse’s shift, $mode', (mode) => {
  let clinic: TeamsClinic;
  beforeAll(async () => {
    clinic = await openTeamsClinic(mode);
  });
  afterAll(() => clinic?.close());

  /** Tasks that the person has claimed. */
  async function had(by: string, n: number): Promise<string[]> {
    const ids: string[] = [];
    for (let i = 0; i < n; i++) {
      const taskId = await clinic.patientWrites();
      await clinic.press(by, await clinic.card(taskId, NURSES.slack), 'claim');
      await eventually(async () => expect(wordsOf(await clinic.card(taskId, NURSES.slack))).toContain('✅'));
      ids.push(taskId);
    }
    return ids;
  }

  const expectReleased = async (ids: readonly string[], by: string, note?: string) => {
    for (const id of ids) {
      const { task, thread, provenances } = await clinic.record(id);
      expect(task).toMatchObject({ status: 'requested', businessStatus: { text: 'unassigned' } });
      expect(task.owner).toBeUndefined();
      expect(thread?.recipient).toBeUndefined();
      expect(task.note?.map(({ text }) => text)).toEqual(note === undefined ? undefined : [note]);
      expect(provenances.map(({ activity }) => activity?.coding?.[1]?.code)).toEqual(['release', 'claim']);
      expect(provenances[0]?.agent[0]?.who.reference).toBe(clinic.practitioner(by));
      expect(provenances[0]?.reason?.[0]?.coding?.[0]?.code).toBe('end-of-shift');
      await eventually(async () => {
        expect(wordsOf(await clinic.card(id, NURSES.slack))).toContain(
          ': *End of shift*. Nobody has it now.',
        );
        expect(teamsWordsOf(await clinic.teams.card(id, NURSES.teams))).toContain('End of shift');
      });
    }
  };

  it('gives all of their Tasks back with one line in Slack, and nobody else’s', async () => {
    const [mine, others] = [await had(ANA, 3), await had(CHIDI, 1)];

    const sentence = await clinic.answer(ANA, () =>
      clinic.slash(ANA, '/release all because end-of-shift, see the ward book'),
    );

    expect(sentence).toBe('3 Tasks are back in their pools.');
    await expectReleased(mine, ANA, 'see the ward book');
    expect((await clinic.record(others[0] ?? '')).task.owner?.reference).toBe(clinic.practitioner(CHIDI));
  });

  it('gives them back behind the own word, and says so where there are none left', async () => {
    const mine = await had(ANA, 1);
    const say = () =>
      clinic.answer(ANA, () => clinic.slash(ANA, '/switchboard release all because end of shift'));

    const sentences = [await say(), await say()];

    expect(sentences).toEqual([
      'One Task is back in its pool.',
      'You have no Tasks, so there is nothing to release.',
    ]);
    await expectReleased(mine, ANA);
  });

  it('asks for the reason in a dialog of Slack, and then gives them back', async () => {
    const mine = await had(ANA, 2);

    const view = await clinic.dialog(ANA, () => clinic.slash(ANA, '/release all'));
    const sentence = await clinic.answer(ANA, () => clinic.submit(ANA, view, { reason: 'end-of-shift' }));

    expect(JSON.stringify(view)).toContain('Release all');
    expect(sentence).toBe('2 Tasks are back in their pools.');
    await expectReleased(mine, ANA);
  });

  it('gives them back with one line in Teams', async () => {
    const mine = await had(ANA, 2);

    const sentence = await clinic.teams.answer(ANA, () =>
      clinic.teams.say(ANA, 'personal', 'release all because end-of-shift'),
    );

    expect(sentence).toBe('2 Tasks are back in their pools.');
    await expectReleased(mine, ANA);
  });

  it('asks for the reason in a card of Teams, which gives way to what came of it', async () => {
    const mine = await had(ANA, 2);

    const form = await clinic.teams.told(ANA, () => clinic.teams.say(ANA, 'personal', '/release all'));
    const data = await clinic.teams.fill(ANA, form, 'release', { reason: 'end-of-shift' });
    const told = await clinic.teams.pressAnswer(ANA, form, 'release', data);

    expect(teamsWordsOf(form)).toContain('Release all');
    expect(told).toContain('2 Tasks are back in their pools.');
    await expectReleased(mine, ANA);
  });
});
