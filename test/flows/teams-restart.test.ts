import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/clinic.ts';
import { CARDIO, NURSES, OFFERED, openTeamsClinic, type TeamsClinic } from '../support/flow-teams.ts';
import { teamsButtonsOf, teamsWordsOf } from '../support/flow-teams-card.ts';

describe('a Switchboard that stops while it posts to Teams, and is started again on its ledger', () => {
  let clinic: TeamsClinic;
  beforeAll(async () => {
    clinic = await openTeamsClinic({ keepLedger: true });
  });
  afterAll(() => clinic?.close());

  const messages = (channel: string) => clinic.sandbox.teams.messages(channel);
  const created = () => clinic.sandbox.teams.calls().filter(({ operation }) => operation === 'create');

  it('draws what it had only begun, where it stands, and posts nothing twice', async () => {
    const { teams } = clinic.sandbox;
    const done = await clinic.patientWrites();
    await eventually(async () =>
      expect(teamsButtonsOf(await clinic.teams.card(done, NURSES.teams))).toEqual(OFFERED.waiting),
    );
    teams.addFault({ operation: 'update', kind: 'drop', times: 1_000 });
    const begun = await clinic.patientWrites();
    const line = await eventually(() => {
      const newest = messages(NURSES.teams).at(-1);
      if (newest?.text !== 'A card follows.') throw new Error('Nothing has begun.');
      return newest;
    });
    await eventually(() => expect(teams.calls().at(-1)?.fault).toBe('drop'));

    await clinic.stopApp();
    teams.addFault({ kind: 'none' });
    teams.clearCalls();
    await clinic.startApp();

    const card = await clinic.teams.card(begun, NURSES.teams);
    expect(card.activityId).toBe(line.activityId);
    expect(teamsButtonsOf(card)).toEqual(OFFERED.waiting);
    await clinic.teams.press('U0ANA', card, 'claim');
    await eventually(async () =>
      expect(teamsWordsOf(await clinic.teams.card(begun, NURSES.teams))).toContain('✅ **Ana Silva**'),
    );
    expect(created()).toEqual([]);
    expect(messages(NURSES.teams)).toHaveLength(2);
  });

  it('posts again what it never heard of, and leaves no more behind than a line', async () => {
    const { teams } = clinic.sandbox;
    teams.addFault({ operation: 'create', kind: 'drop-after-commit' });
    const taskId = await clinic.patientWrites({ pool: 'cardiology' });
    await eventually(() => expect(messages(CARDIO.teams)).toHaveLength(1));

    await clinic.stopApp();
    await clinic.startApp();

    expect(teamsButtonsOf(await clinic.teams.card(taskId, CARDIO.teams))).toEqual(OFFERED.waiting);
    const [line, card] = messages(CARDIO.teams);
    expect(messages(CARDIO.teams)).toHaveLength(2);
    expect(line).toMatchObject({ text: 'A card follows.', attachments: [] });
    expect(card && teamsWordsOf(card)).toContain('Nobody has claimed this yet.');
  });

  it('still knows who has a chat with it', async () => {
    await clinic.teams.answer('U0CHIDI', () => clinic.teams.say('U0CHIDI', 'personal', 'tasks'));
    const taskId = await clinic.patientWrites();
    await clinic.teams.card(taskId, NURSES.teams);
    await clinic.stopApp();
    await clinic.startApp();

    const card = await clinic.teams.card(taskId, NURSES.teams);
    const data = await clinic.teams.fill('U0ANA', card, 'reroute', { target: 'Okafor', reason: 'workload' });
    await clinic.teams.press('U0ANA', card, 'reroute', data);

    const direct = await clinic.teams.card(taskId, clinic.teams.chatOf('U0CHIDI'));
    expect(teamsButtonsOf(direct)).toEqual(OFFERED.assigned);
  });
});
