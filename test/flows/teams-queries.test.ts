import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TeamsMessage } from '../../sandbox/teams/index.ts';
import { QUERIES, type QueryName } from '../../src/queries/index.ts';
import { eventually } from '../support/clinic.ts';
import { DIET, NURSES, openTeamsClinic, type TeamsClinic } from '../support/flow-teams.ts';
import { teamsButtonsOf, teamsWordsOf } from '../support/flow-teams-card.ts';

const ANA = 'U0ANA';
const BEN = 'U0BEN';
const IVY = 'U0IVY';
const MEI = 'U0MEI';
const SAM = 'U0SAM';
const ZEYNEP = 'U0ZEYNEP';

/** What everybody reads in answer, as far as it is always so; `REF` stands for a Task's reference. */
const ANSWERS: Readonly<Record<QueryName, { readonly typed: string; readonly says: string }>> = {
  tasks: { typed: 'tasks', says: 'in “Registered nurse”.' },
  mine: { typed: 'mine', says: 'You have' },
  history: { typed: 'history REF', says: 'Arrived in **Registered nurse**' },
  status: { typed: 'status REF', says: 'Open in Medplum' },
  pools: { typed: 'pools', says: '**Cardiologist**' },
  whoami: { typed: 'whoami', says: 'You are Ana Silva in the record.' },
  home: { typed: 'home', says: 'Who you are' },
  help: { typed: 'help', says: '/reroute ［task］' },
};

let clinic: TeamsClinic;
beforeAll(async () => {
  clinic = await openTeamsClinic();
});
afterAll(() => clinic?.close());

const ask = (user: string, conversation: string, text: string) =>
  clinic.teams.told(user, () => clinic.teams.say(user, conversation, text));
const words = (message: TeamsMessage) => teamsWordsOf(message) || message.text;
const everybodys = () =>
  clinic.sandbox.teams.messages(NURSES.teams).filter(({ from }) => from.user === undefined);
const pressesFollow = async (user: string, card: TeamsMessage, verb: string) => {
  const said: string[] = [];
  const listing = await clinic.teams.told(user, async () => {
    said.push(await clinic.teams.pressAnswer(user, card, verb));
  });
  return { said: said[0], listing };
};

describe('a question in Teams', () => {
  it.each(QUERIES.map(({ name }) => ({ name, ...ANSWERS[name] })))(
    'is answered in private, typed in every way there is: $name',
    async ({ typed, says }) => {
      const taskId = await clinic.patientWrites();
      await clinic.teams.card(taskId, NURSES.teams);
      const text = typed.replace('REF', taskId.slice(0, 8));
      const before = everybodys();

      const answers = [
        await ask(ANA, NURSES.teams, `@Switchboard ${text}`),
        await ask(ANA, NURSES.teams, `@Switchboard /${text}`),
        await ask(ANA, NURSES.teams, `@Switchboard /switchboard ${text}`),
        await ask(ANA, 'personal', text),
        await ask(
          ANA,
          'personal',
          `/${text.toUpperCase().replace(taskId.slice(0, 8).toUpperCase(), taskId.slice(0, 8))}`,
        ),
        await ask(ANA, 'personal', `/switchboard ${text}`),
      ];

      for (const answer of answers) expect(words(answer)).toContain(says);
      expect(answers.map(({ to }) => to)).toEqual([ANA, ANA, ANA, undefined, undefined, undefined]);
      expect(answers.slice(3).map(({ conversation }) => conversation)).toEqual(
        Array(3).fill(clinic.teams.chatOf(ANA)),
      );
      expect(everybodys()).toEqual(before);
      expect(clinic.teams.heard(BEN)).toEqual([]);
    },
  );

  it('is answered with what to do by somebody whom the record does not know, help also to them', async () => {
    const home = await ask(SAM, 'personal', 'home');
    const help = await ask(SAM, 'personal', 'help');

    expect(words(home)).toContain('You are not linked to a Practitioner in the record yet');
    expect(words(help)).toContain('/reroute ［task］');
  });

  it('is asked by the button of a card too, and of a row: the answer comes beside what was pressed', async () => {
    const taskId = await clinic.patientWrites();
    const card = await clinic.teams.card(taskId, NURSES.teams);
    await clinic.teams.pressAnswer(ANA, card, 'claim');
    await eventually(async () =>
      expect(teamsWordsOf(await clinic.teams.card(taskId, NURSES.teams))).toContain('✅ **Ana Silva**'),
    );
    const before = everybodys();

    const ofCard = await pressesFollow(BEN, await clinic.teams.card(taskId, NURSES.teams), 'history');
    const status = await ask(ANA, 'personal', `status ${taskId.slice(0, 8)}`);
    const ofRow = await pressesFollow(ANA, status, 'history');

    expect(ofCard.said).toBe('It follows in a message that only you see.');
    expect(ofCard.listing).toMatchObject({ to: BEN, conversation: NURSES.teams });
    for (const { listing } of [ofCard, ofRow])
      expect(teamsWordsOf(listing)).toMatch(/\*\*Ana Silva\*\* claimed it/);
    expect(ofRow.listing.conversation).toBe(clinic.teams.chatOf(ANA));
    expect(teamsWordsOf(clinic.teams.again(ANA, status))).toBe(teamsWordsOf(status));
    expect(everybodys()).toEqual(before);
  });

  it('of a pool, pressed in the list of pools, lists what waits in that pool', async () => {
    const taskId = await clinic.patientWrites({ pool: 'pharmacy' });
    const pools = await ask(BEN, 'personal', 'pools');

    const listing = await clinic.teams.told(BEN, () =>
      clinic.teams.press(BEN, pools, 'tasks', {}, { own: { task: 'pharmacy' } }),
    );

    expect(teamsWordsOf(listing)).toContain('in “Pharmacist”.');
    expect(teamsWordsOf(listing)).toContain(taskId.slice(0, 6));
  });

  it('whose answer is too long for a page is turned where it stands', async () => {
    const tasks: string[] = [];
    for (let i = 0; i < 25; i++) tasks.push(await clinic.patientWrites({ pool: 'dietetics' }));
    const first = await ask(ZEYNEP, 'personal', 'tasks');
    const heard = clinic.teams.heard(ZEYNEP).length;

    const second = await clinic.teams.turn(ZEYNEP, first);

    const shown = (message: TeamsMessage) =>
      tasks.filter((taskId) => teamsWordsOf(message).includes(taskId.slice(0, 6)));
    expect(second.activityId).toBe(first.activityId);
    expect(clinic.teams.heard(ZEYNEP)).toHaveLength(heard);
    expect(shown(first).length).toBeGreaterThan(5);
    expect(shown(second).length).toBeGreaterThan(0);
    expect(shown(first).filter((taskId) => shown(second).includes(taskId))).toEqual([]);
    // What was pressed on the second page draws the second page again.
    const [taskId = ''] = shown(second);
    const claimed = await clinic.teams.pressRow(ZEYNEP, second, 'claim', taskId);
    expect(teamsWordsOf(claimed)).toContain(`Task ${taskId.slice(0, 6)} is yours.`);
    expect(shown(claimed)).not.toEqual(shown(first));
    expect((await clinic.record(taskId)).task.owner?.reference).toBe(clinic.practitioner(ZEYNEP));
  });
});

