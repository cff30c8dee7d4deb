import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clinic, eventually, openClinic } from '../support/clinic.ts';
import { buttonsOf, wordsOf } from '../support/flow-card.ts';

const NURSES = 'C0NURSES';
const CARDIO = 'C0CARDIO';
const ANA = 'U0ANA';
const REPLACES = 'http://hl7.org/fhir/StructureDefinition/task-replaces';

/** The specification's “Reroute Visibility”. */
describe('“After reroute, should the previous owner still see the Task …, or only the new owner?”', () => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await openClinic({ sweepSeconds: 1 });
  });
  afterAll(() => clinic?.close());

  const claimed = async () => {
    const { thread } = await clinic.patientSays({ pool: 'registered-nurse' });
    const { id } = await eventually(async () => {
      const [task] = await clinic.search('Task', `focus=Communication/${thread}`);
      if (task === undefined) throw new Error('There is no Task yet.');
      return task;
    });
    await clinic.press(ANA, await clinic.card(id, NURSES), 'claim');
    await eventually(async () => expect(wordsOf(await clinic.card(id, NURSES))).toContain('✅'));
    return { id, thread };
  };

  const rerouted = async (id: string, visibility: 'in-place' | 'new-task', target = 'Cardiologist') => {
    const filled = { target, reason: 'specialty-referral', visibility, note: 'needs cardiology review' };
    await clinic.reroute(ANA, await clinic.card(id, NURSES), filled);
  };

  const tasksOf = (thread: string) => clinic.search('Task', `focus=Communication/${thread}`);

  it('“Update Task in Place: … update Task.owner directly”: there is one Task, and it is no longer theirs', async () => {
    const { id, thread } = await claimed();

    await rerouted(id, 'in-place', `Ben Carter = ${clinic.practitioner('U0BEN')}`);

    await eventually(async () =>
      expect((await clinic.record(id)).task.owner?.reference).toBe(clinic.practitioner('U0BEN')),
    );
    expect(await tasksOf(thread)).toHaveLength(1);
  });

  it('“create a new Task for the new owner and mark the original as rerouted … Task.focus links both to the same thread”', async () => {
    const { id, thread } = await claimed();

    await rerouted(id, 'new-task', `Ben Carter = ${clinic.practitioner('U0BEN')}`);

    await eventually(async () => expect(await tasksOf(thread)).toHaveLength(2));
    const { task: old } = await clinic.record(id);
    const fresh = (await tasksOf(thread)).find((one) => one.id !== id);
    expect(old).toMatchObject({ status: 'cancelled', owner: { reference: clinic.practitioner(ANA) } });
    expect(fresh).toMatchObject({
      status: 'requested',
      intent: 'order',
      priority: old.priority,
      focus: old.focus,
      for: old.for,
      owner: { reference: clinic.practitioner('U0BEN'), display: 'Ben Carter' },
      requester: { reference: clinic.practitioner(ANA) },
      extension: [{ url: REPLACES, valueReference: { reference: `Task/${id}` } }],
    });
  });

  it('“Rerouted from original Task — …” and “Rerouted to … — see new Task”: notes on both link them', async () => {
    const { id, thread } = await claimed();

    await rerouted(id, 'new-task');

    await eventually(async () => expect(await tasksOf(thread)).toHaveLength(2));
    const { task: old } = await clinic.record(id);
    const fresh = (await tasksOf(thread)).find((one) => one.id !== id);
    expect(old.note?.at(-1)).toMatchObject({
      authorReference: { reference: clinic.practitioner(ANA) },
      text: expect.stringContaining('Rerouted to Cardiologist — see new Task'),
    });
    expect(fresh?.note?.[0]).toMatchObject({
      authorReference: { reference: clinic.practitioner(ANA) },
      text: expect.stringContaining('Rerouted from original Task — '),
    });
    expect(fresh?.note?.[0]?.text).toContain('needs cardiology review');
  });

  it('the old card names the new Task and can no longer be pressed; the new pool gets a card', async () => {
    const { id, thread } = await claimed();

    await rerouted(id, 'new-task');

    await eventually(async () => expect(await tasksOf(thread)).toHaveLength(2));
    const fresh = (await tasksOf(thread)).find((one) => one.id !== id)?.id ?? '';
    expect(buttonsOf(await clinic.card(fresh, CARDIO))).toContain('Claim');
    await eventually(async () => {
      const left = await clinic.card(id, NURSES);
      expect(wordsOf(left)).toContain(fresh.slice(0, 6));
      expect(buttonsOf(left).filter((label) => label !== 'History')).toEqual([]);
    });
  });

  it('one Provenance tells why, found for both', async () => {
    const { id, thread } = await claimed();

    await rerouted(id, 'new-task');

    await eventually(async () => expect(await tasksOf(thread)).toHaveLength(2));
    const fresh = (await tasksOf(thread)).find((one) => one.id !== id)?.id ?? '';
    await eventually(async () => {
      const [ofOld] = (await clinic.record(id)).provenances;
      const ofNew = (await clinic.record(fresh)).provenances;
      expect(ofNew.map(({ id: one }) => one)).toEqual([ofOld?.id]);
      expect(ofOld?.reason?.[0]?.coding?.[0]?.code).toBe('specialty-referral');
    });
  });
});
