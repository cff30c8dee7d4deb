import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clinic, eventually, MODES, openClinic } from '../support/clinic.ts';
import { buttonsOf, wordsOf } from '../support/flow-card.ts';

const NURSES = 'C0NURSES';
const ANA = 'U0ANA';
const BEN = 'U0BEN';

const WORDS = 'Call back <@U0ANA> before 5 & <https://example.org|here>\n*bold* _and_ “לום” @channel';

describe.each(MODES)('a note on a Task, $mode', (mode) => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await openClinic(mode);
  });
  afterAll(() => clinic?.close());

  const claimed = async () => {
    const taskId = await clinic.patientWrites();
    await clinic.press(ANA, await clinic.card(taskId, NURSES), 'claim');
    await eventually(async () => expect(wordsOf(await clinic.card(taskId, NURSES))).toContain('✅'));
    return taskId;
  };

  const write = async (user: string, taskId: string, note: string) => {
    const card = await clinic.card(taskId, NURSES);
    const view = await clinic.dialog(user, () => clinic.pick(user, card, 'note'));
    return clinic.submit(user, view, { note });
  };

  it('is in the record as it was typed, by whoever has a role, and moves nothing', async () => {
    const taskId = await claimed();
    const before = await clinic.record(taskId);

    expect(await write(BEN, taskId, WORDS)).toMatchObject({ status: 200, closed: true });

    await eventually(async () => expect((await clinic.record(taskId)).provenances).toHaveLength(2));
    const { task, thread, provenances } = await clinic.record(taskId);
    expect(task.note).toEqual([
      {
        authorReference: { reference: clinic.practitioner(BEN), display: 'Ben Carter' },
        time: provenances[0]?.recorded,
        text: WORDS,
      },
    ]);
    const { note: _, meta, ...rest } = task;
    const { meta: former, ...same } = before.task;
    expect(rest).toEqual(same);
    expect(meta?.versionId).not.toBe(former?.versionId);
    expect(thread).toEqual(before.thread);
    expect(provenances[0]?.activity?.coding?.map(({ code }) => code)).toEqual(['UPDATE', 'note']);
    expect(provenances[0]?.agent[0]?.who?.reference).toBe(clinic.practitioner(BEN));
  });

  it('leaves the card as it is: who claimed it, and what can be pressed', async () => {
    const taskId = await claimed();
    const before = await clinic.card(taskId, NURSES);

    await write(ANA, taskId, 'Waits for a lab value.');
    await eventually(async () => expect((await clinic.record(taskId)).provenances).toHaveLength(2));
    await clinic.sandbox.fhir.delivered();

    const after = await clinic.card(taskId, NURSES);
    expect(wordsOf(after)).toBe(wordsOf(before));
    expect(wordsOf(after)).not.toContain('lab value');
    expect(buttonsOf(after)).toEqual(buttonsOf(before));
  });

  it('is kept by both of two people who write at the same moment', async () => {
    const taskId = await claimed();

    await Promise.all([write(ANA, taskId, 'From Ana'), write(BEN, taskId, 'From Ben')]);

    await eventually(async () => expect((await clinic.record(taskId)).provenances).toHaveLength(3));
    const { task } = await clinic.record(taskId);
    expect(task.note?.map(({ text }) => text).toSorted()).toEqual(['From Ana', 'From Ben']);
  });

  it('does not lose anybody the claim that they are just making', async () => {
    const taskId = await clinic.patientWrites();
    const card = await clinic.card(taskId, NURSES);
    const view = await clinic.dialog(BEN, () => clinic.pick(BEN, card, 'note'));

    await Promise.all([clinic.press(ANA, card, 'claim'), clinic.submit(BEN, view, { note: 'Seen.' })]);

    await eventually(async () => expect((await clinic.record(taskId)).provenances).toHaveLength(2));
    const { task } = await clinic.record(taskId);
    expect(task.owner?.reference).toBe(clinic.practitioner(ANA));
    expect(task.note?.map(({ text }) => text)).toEqual(['Seen.']);
  });
});