describe('a listing in Teams', () => {
  it('loses the row that was claimed in it, and says so; a row that somebody else took goes too', async () => {
    const [stat, urgent] = [
      await clinic.patientWrites({ pool: 'cardiology', priority: 'stat' }),
      await clinic.patientWrites({ pool: 'cardiology', priority: 'urgent' }),
    ];
    const list = await ask(BEN, 'personal', 'tasks');
    const omar = await ask('U0OMAR', 'personal', 'tasks');
    expect(teamsWordsOf(list)).toContain('2 Tasks wait in “Cardiologist”.');

    const after = await clinic.teams.pressRow(BEN, list, 'claim', urgent);
    const late = await clinic.teams.pressRow('U0OMAR', omar, 'claim', urgent);

    expect(teamsWordsOf(after)).toMatch(new RegExp(`^Ben Carter, Task ${urgent.slice(0, 6)} is yours\\.`));
    expect(teamsWordsOf(after)).toContain('One Task waits in “Cardiologist”.');
    expect(teamsWordsOf(late)).toContain('Ben Carter already has this Task.');
    for (const listing of [after, late]) {
      expect(teamsWordsOf(listing)).toContain(stat.slice(0, 6));
      expect(teamsButtonsOf(listing)).toEqual(['Claim', 'Reroute']);
    }
    expect((await clinic.record(urgent)).provenances).toHaveLength(1);
  });

  it('brings the form of what must be told something, and has its row changed once that is asked again', async () => {
    const taskId = await clinic.patientWrites();
    await clinic.teams.card(taskId, NURSES.teams);
    const list = await ask(ANA, 'personal', `status ${taskId.slice(0, 8)}`);

    const form = await clinic.teams.told(ANA, () => clinic.teams.press(ANA, list, 'reroute'));
    const data = await clinic.teams.fill(ANA, form, 'reroute', { target: 'pharma', reason: 'wrong-pool' });
    await clinic.teams.press(ANA, form, 'reroute', data);

    const sentence = `Task ${taskId.slice(0, 6)} went to “Pharmacist”: Wrong pool.`;
    expect(teamsWordsOf(clinic.teams.again(ANA, form))).toContain(sentence);
    expect(JSON.stringify(clinic.teams.again(ANA, form).attachments)).not.toContain('Input.');
    expect((await clinic.record(taskId)).task.performerType?.[0]?.coding?.[0]?.display).toBe('Pharmacist');
  });

  it('shows what “next” took, and after a press in it what one has: another Task is not taken', async () => {
    const first = await clinic.patientWrites({ pool: 'pharmacy', priority: 'stat' });
    const second = await clinic.patientWrites({ pool: 'pharmacy', priority: 'stat' });
    const taken = await ask(MEI, 'personal', 'next');
    const thread = (await clinic.record(first)).thread?.id ?? '';
    await clinic.staffAnswers({ by: MEI, thread, text: 'Please take it with food.' });

    const after = await clinic.teams.pressRow(MEI, taken, 'complete', first);

    expect(teamsWordsOf(taken)).toContain(`Task ${first.slice(0, 6)} is yours`);
    expect(teamsWordsOf(after)).toContain('You have no Tasks now.');
    await eventually(async () => expect((await clinic.record(first)).task.status).toBe('completed'));
    expect((await clinic.record(second)).task.owner).toBeUndefined();
  });

  it('says nothing of a patient, also where the channel’s cards may', async () => {
    const taskId = await clinic.patientWrites({
      pool: 'dietetics',
      patient: 'homer',
      text: 'My Zufallswort hurts.',
      priority: 'stat',
    });
    await clinic.teams.card(taskId, DIET.teams);
    for (const text of ['tasks dietetics', `status ${taskId.slice(0, 8)}`, `history ${taskId.slice(0, 8)}`]) {
      const listing = JSON.stringify((await ask(IVY, 'personal', text)).attachments);

      expect(listing).toContain(taskId.slice(0, 6));
      expect(listing).not.toMatch(/Homer|Simpson|Zufallswort/);
    }
  });
});
