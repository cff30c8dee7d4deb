import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { deedOf } from '../../src/record/provenance.ts';
import { createCommands } from '../../src/runtime/commands.ts';
import { RecordError } from '../../src/runtime/ports/record.ts';
import { createReleaseAll } from '../../src/runtime/release-all.ts';
import { type DeskClinic, openDesk, user } from '../support/unit-desk.ts';

const ANA = user('ANA');
const CHIDI = user('CHIDI');
const SHIFT = { reason: 'end-of-shift', note: 'on my desk' };

let clinic: DeskClinic;
beforeAll(async () => {
  clinic = await openDesk();
});
afterAll(() => clinic?.close());
beforeEach(async () => {
  await clinic.desk.run({ verb: 'release', task: 'all', by: ANA, inputs: SHIFT });
});

const releaseAll = (inputs: Record<string, string> = SHIFT) =>
  clinic.desk.run({ verb: 'release', task: 'All', by: ANA, inputs });

async function has(n: number): Promise<string[]> {
  const ids = await Promise.all(Array.from({ length: n }, () => clinic.patientWrites()));
  for (const id of ids) await clinic.does(ANA, 'claim', id);
  return ids;
}

describe('“release all”', () => {
  it('gives everything back that somebody has or was assigned, each with the reason and a Provenance', async () => {
    const claimed = await has(6);
    const assigned = await clinic.patientWrites();
    await clinic.does(CHIDI, 'claim', assigned);
    // Sent to a person, it has lost its performerType, and its history knows it.
    await clinic.does(CHIDI, 'reroute', assigned, { target: 'Ana Silva', reason: 'workload' });

    const answer = await releaseAll();

    expect(answer).toEqual({ kind: 'done', sentence: '7 Tasks are back in their pools.' });
    for (const id of [...claimed, assigned]) {
      const seen = await clinic.parts.store.observe(id);
      expect(seen?.task).toMatchObject({
        status: 'requested',
        performerType: [{ coding: [{ code: '224535009' }] }],
        note: expect.arrayContaining([expect.objectContaining({ text: 'on my desk' })]),
      });
      expect(seen?.task.owner).toBeUndefined();
      const deeds = seen?.provenances.map(deedOf).filter((deed) => deed?.verb === 'release');
      expect(deeds?.map((deed) => deed?.reason?.code)).toEqual(['end-of-shift']);
      expect(clinic.jobs.marks).toContain(id);
    }
  });

  it('leaves alone what others have, and what is done', async () => {
    const [done = ''] = await has(1);
    await clinic.does(ANA, 'complete', done, { reason: 'answered-by-phone' });
    const others = await clinic.patientWrites();
    await clinic.does(CHIDI, 'claim', others);

    const answer = await releaseAll();

    expect(answer.sentence).toBe('You have no Tasks, so there is nothing to release.');
    expect((await clinic.task(others)).owner?.display).toBe('Chidi Okafor');
    expect((await clinic.task(done)).status).toBe('completed');
  });

  it('says which Task stays, and why', async () => {
    await has(1);
    const { practitioner } = await member();
    const stray = await clinic.put({
      resourceType: 'Task',
      status: 'accepted',
      intent: 'order',
      owner: { reference: `Practitioner/${practitioner.id}`, display: 'Ana Silva' },
    });
    onTestFinished(() =>
      clinic.parts.store.patch('Task', stray.id, [{ op: 'replace', path: '/status', value: 'cancelled' }]),
    );

    const answer = await releaseAll();

    expect(answer).toEqual({
      kind: 'done',
      sentence:
        `One Task is back in its pool. One stays: Task ${stray.id.slice(0, 6)} came from no pool. Reroute it to a pool or ` +
        'a person instead.',
    });
  });

  it('goes on with the others where one cannot be written, and says so', async () => {
    const [first = '', ...others] = await has(5);
    const { settle } = createCommands(clinic.parts);
    const one = createReleaseAll(clinic.parts, {
      settle: (verb, inputs, taskId, actor) => {
        if (taskId === first) throw new RecordError('unreachable', 'changing it');
        return settle(verb, inputs, taskId, actor);
      },
    });

    const answer = await one({ verb: 'release', task: 'all', by: ANA, inputs: SHIFT });

    expect(answer.sentence).toBe(
      '4 Tasks are back in their pools. One stays: The record is not reachable just now; nothing was changed.',
    );
    expect((await clinic.task(first)).owner?.display).toBe('Ana Silva');
    for (const id of others) expect((await clinic.task(id)).owner).toBeUndefined();
  });

  it('does harm to nothing when it is said twice at once', async () => {
    const ids = await has(8);

    const answers = await Promise.all([releaseAll(), releaseAll()]);

    const counted = answers.map(({ sentence }) =>
      Number(/^(\d+|One)/.exec(sentence)?.[1]?.replace('One', '1') ?? 0),
    );
    expect(counted[0] ?? 0, answers.map(({ sentence }) => sentence).join()).toBe(8 - (counted[1] ?? 0));
    for (const { sentence } of answers) expect(sentence).not.toContain('stay');
    for (const id of ids) {
      const seen = await clinic.parts.store.observe(id);
      const released = seen?.provenances.filter((one) => deedOf(one)?.verb === 'release');
      expect(released).toHaveLength(1);
    }
  });

  it('does a few at a time', async () => {
    await has(9);
    let [under, most] = [0, 0];
    const { settle } = createCommands(clinic.parts);
    const counting = createReleaseAll(clinic.parts, {
      settle: async (...command) => {
        most = Math.max(most, ++under);
        try {
          return await settle(...command);
        } finally {
          under--;
        }
      },
    });

    const { kind } = await counting({ verb: 'release', task: 'all', by: ANA, inputs: SHIFT });

    expect([kind, most]).toEqual(['done', 4]);
  });

  it.each<[string, Record<string, string>, string, string]>([
    ['without a reason', {}, 'Choose a reason.', 'reason'],
    ['with a reason that is none', { reason: 'tired' }, '“tired” is no reason that is known.', 'reason'],
    ['with a reason that needs a note', { reason: 'other' }, '“Other” needs a note that says why.', 'note'],
  ])('changes nothing %s', async (_how, inputs, sentence, field) => {
    const [id = ''] = await has(1);

    const answer = await releaseAll(inputs);

    expect(answer).toEqual({ kind: 'refused', sentence: expect.stringContaining(sentence), field });
    expect((await clinic.task(id)).owner?.display).toBe('Ana Silva');
  });

  it('is refused to whoever is nobody here', async () => {
    const answer = await clinic.desk.run({ verb: 'release', task: 'all', by: user('SAM'), inputs: SHIFT });

    expect(answer.sentence).toMatch(/^You are not linked to a Practitioner/);
  });

  it('says that the record is away where nothing can be read, and throws nothing', async () => {
    const away = createReleaseAll(
      {
        ...clinic.parts,
        store: {
          ...clinic.parts.store,
          ownedBy: () => {
            throw new RecordError('forbidden', 'searching Tasks');
          },
        },
      },
      createCommands(clinic.parts),
    );

    const answer = await away({ verb: 'release', task: 'all', by: ANA, inputs: SHIFT });

    expect(answer).toMatchObject({
      kind: 'refused',
      sentence: expect.stringMatching(/^The record does not allow this/),
    });
  });
});

