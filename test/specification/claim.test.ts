import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { POOLS } from '../../sandbox/clinic.ts';
import { type Clinic, eventually, openClinic } from '../support/clinic.ts';
import { wordsOf } from '../support/flow-card.ts';

const NURSES = 'C0NURSES';
const ANA = 'U0ANA';

/** The specification's “Claim a Task from the Pool”, and the life of a Task. */
describe('“Claim a Task from the Pool”', () => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await openClinic({ sweepSeconds: 1 });
  });
  afterAll(() => clinic?.close());

  const claimed = async (by = ANA) => {
    const { thread } = await clinic.patientSays({ pool: 'registered-nurse' });
    const task = await taskOf(thread);
    await clinic.press(by, await clinic.card(task.id, NURSES), 'claim');
    await eventually(async () => expect(wordsOf(await clinic.card(task.id, NURSES))).toContain('✅'));
    return { id: task.id, thread };
  };

  const taskOf = (thread: string) =>
    eventually(async () => {
      const [task] = await clinic.search('Task', `focus=Communication/${thread}`);
      if (task === undefined) throw new Error('There is no Task yet.');
      return task;
    });

  const unclaimed = async (id: string) => {
    const { task } = await clinic.record(id);
    const { system, code } = task.performerType?.[0]?.coding?.[0] ?? {};
    const found = await clinic.search('Task', `performer=${system}|${code}&status=requested&_count=1000`);
    return found.some((one) => one.id === id);
  };

  it('“update status to accepted and set owner to the specific Practitioner”, and businessStatus to claimed', async () => {
    const { id } = await claimed();

    const { task } = await clinic.record(id);

    expect(task).toMatchObject({
      status: 'accepted',
      owner: { reference: clinic.practitioner(ANA), display: 'Ana Silva' },
      businessStatus: { text: 'claimed' },
    });
  });

  it('“Custom status for your workflow (e.g. unassigned, claimed, escalated)”: raising the alarm is one, with a coded reason', async () => {
    const { id } = await claimed();

    const said = await clinic.answer('U0MEI', () =>
      clinic.slash('U0MEI', `/escalate ${id} because safety-concern`),
    );

    const { task, provenances } = await clinic.record(id);
    expect(said).toBe(`Task ${id.slice(0, 6).toLowerCase()} is escalated: Safety concern.`);
    expect(task).toMatchObject({
      status: 'accepted',
      owner: { reference: clinic.practitioner(ANA) },
      businessStatus: { text: 'escalated' },
    });
    expect(provenances[0]?.reason?.[0]?.coding?.[0]).toMatchObject({ code: 'safety-concern' });
    await eventually(async () =>
      expect(wordsOf(await clinic.card(id, NURSES))).toContain('⬆️ Escalated by Mei'),
    );
  });

  it('“To see unclaimed Task resources in a pool, query by performerType”: a claimed one is no longer found there', async () => {
    const { thread } = await clinic.patientSays({ pool: 'registered-nurse' });
    const { id } = await taskOf(thread);
    const before = await unclaimed(id);

    await clinic.press(ANA, await clinic.card(id, NURSES), 'claim');

    await eventually(async () => expect((await clinic.record(id)).task.status).toBe('accepted'));
    expect([before, await unclaimed(id)]).toEqual([true, false]);
  });

  it('“providers whose PractitionerRole.code matches can claim the Task”, and nobody else', async () => {
    const { thread } = await clinic.patientSays({ pool: 'registered-nurse' });
    const { id } = await taskOf(thread);
    const card = await clinic.card(id, NURSES);

    const said = await clinic.answer('U0MEI', () => clinic.press('U0MEI', card, 'claim'));

    const names = POOLS.map(({ name }) => name);
    expect(said).toBe(
      'This Task is for “Registered nurse”, and your role in the record is “Pharmacist”. You can reroute it.',
    );
    expect(names).toContain('Pharmacist');
    expect((await clinic.record(id)).task).toMatchObject({ status: 'requested' });
  });

  it('“requested → accepted → completed”: the answer in the thread closes it, “output references the response Communication that resolved the Task”', async () => {
    const { id, thread } = await claimed();

    const { message } = await clinic.staffAnswers({ thread, by: ANA, text: 'Please come in at three.' });

    await eventually(async () => expect((await clinic.record(id)).task.status).toBe('completed'));
    const { task, versions } = await clinic.record(id);
    expect(task.output?.map(({ valueReference }) => valueReference?.reference)).toEqual([
      `Communication/${message}`,
    ]);
    expect(task.businessStatus?.text).toBe('completed');
    expect(versions.map(({ status }) => status)).toEqual(['completed', 'accepted', 'requested']);
  });

  it('fifty people who press at once leave one owner and one Provenance', async () => {
    const { thread } = await clinic.patientSays({ pool: 'registered-nurse' });
    const { id } = await taskOf(thread);
    const card = await clinic.card(id, NURSES);
    const crowd = Array.from({ length: 50 }, (_, i) => `U0R${String(i + 1).padStart(3, '0')}`);

    await Promise.all(crowd.map((nurse) => clinic.press(nurse, card, 'claim')));

    await eventually(() => expect(crowd.flatMap((nurse) => clinic.sentences(nurse))).toHaveLength(49));
    const { task, provenances, versions } = await clinic.record(id);
    expect(versions.filter(({ owner }) => owner)).toHaveLength(1);
    expect(provenances.map((one) => one.agent[0]?.who?.reference)).toEqual([task.owner?.reference]);
  });
});
