import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { asDict } from '../../sandbox/dict.ts';
import { CARDIO, DIET, NURSES, OFFERED, openTeamsClinic, type TeamsClinic } from '../support/flow-teams.ts';
import { teamsButtonsOf, teamsWordsOf } from '../support/flow-teams-card.ts';

const ANA = 'U0ANA';
const BEN = 'U0BEN';
const MEI = 'U0MEI';

describe('what people type in Teams', () => {
  let clinic: TeamsClinic;
  beforeAll(async () => {
    clinic = await openTeamsClinic();
  });
  beforeEach(() => clinic.sandbox.teams.addFault({ kind: 'none' }));
  afterAll(() => clinic?.close());

  /** A Task whose reference can be typed. */
  async function waiting(pool = 'registered-nurse', channel: string = NURSES.teams): Promise<string> {
    const taskId = await clinic.patientWrites({ pool });
    await clinic.teams.card(taskId, channel);
    return taskId;
  }
  const answer = (user: string, conversation: string, text: string) =>
    clinic.teams.answer(user, () => clinic.teams.say(user, conversation, text));
  /** The messages of Switchboard that everybody sees there. */
  const fromBot = (conversation: string) =>
    clinic.sandbox.teams
      .messages(conversation)
      .filter(({ from }) => from.user === undefined)
      .map(({ activityId }) => activityId);

  it.each([
    { where: 'in a channel', place: 'channel', begin: '@Switchboard reroute' },
    { where: 'in a channel with a slash', place: 'channel', begin: '@Switchboard /reroute' },
    { where: 'in the own chat, without a mention', place: 'personal', begin: 'reroute' },
    { where: 'in the own chat with a slash, in capitals', place: 'personal', begin: '/REROUTE' },
    { where: 'in the thread of the card', place: 'thread', begin: '@Switchboard reroute' },
  ])('reroutes a Task: $where', async ({ place, begin }) => {
    const taskId = await waiting();
    const { activityId } = await clinic.teams.card(taskId, NURSES.teams);
    const thread = `${NURSES.teams};messageid=${activityId}`;
    const conversation = { channel: NURSES.teams, personal: 'personal', thread }[place] ?? '';

    const sentence = await answer(
      ANA,
      conversation,
      `${begin} ${taskId.slice(0, 8)} cardiology because specialty-referral she asked for Ben & <b>Omar</b>`,
    );

    expect(sentence).toBe(`Task ${taskId.slice(0, 6)} went to “Cardiologist”: Specialty referral.`);
    const { task, provenances } = await clinic.record(taskId);
    expect(task.performerType?.[0]?.coding?.[0]?.code).toBe('17561000');
    expect(task.note?.[0]?.authorReference?.display).toBe('Ana Silva');
    expect(provenances.map((one) => one.reason?.[0]?.coding?.[0]?.code)).toEqual(['specialty-referral']);
    expect(teamsButtonsOf(await clinic.teams.card(taskId, CARDIO.teams))).toEqual(OFFERED.waiting);
  });

  it('is heard as a slash command, which nobody else sees either', async () => {
    const taskId = await waiting();
    const before = clinic.sandbox.teams.messages(DIET.teams);

    const sentence = await clinic.teams.answer(ANA, () =>
      clinic.sandbox.teams.say({
        user: ANA,
        conversation: DIET.teams,
        text: `/claim ${taskId.slice(0, 8)}`,
        targeted: true,
      }),
    );

    expect(sentence).toBe(`Ana Silva, Task ${taskId.slice(0, 6)} is yours.`);
    expect(clinic.sandbox.teams.messages(DIET.teams)).toEqual(before);
  });

  it('sends a Task to a person who is mentioned', async () => {
    const taskId = await waiting();
    const { teams } = clinic.sandbox;
    const mei = teams.people().find(({ id }) => id === MEI);
    const draft = teams.draft(ANA, '');
    const bot = { type: 'mention', text: '<at>Switchboard</at>', mentioned: draft.recipient };
    // A Teams id is all that Teams says of whom somebody mentions.
    const person = { type: 'mention', text: '<at>Mei</at>', mentioned: { id: mei?.teamsId, name: 'Mei' } };

    const sentence = await clinic.teams.answer(ANA, () =>
      teams.deliver({
        ...draft,
        conversation: { ...asDict(draft.conversation), id: NURSES.teams, conversationType: 'channel' },
        text: `<at>Switchboard</at> reroute ${taskId.slice(0, 8)} <at>Mei</at> because workload`,
        entities: [bot, person],
      }),
    );

    expect(sentence).toBe(`Task ${taskId.slice(0, 6)} went to Mei Tanaka: Workload.`);
    expect((await clinic.record(taskId)).task.owner?.reference).toBe(clinic.practitioner(MEI));
  });

  it('lists with “tasks” what waits in my pools, each with a Claim that works', async () => {
    const routine = await clinic.patientWrites({ pool: 'pharmacy', priority: 'routine' });
    const stat = await clinic.patientWrites({ pool: 'pharmacy', priority: 'stat' });
    const before = fromBot(DIET.teams);

    const list = await clinic.teams.told(MEI, () => clinic.teams.say(MEI, DIET.teams, '@Switchboard /tasks'));

    const words = teamsWordsOf(list);
    expect(words).toContain('2 Tasks wait in “Pharmacist”.');
    expect(words.indexOf(stat.slice(0, 6))).toBeGreaterThan(-1);
    expect(words.indexOf(stat.slice(0, 6))).toBeLessThan(words.indexOf(routine.slice(0, 6)));
    expect(teamsButtonsOf(list)).toEqual(['Claim', 'Reroute', 'Claim', 'Reroute']);
    expect(fromBot(DIET.teams)).toEqual(before);
    const after = await clinic.teams.pressRow(MEI, list, 'claim', stat);
    expect(teamsWordsOf(after)).toContain(`Mei Tanaka, Task ${stat.slice(0, 6)} is yours.`);
    expect((await clinic.record(stat)).task.owner?.display).toBe('Mei Tanaka');
    const others = await clinic.teams.told(BEN, () => clinic.teams.say(BEN, 'personal', 'tasks pharmacist'));
    expect(teamsWordsOf(others)).toContain('One Task waits in “Pharmacist”.');
    expect(teamsButtonsOf(others)).toEqual(['Reroute']);
  });

  it.each([
    { typed: 'dance', says: 'There is no /dance.' },
    { typed: 'claim', says: 'Say which Task: /claim a1b2c3.' },
    { typed: 'claim zzzzzz', says: 'There is no Task “zzzzzz”.' },
    { typed: 'reroute zzzzzz nowhere', says: 'Say why, with “because” and a reason' },
    { typed: '👋', says: 'There is no /' },
  ])('is answered with a sentence that nobody else sees: “$typed”', async ({ typed, says }) => {
    const before = fromBot(NURSES.teams);

    const told = await clinic.teams.told(ANA, () =>
      clinic.teams.say(ANA, NURSES.teams, `@Switchboard ${typed}`),
    );

    expect(told.text).toContain(says);
    expect(told.to).toBe(ANA);
    expect(told.conversation).toBe(NURSES.teams);
    expect(fromBot(NURSES.teams)).toEqual(before);
  });

  it('opens a card for a bare “reroute”, in which the Task is chosen as it is typed', async () => {
    const own = await waiting();
    const other = await waiting('cardiology', CARDIO.teams);

    const form = await clinic.teams.told(ANA, () =>
      clinic.teams.say(ANA, NURSES.teams, '@Switchboard reroute'),
    );
    const offered = await clinic.teams.offers(ANA, form, 'task', own.slice(0, 6));
    const notMine = await clinic.teams.offers(ANA, form, 'task', other.slice(0, 6));
    const filled = { task: own.slice(0, 6), target: 'Dietitian', reason: 'other', note: 'Diet first.' };
    const data = await clinic.teams.fill(ANA, form, 'reroute', filled);
    const sentence = await clinic.teams.pressAnswer(ANA, form, 'reroute', data);

    expect(form.to).toBe(ANA);
    expect(JSON.stringify(form.attachments)).toContain(own);
    expect(offered.map(({ value }) => value)).toEqual([own]);
    expect(notMine).toEqual([]);
    expect(sentence).toBe(`Task ${own.slice(0, 6)} went to “Dietitian”: Other.`);
    expect((await clinic.record(own)).task.note?.[0]?.text).toBe('Diet first.');
    expect(teamsButtonsOf(await clinic.teams.card(own, DIET.teams))).toEqual(OFFERED.waiting);
  });

  it('opens that card also for somebody for whom nothing waits', async () => {
    const form = await clinic.teams.told('U0IVY', () => clinic.teams.say('U0IVY', 'personal', '/release'));

    expect(teamsWordsOf(form)).toContain('Release a Task');
    expect(await clinic.teams.offers('U0IVY', form, 'task', '')).toEqual([]);
  });

  it('opens a card for one Task, and its note may hold emoji, right-to-left text and several lines', async () => {
    const taskId = await waiting();
    const note = '💔 palpitations\nمرحبا <b>&amp;</b>';

    const form = await clinic.teams.told(BEN, () =>
      clinic.teams.say(BEN, 'personal', `reroute ${taskId.slice(0, 8)}`),
    );
    const data = await clinic.teams.fill(BEN, form, 'reroute', { target: 'Silva', reason: 'workload', note });
    await clinic.teams.pressAnswer(BEN, form, 'reroute', data);

    const { task } = await clinic.record(taskId);
    expect(task.note?.[0]?.text).toBe(note);
    expect(task.owner?.reference).toBe(clinic.practitioner(ANA));
  });

  it('is answered in the own chat where a channel takes no targeted message', async () => {
    const taskId = await waiting();
    const before = fromBot(NURSES.teams);
    clinic.sandbox.teams.addFault({ operation: 'post', kind: 'roster', conversation: NURSES.teams });

    const told = await clinic.teams.told(BEN, () =>
      clinic.teams.say(BEN, NURSES.teams, `@Switchboard claim ${taskId.slice(0, 8)}`),
    );

    expect(told.conversation).toBe(clinic.teams.chatOf(BEN));
    expect(told.text).toContain('This Task is for “Registered nurse”');
    expect(fromBot(NURSES.teams)).toEqual(before);
  });
});
