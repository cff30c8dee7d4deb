import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CARDIO, NURSES, openTeamsClinic, type TeamsClinic } from '../support/flow-teams.ts';
import { teamsButtonsOf, teamsWordsOf } from '../support/flow-teams-card.ts';

const ANA = 'U0ANA';
const BEN = 'U0BEN';
const CHIDI = 'U0CHIDI';
const SAM = 'U0SAM';

describe('the Home in Teams', () => {
  let clinic: TeamsClinic;
  beforeAll(async () => {
    clinic = await openTeamsClinic();
  });
  afterAll(() => clinic?.close());

  const shown = (user: string, conversation: string, text: string) =>
    clinic.teams.told(user, () => clinic.teams.say(user, conversation, text));

  it.each(['', ' ', 'hi', 'Hello', 'hello there', 'home', '/home', '/switchboard', '/switchboard home'])(
    'is what one’s own chat answers to “%s”',
    async (text) => {
      const home = await shown(ANA, 'personal', text);

      expect(teamsWordsOf(home)).toContain('Who you are');
      expect(teamsWordsOf(home)).toContain('You may claim in **Registered nurse**.');
    },
  );

  it.each(['@Switchboard', '@Switchboard hi', '@Switchboard  hello'])(
    'is not what a channel answers: “%s” gets help there, in private',
    async (text) => {
      const help = await shown(ANA, NURSES.teams, text);

      expect(teamsWordsOf(help)).toContain('/reroute ［task］');
      expect(help.to).toBe(ANA);
    },
  );

  it('shows what is mine and what waits for me, and its buttons work and draw it again', async () => {
    const mine = await clinic.patientWrites({ pool: 'cardiology' });
    const waits = await clinic.patientWrites({ pool: 'cardiology', priority: 'urgent' });
    await clinic.teams.pressAnswer(BEN, await clinic.teams.card(mine, CARDIO.teams), 'claim');
    const home = await shown(BEN, 'personal', 'home');
    const before = clinic.teams.heard(BEN).length;

    const after = await clinic.teams.pressRow(BEN, home, 'claim', waits);

    expect(teamsWordsOf(home)).toContain('Ben Carter: one Task is yours, and one Task waits in your pools.');
    expect(teamsButtonsOf(home)).toContain('Claim');
    expect(teamsWordsOf(after)).toMatch(new RegExp(`^Ben Carter, Task ${waits.slice(0, 6)} is yours\\.`));
    expect(teamsWordsOf(after)).toContain('2 Tasks are yours');
    expect(teamsButtonsOf(after)).not.toContain('Claim');
    expect(clinic.teams.heard(BEN)).toHaveLength(before);
    expect((await clinic.record(waits)).task.owner?.reference).toBe(clinic.practitioner(BEN));
  });

  it('greets whoever adds the app, once', async () => {
    await clinic.teams.told(CHIDI, () => clinic.sandbox.teams.install({ user: CHIDI }));
    await clinic.sandbox.teams.redeliver();
    await clinic.sandbox.teams.install({ user: CHIDI });
    const said = await clinic.teams.told(CHIDI, () => clinic.teams.say(CHIDI, 'personal', 'dance'));

    const [greeting, ...more] = clinic.teams.heard(CHIDI);
    expect(teamsWordsOf(greeting ?? said)).toContain('Chidi Okafor');
    expect(greeting?.conversation).toBe(clinic.teams.chatOf(CHIDI));
    expect(more).toEqual([said]);
  });

  it('tells whoever adds the app and is not known what to do about it', async () => {
    const greeting = await clinic.teams.told(SAM, () => clinic.sandbox.teams.install({ user: SAM }));

    expect(teamsWordsOf(greeting)).toContain('You are not linked to a Practitioner in the record yet');
  });
});
