import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClock } from '../../sandbox/clock.ts';
import { eventually } from '../support/clinic.ts';
import { buttonsOf, wordsOf } from '../support/flow-card.ts';
import { nextEight, withDigest } from '../support/flow-digest.ts';
import { NURSES, openTeamsClinic, type TeamsClinic } from '../support/flow-teams.ts';
import { teamsWordsOf } from '../support/flow-teams-card.ts';

const [ANA, CHIDI] = ['U0ANA', 'U0CHIDI'];
const TICKS = 30_000;

describe('a digest of one’s own', () => {
  const clock = createClock();
  let clinic: TeamsClinic;
  let taskId: string;
  beforeAll(async () => {
    clinic = await openTeamsClinic({ clock, config: withDigest({ digest: false }) });
    clock.moveTo(new Date(nextEight(clock.now()).getTime() + 2 * 3_600_000));
    taskId = await clinic.patientWrites({ patient: 'homer', text: 'My chest hurts' });
    await clinic.pressShown(ANA, await clinic.card(taskId, NURSES.slack), 'claim');
    await eventually(async () => expect((await clinic.record(taskId)).task.status).toBe('accepted'));
  });
  afterAll(() => clinic?.close());

  const own = () =>
    eventually(() => {
      const [one, ...others] = clinic.sandbox.slack
        .messages('D0ANA')
        .filter((message) => wordsOf(message).includes('Your Tasks'));
      if (one === undefined || others.length > 0) throw new Error('There is not one digest.');
      return one;
    }, TICKS);

  it('is turned on with a word, on either platform', async () => {
    const said = [
      await clinic.answer(ANA, () => clinic.slash(ANA, '/digest')),
      await clinic.answer(ANA, () => clinic.slash(ANA, '/digest on 7:30')),
      await clinic.answer(ANA, () => clinic.slash(ANA, '/switchboard digest')),
      await clinic.teams.answer(CHIDI, () => clinic.teams.say(CHIDI, 'personal', 'digest on')),
      await clinic.teams.answer(CHIDI, () => clinic.teams.say(CHIDI, 'personal', 'digest off')),
    ];

    expect(said).toEqual([
      'You get no digest. /digest on 07:30 sends you your Tasks on weekdays at that time.',
      'Your Tasks come to you in a direct message on weekdays at 07:30 (America/New York). /digest off ends that.',
      'Your digest comes on weekdays at 07:30 (America/New York). /digest off ends that.',
      'Your Tasks come to you in a direct message on weekdays at 08:00 (America/New York). /digest off ends that.',
      'You get no digest any more.',
    ]);
  });

  it('comes as one direct message with what can be done, and without the patient', async () => {
    clock.moveTo(new Date(nextEight(clock.now()).getTime() - 30 * 60_000));

    const digest = await own();

    expect(wordsOf(digest)).toContain('You have one open Task.');
    expect(wordsOf(digest)).toContain(taskId.slice(0, 6));
    expect(buttonsOf(digest)).toEqual(['Complete', 'Reroute', 'Release']);
    expect(JSON.stringify(digest)).not.toMatch(/homer|simpson|chest/i);
    const { personal } = clinic.sandbox.teams.people().find(({ id }) => id === CHIDI) ?? { personal: '' };
    expect(clinic.sandbox.teams.messages(personal).map(teamsWordsOf).join()).not.toContain('Your Tasks');
  });

  it('is worked on, and strikes out what is done with', async () => {
    const { channel, ts } = await own();
    const view = await clinic.dialog(ANA, () =>
      clinic.sandbox.slack.press({ user: ANA, channel, ts, action_id: 'release', value: taskId }),
    );
    await clinic.submit(ANA, view, { reason: 'end-of-shift' });

    await eventually(async () => {
      expect(wordsOf(await own())).toContain('~  ·  waits for *Registered nurse*');
      expect(buttonsOf(await own())).toEqual([]);
    }, TICKS);
  });
});
