import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { QUERIES, type QueryName } from '../../src/queries/index.ts';
import { type Clinic, eventually, openClinic } from '../support/clinic.ts';
import { buttonsOf, wordsOf } from '../support/flow-card.ts';

const NURSES = 'C0NURSES';
const ANA = 'U0ANA';
const BEN = 'U0BEN';
const MEI = 'U0MEI';
const SAM = 'U0SAM';

/** What everybody reads in answer, as far as it is always so; `REF` stands for a Task's reference. */
const ANSWERS: Readonly<Record<QueryName, { readonly typed: string; readonly says: RegExp }>> = {
  tasks: { typed: 'tasks', says: /in “Registered nurse”\./ },
  mine: { typed: 'mine', says: /^You have/ },
  history: { typed: 'history REF', says: /Arrived in \*Registered nurse\*/ },
  status: { typed: 'status REF', says: /waits in “Registered nurse”; nobody has it\./ },
  pools: { typed: 'pools', says: /\*Cardiologist\*/ },
  whoami: { typed: 'whoami', says: /^You are Ana Silva in the record\./ },
  home: { typed: 'home', says: /Who you are/ },
  help: { typed: 'help', says: /\/reroute \[task\]/ },
};

describe('a question', () => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await openClinic();
  });
  afterAll(() => clinic?.close());

  const told = (user: string, typed: string) => clinic.told(user, () => clinic.slash(user, typed));
  const say = (user: string, typed: string) => clinic.answer(user, () => clinic.slash(user, typed));

  it.each(QUERIES.map(({ name }) => ({ name, ...ANSWERS[name] })))(
    'is answered to the one who asks, alone: $name',
    async ({ typed, says }) => {
      const taskId = await clinic.patientWrites();
      await clinic.card(taskId, NURSES);
      const before = clinic.sandbox.slack.messages();

      const text = typed.replace('REF', taskId.slice(0, 8));
      const answers = [await told(ANA, `/${text}`), await told(ANA, `/switchboard ${text}`)];

      for (const answer of answers) expect(wordsOf(answer)).toMatch(says);
      expect(clinic.sandbox.slack.messages()).toEqual(before);
      expect(clinic.sentences(BEN)).toEqual([]);
    },
  );

  it('is answered to a stranger with how to be linked, and help to everybody', async () => {
    for (const { name } of QUERIES) {
      const words = wordsOf(await told(SAM, `/${ANSWERS[name].typed.replace('REF', 'a1b2c3')}`));

      if (name === 'help') expect(words).toContain('/reroute');
      else expect(words).toContain('You are not linked to a Practitioner in the record yet');
    }
  });

  it('lists what waits ten at a time; each row has buttons that work, and the page is turned where it stands', async () => {
    const tasks: string[] = [];
    for (let i = 0; i < 23; i++)
      tasks.push(await clinic.patientWrites({ pool: 'pharmacy', priority: 'routine' }));

    const first = await told(MEI, '/tasks');
    const shown = (listing: typeof first) => tasks.filter((id) => wordsOf(listing).includes(id.slice(0, 6)));
    const pages = [shown(first)];
    expect(first.text).toBe('23 Tasks wait in “Pharmacist”. These are the 10 most urgent.');
    expect(buttonsOf(first)).toEqual([...Array(10).fill(['Claim', 'Reroute']).flat(), 'Show 10 more']);
    pages.push(shown(await clinic.turn(MEI, first)), shown(await clinic.turn(MEI, first)));
    expect(pages.flat()).toEqual(tasks);
    expect(clinic.again(MEI, first).text).toContain('These are 21 to 23.');
    expect(buttonsOf(clinic.again(MEI, first)).at(-1)).toBe('Back to the first');

    const [last] = tasks.slice(-1);
    await clinic.pressRow(MEI, clinic.again(MEI, first), 'claim', last);

    await eventually(async () =>
      expect((await clinic.record(last ?? '')).task.owner?.reference).toBe(clinic.practitioner(MEI)),
    );
    await eventually(() => expect(shown(clinic.again(MEI, first))).not.toContain(last));
  });

  it('shows my Tasks with what I can do, and what was assigned to me apart', async () => {
    const [had, assigned] = [await clinic.patientWrites(), await clinic.patientWrites()];
    await clinic.card(had, NURSES);
    await clinic.card(assigned, NURSES);
    await say('U0CHIDI', `/claim ${had.slice(0, 8)}`);
    await say(ANA, `/reroute ${assigned.slice(0, 8)} Chidi Okafor because workload`);

    const listing = await told('U0CHIDI', '/mine');

    expect(listing.text).toBe('You have one Task, and one was assigned to you.');
    expect(wordsOf(listing)).toMatch(
      new RegExp(
        `Yours[\\s\\S]*${had.slice(0, 6)}[\\s\\S]*Assigned to you, not accepted yet[\\s\\S]*${assigned.slice(0, 6)}`,
      ),
    );
    expect(buttonsOf(listing)).toEqual(['Complete', 'Reroute', 'Release', 'Accept', 'Reroute', 'Release']);
    await clinic.pressRow('U0CHIDI', listing, 'accept', assigned);
    await eventually(async () => expect((await clinic.record(assigned)).task.status).toBe('accepted'));
  });

  it('about the pools leads on to what waits in one of them', async () => {
    await clinic.patientWrites({ pool: 'cardiology' });

    const pools = await told(ANA, '/pools');
    const listing = await clinic.told(ANA, () => clinic.pressRow(ANA, pools, 'tasks', 'cardiology'));

    expect(wordsOf(pools)).toMatch(/\*Registered nurse\* \(yours\)/);
    expect(wordsOf(pools)).toMatch(/\*Cardiologist\* .* 3 people can claim there now/);
    expect(listing.text).toMatch(/^One Task waits in “Cardiologist”\.$/);
    expect(buttonsOf(listing)).toEqual(['Reroute']);
  });

  it.each([
    ['/tasks kardiology', /Did you mean cardiology\?/],
    ['/status zzzzzz', /^There is no Task “zzzzzz”\./],
    ['/history', /^Say which Task: \/history a1b2c3\./],
    ['/mine please', /^\/mine takes nothing else\./],
    ['/switchboard polls', /Did you mean \/pools\?/],
    [`/tasks ${'<!channel> '.repeat(400)}`, /^There is no pool “&lt;!channel&gt; /],
  ])('that is wrong is answered with what would be right: %s', async (typed, says) => {
    expect(await say(ANA, typed)).toMatch(says);
  });
});
