import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clinic, eventually, openClinic } from '../support/clinic.ts';
import { buttonsOf, wordsOf } from '../support/flow-card.ts';

const NURSES = 'C0NURSES';
const CARDIO = 'C0CARDIO';
const ANA = 'U0ANA';
const BEN = 'U0BEN';

describe('slash commands', () => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await openClinic();
  });
  afterAll(() => clinic?.close());

  /** A Task whose reference can be typed. */
  async function waiting(pool = 'registered-nurse'): Promise<string> {
    const taskId = await clinic.patientWrites({ pool });
    await eventually(async () =>
      expect(await say('U0GRACE', `/complete ${taskId.slice(0, 8)}`)).toContain('Nobody has'),
    );
    return taskId;
  }
  const say = (user: string, typed: string) => clinic.answer(user, () => clinic.slash(user, typed));

  it('claim, release and complete a Task by the beginning of its reference', async () => {
    const taskId = await waiting();
    const typed = taskId.slice(0, 8);
    const short = taskId.slice(0, 6);

    expect(await say(ANA, `/claim ${typed}`)).toBe(`Ana Silva, Task ${short} is yours.`);
    expect(await say(ANA, `/release \`${typed}\` because end of shift, back at nine`)).toBe(
      `Task ${short} is back in “Registered nurse”.`,
    );
    expect(await say(ANA, `/claim Task/${taskId}`)).toBe(`Ana Silva, Task ${short} is yours.`);
    expect(await say(ANA, `/note ${typed} She will call, because her phone\nwas off`)).toBe(
      `Your note is on Task ${short}.`,
    );
    expect(await say(ANA, `/complete ${typed.toUpperCase()} because answered by phone: at ten`)).toBe(
      `Task ${short} is completed: Answered by phone.`,
    );

    const { task, provenances } = await clinic.record(taskId);
    expect(task.status).toBe('completed');
    expect(task.note?.map(({ text }) => text)).toEqual([
      'back at nine',
      'She will call, because her phone\nwas off',
      'at ten',
    ]);
    expect(provenances.map(({ activity }) => activity?.coding?.[1]?.code)).toEqual([
      'complete',
      'note',
      'claim',
      'release',
      'claim',
    ]);
    await eventually(async () =>
      expect(wordsOf(await clinic.card(taskId, NURSES))).toContain('☑️ Completed by *Ana Silva*'),
    );
  });

  it.each([
    {
      to: 'a pool by its id',
      typed: 'cardiology because specialty-referral',
      says: '“Cardiologist”: Specialty referral.',
    },
    {
      to: 'a pool by its name',
      typed: 'CARDIOLOGIST because wrong pool',
      says: '“Cardiologist”: Wrong pool.',
    },
    { to: 'a person by name', typed: 'Chidi Okafor because workload', says: 'Chidi Okafor: Workload.' },
    { to: 'a person by part of it', typed: 'okafor because workload', says: 'Chidi Okafor: Workload.' },
    {
      to: 'a person by mention',
      typed: '<@U0CHIDI|chidi> because workload',
      says: 'Chidi Okafor: Workload.',
    },
    { to: 'a name from right to left', typed: 'נועה לוי because workload', says: 'נועה לוי: Workload.' },
  ])('reroute a Task to $to', async ({ typed, says }) => {
    const taskId = await waiting();

    const sentence = await say(ANA, `/reroute ${taskId.slice(0, 8)} ${typed} please call back`);

    expect(sentence).toBe(`Task ${taskId.slice(0, 6)} went to ${says}`);
    const { task, provenances } = await clinic.record(taskId);
    expect(task.note?.[0]?.text).toBe('please call back');
    expect(provenances).toHaveLength(1);
    expect(provenances[0]?.reason).toHaveLength(1);
    await eventually(async () => expect(buttonsOf(await clinic.card(taskId, NURSES))).toEqual([]));
  });

  it('open the dialog of a Task for /reroute with nothing but the Task', async () => {
    const taskId = await waiting();

    const view = await clinic.dialog(ANA, () => clinic.slash(ANA, `/reroute ${taskId.slice(0, 8)}`));
    const sentence = await clinic.answer(ANA, () =>
      clinic.submit(ANA, view, { target: 'Cardiologist', reason: 'specialty-referral' }),
    );

    expect(sentence).toBe(`Task ${taskId.slice(0, 6)} went to “Cardiologist”: Specialty referral.`);
    expect(buttonsOf(await clinic.card(taskId, CARDIO)).slice(0, 2)).toEqual(['Claim', 'Reroute']);
  });

  it('open the dialog of Complete, which says why, where nobody has answered in the thread', async () => {
    const taskId = await waiting();
    await say(ANA, `/claim ${taskId.slice(0, 8)}`);

    const view = await clinic.dialog(ANA, () => clinic.slash(ANA, `/complete ${taskId.slice(0, 8)}`));
    const sentence = await clinic.answer(ANA, () =>
      clinic.submit(ANA, view, { reason: 'no-answer-needed', note: 'A thank-you.' }),
    );

    expect(JSON.stringify(view.blocks)).toContain('Nobody has answered in the thread yet.');
    expect(sentence).toBe(`Task ${taskId.slice(0, 6)} is completed: No answer needed.`);
  });

  it('behind our own word do the same as by themselves', async () => {
    const taskId = await waiting();
    const short = taskId.slice(0, 6);

    expect(await say(ANA, `/switchboard claim ${taskId.slice(0, 8)}`)).toBe(
      `Ana Silva, Task ${short} is yours.`,
    );
    expect(await say(ANA, `/switchboard /release ${taskId.slice(0, 8)} because workload`)).toBe(
      `Task ${short} is back in “Registered nurse”.`,
    );
    expect(await say(ANA, '/switchboard next pharmacy')).toContain(
      'What waits in “Pharmacist” is not for you',
    );
  });

  it('open a dialog that asks for the Task too, for /reroute and /release alone', async () => {
    const own = await waiting();
    const other = await waiting('cardiology');
    await say(ANA, `/claim ${own.slice(0, 8)}`);

    const view = await clinic.dialog(ANA, () => clinic.slash(ANA, '/release'));
    const offered = await clinic.offers(ANA, view, 'task', own.slice(0, 6));
    const notMine = await clinic.offers(ANA, view, 'task', other.slice(0, 6));
    const sentence = await clinic.answer(ANA, () =>
      clinic.submit(ANA, view, { task: own.slice(0, 6), reason: 'workload' }),
    );

    expect(offered.map(([, id]) => id)).toEqual([own]);
    expect(notMine).toEqual([]);
    expect(sentence).toBe(`Task ${own.slice(0, 6)} is back in “Registered nurse”.`);
    const again = await clinic.dialog(ANA, () => clinic.slash(ANA, '/reroute'));
    await clinic.answer(ANA, () =>
      clinic.submit(ANA, again, { task: own.slice(0, 6), target: 'Dietitian', reason: 'wrong-pool' }),
    );
    expect((await clinic.record(own)).task.performerType?.[0]?.coding?.[0]?.code).toBe('159033005');
    // What follows looks at the whole channel.
    await clinic.card(own, 'C0DIET');
  });

  it('offer pools and people with a role as the target is typed, and nobody who is not active', async () => {
    const taskId = await waiting();
    const view = await clinic.dialog(ANA, () => clinic.slash(ANA, `/reroute ${taskId.slice(0, 8)}`));

    const cardio = await clinic.offers(ANA, view, 'target', 'cardio');
    const people = await clinic.offers(ANA, view, 'target', 'carter');
    const hidden = await Promise.all(
      ['lena', 'pat doyle', 'novak'].map((name) => clinic.offers(ANA, view, 'target', name)),
    );

    expect(cardio[0]).toEqual(['Cardiologist', 'pool:cardiology']);
    expect(people.map(([label]) => label)).toEqual(['Ben Carter (Cardiologist)']);
    expect(hidden).toEqual([[], [], []]);
  });

  it('list what waits in my pools, the most urgent first, each with a Claim that works', async () => {
    const routine = await clinic.patientWrites({ pool: 'pharmacy', priority: 'routine' });
    const stat = await clinic.patientWrites({ pool: 'pharmacy', priority: 'stat' });

    const list = await clinic.told('U0MEI', () => clinic.slash('U0MEI', '/tasks'));

    expect(list.text).toBe('2 Tasks wait in “Pharmacist”.');
    const words = wordsOf(list);
    expect(words.indexOf(stat.slice(0, 6))).toBeGreaterThan(-1);
    expect(words.indexOf(stat.slice(0, 6))).toBeLessThan(words.indexOf(routine.slice(0, 6)));
    expect(buttonsOf(list)).toEqual(['Claim', 'Reroute', 'Claim', 'Reroute']);
    const sentence = await clinic.answer('U0MEI', () =>
      clinic.sandbox.slack.press({
        user: 'U0MEI',
        channel: list.channel,
        ts: list.ts,
        action_id: 'claim',
        value: routine,
      }),
    );
    expect(sentence).toBe(`Mei Tanaka, Task ${routine.slice(0, 6)} is yours.`);
    expect((await clinic.record(routine)).task.owner?.display).toBe('Mei Tanaka');
    expect(await say(BEN, '/tasks pharmacist')).toBe('One Task waits in “Pharmacist”.');
    await say('U0MEI', `/claim ${stat}`);
    expect(await say(BEN, '/tasks pharmacy')).toBe('Nothing waits in “Pharmacist”.');
    expect(await say('U0IVY', '/tasks')).toContain('You have no active role whose pool is served here.');
  });

  it('answer the person alone: nothing that is typed is posted to the channel', async () => {
    const before = clinic.sandbox.slack.messages('C0DIET');

    await clinic.answer(ANA, () => clinic.slash(ANA, '/claim zzzzzz', 'C0DIET'));

    expect(clinic.sandbox.slack.messages('C0DIET')).toEqual(before);
  });

  it('tell nobody whom the record does not know who works here', async () => {
    const view = await clinic.dialog('U0SAM', () => clinic.slash('U0SAM', '/reroute'));

    const offered = [
      await clinic.offers('U0SAM', view, 'target', 'ana'),
      await clinic.offers('U0SAM', view, 'task', ''),
    ];

    expect(offered).toEqual([[], []]);
    expect(
      (
        await clinic.offers(
          ANA,
          await clinic.dialog(ANA, () => clinic.slash(ANA, '/reroute')),
          'target',
          'ben',
        )
      ).flat(),
    ).toContain('Ben Carter (Cardiologist)');
  });
});
