import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clinic, eventually, openClinic } from '../support/clinic.ts';
import { buttonsOf, wordsOf } from '../support/flow-card.ts';

const NURSES = 'C0NURSES';
const CARDIO = 'C0CARDIO';
const ANA = 'U0ANA';
const BEN = 'U0BEN';

/** The specification's “Reroute to a Different Provider”, “… to a Provider Pool” and “Tracking Reroute History”. */
describe('“Reroute”', () => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await openClinic({ sweepSeconds: 1 });
  });
  afterAll(() => clinic?.close());

  const claimed = async () => {
    const { thread, message } = await clinic.patientSays({ pool: 'registered-nurse' });
    const { id } = await eventually(async () => {
      const [task] = await clinic.search('Task', `focus=Communication/${thread}`);
      if (task === undefined) throw new Error('There is no Task yet.');
      return task;
    });
    await clinic.press(ANA, await clinic.card(id, NURSES), 'claim');
    await eventually(async () => expect(wordsOf(await clinic.card(id, NURSES))).toContain('✅'));
    return { id, thread, message };
  };

  const toCardiology = async (id: string, note?: string) => {
    const filled = { target: 'Cardiologist', reason: 'specialty-referral', ...(note && { note }) };
    await clinic.reroute(ANA, await clinic.card(id, NURSES), filled);
    return clinic.card(id, CARDIO);
  };

  const toBen = async (id: string) => {
    const filled = { target: `Ben Carter = ${clinic.practitioner(BEN)}`, reason: 'specialty-referral' };
    await clinic.reroute(ANA, await clinic.card(id, NURSES), filled);
    await eventually(async () =>
      expect((await clinic.record(id)).task.owner?.reference).toBe(clinic.practitioner(BEN)),
    );
  };

  it('“Update Task.owner and Communication.recipient to reassign the thread”: a person has it, and no pool any more', async () => {
    const { id } = await claimed();

    await toBen(id);

    await eventually(async () => {
      const { task, thread } = await clinic.record(id);
      expect(task).toMatchObject({ owner: { reference: clinic.practitioner(BEN), display: 'Ben Carter' } });
      expect(task.performerType).toBeUndefined();
      expect(thread?.recipient?.map(({ reference }) => reference)).toEqual([clinic.practitioner(BEN)]);
    });
  });

  it('“Clear Task.owner, set Task.performerType to the role type, and clear Communication.recipient”', async () => {
    const { id } = await claimed();

    await toCardiology(id);

    await eventually(async () => {
      const { task, thread } = await clinic.record(id);
      expect(task.status).toBe('requested');
      expect(task.owner).toBeUndefined();
      expect(task.performerType?.[0]?.coding?.[0]).toMatchObject({
        code: '17561000',
        display: 'Cardiologist',
      });
      expect(thread?.recipient).toBeUndefined();
    });
  });

  it('“Providers whose PractitionerRole.code matches the performerType can see and claim the Task”: its card moves to them', async () => {
    const { id } = await claimed();

    const card = await toCardiology(id);

    expect(buttonsOf(card)).toContain('Claim');
    await eventually(async () => {
      const left = await clinic.card(id, NURSES);
      expect(wordsOf(left)).toContain('Rerouted to *Cardiologist* by Ana Silva');
      expect(buttonsOf(left)).toEqual([]);
    });
    await clinic.press(BEN, card, 'claim');
    await eventually(async () =>
      expect((await clinic.record(id)).task.owner?.reference).toBe(clinic.practitioner(BEN)),
    );
  });

  it('“find unclaimed Tasks in a pool”: performer, owner:missing and the thread beside it find what was rerouted', async () => {
    const { id } = await claimed();
    await toCardiology(id);

    const { task } = await clinic.record(id);
    const { system, code } = task.performerType?.[0]?.coding?.[0] ?? {};
    const found = await clinic.search(
      'Task',
      `performer=${system}|${code}&owner:missing=true&_include=Task:focus&_count=1000`,
    );

    expect(found.map((one) => one.id)).toContain(id);
  });

  it('“This separates message content (Communication) from the routing”: no message of the thread is touched', async () => {
    const { id, message } = await claimed();
    const [before] = await clinic.search('Communication', `_id=${message}`);

    await toCardiology(id);

    const [after] = await clinic.search('Communication', `_id=${message}`);
    expect(after?.meta?.versionId).toBe(before?.meta?.versionId);
  });

  it('“if there’s ever a conflict between Task.owner and Communication.recipient, the Task is the source of truth”', async () => {
    const { id, thread } = await claimed();
    const { thread: header } = await clinic.record(id);
    await clinic.patch('Communication', thread, [
      { op: 'test', path: '/meta/versionId', value: header?.meta?.versionId },
      { op: 'add', path: '/recipient', value: [] },
    ]);

    await clinic.patch('Task', id, [
      { op: 'add', path: '/owner', value: { reference: clinic.practitioner(BEN), display: 'Ben Carter' } },
    ]);

    await eventually(async () =>
      expect((await clinic.record(id)).thread?.recipient?.map(({ reference }) => reference)).toEqual([
        clinic.practitioner(BEN),
      ]),
    );
  });

  it('“Use Task.note to append a human-readable reason on each reroute … with the author and timestamp”', async () => {
    const { id } = await claimed();

    await toCardiology(id, 'Rerouting to cardiology — patient has new cardiac symptoms');

    const { task } = await clinic.record(id);
    expect(task.note).toMatchObject([
      {
        authorReference: { reference: clinic.practitioner(ANA) },
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        text: 'Rerouting to cardiology — patient has new cardiac symptoms',
      },
    ]);
  });

  it('“create a Provenance resource alongside the Task update. Provenance.reason accepts coded values”', async () => {
    const { id } = await claimed();

    await toCardiology(id);

    await eventually(async () => {
      const [provenance] = (await clinic.record(id)).provenances;
      expect(provenance).toMatchObject({
        target: [{ reference: `Task/${id}` }],
        recorded: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        reason: [
          {
            coding: [
              {
                system: 'https://medplum.com/CodeSystem/reroute-reason',
                code: 'specialty-referral',
                display: 'Specialty referral',
              },
            ],
          },
        ],
      });
      expect(provenance?.agent[0]?.who).toMatchObject({
        reference: clinic.practitioner(ANA),
        display: 'Ana Silva',
      });
    });
  });

  it('“query Provenance?target=Task/{id} to get the full reroute history”, and “readHistory … captures every state change”', async () => {
    const { id } = await claimed();
    const card = await toCardiology(id);
    await clinic.press(BEN, card, 'claim');
    await eventually(async () => expect((await clinic.record(id)).provenances).toHaveLength(3));

    const told = await clinic.told(ANA, () => clinic.slash(ANA, `/history ${id}`));

    const { versions } = await clinic.record(id);
    expect(versions.map(({ owner }) => owner?.display)).toEqual([
      'Ben Carter',
      undefined,
      'Ana Silva',
      undefined,
    ]);
    const story = wordsOf(told);
    expect(story).toContain('Ana Silva');
    expect(story).toContain('Specialty referral');
    expect(story).toContain('Ben Carter');
  });
});