describe('The words “release all”', () => {
  it('open the dialog for everything, at once, where no reason is given', async () => {
    clinic.sandbox.fhir.resetRequests();

    const said = [
      await clinic.desk.say('release', 'all', ANA),
      await clinic.desk.press('release', 'all', ANA),
    ];

    const form = {
      verb: 'release',
      title: 'Release all',
      submit: 'Release',
      task: { id: 'all', short: 'all' },
    };
    expect(said).toMatchObject([
      { kind: 'dialog', form },
      { kind: 'dialog', form },
    ]);
    const names = said.flatMap((one) =>
      one.kind === 'dialog' ? [one.form.inputs.map(({ name }) => name)] : [],
    );
    expect(names).toEqual([
      ['reason', 'note'],
      ['reason', 'note'],
    ]);
    expect(clinic.sandbox.fhir.requests).toEqual([]);
  });

  it('do it where the reason is given, with the note behind it', async () => {
    const [id = ''] = await has(1);

    const said = await clinic.desk.say('switchboard', 'release ALL because end of shift: see you', ANA);

    expect(said).toEqual({
      kind: 'answer',
      answer: { kind: 'done', sentence: 'One Task is back in its pool.' },
    });
    expect((await clinic.task(id)).note?.at(-1)?.text).toBe('see you');
  });

  it.each(['claim', 'complete', 'note', 'reroute'])(
    'mean a Task that there is not with another verb: %s',
    async (verb) => {
      const [id = ''] = await has(1);

      const answer = await clinic.desk.run({
        verb,
        task: 'all',
        by: ANA,
        inputs: { target: 'cardiology', reason: 'workload', note: 'x' },
      });

      expect(answer.kind).toBe('refused');
      expect((await clinic.task(id)).status).toBe('accepted');
    },
  );
});

async function member() {
  const identity = await clinic.parts.people.identify(ANA);
  if (identity.kind === 'stranger') throw new Error(identity.sentence);
  return identity.member;
}
