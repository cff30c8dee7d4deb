import type { Communication, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clinic, eventually, MODES, openClinic } from '../support/clinic.ts';
import { buttonsOf, wordsOf } from '../support/flow-card.ts';
import { bareTask, CARDIOLOGIST, NURSE } from '../support/flow-tasks.ts';

const NURSES = 'C0NURSES';
const CARDIO = 'C0CARDIO';
const ANA = 'U0ANA';

describe.each(MODES)('a Task that has less or more than usual, $mode', (mode) => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await openClinic(mode);
  });
  afterAll(() => clinic?.close());

  const header: Communication = { resourceType: 'Communication', status: 'in-progress' };

  it.each<{ what: string; task: Partial<Task> }>([
    { what: 'without focus, patient, note and businessStatus', task: {} },
    { what: 'whose thread is not there', task: { focus: { reference: 'Communication/nowhere' } } },
    { what: 'with a note already', task: { note: [{ text: 'Called twice.' }] } },
    { what: 'that is ready instead of requested', task: { status: 'ready' } },
    {
      what: 'with a coded businessStatus',
      task: { businessStatus: { coding: [{ code: 'x' }], text: 'new' } },
    },
    { what: 'with a date instead of an instant', task: { authoredOn: '2026-11-01' } },
  ])('is claimed, rerouted and claimed again: $what', async ({ task }) => {
    const { id } = await clinic.put({ ...bareTask, ...task });
    await clinic.pressShown(ANA, await clinic.card(id, NURSES), 'claim');
    await eventually(async () => expect(wordsOf(await clinic.card(id, NURSES))).toContain('✅ *Ana Silva*'));

    await clinic.reroute(ANA, await clinic.card(id, NURSES), {
      target: 'Cardiologist',
      reason: 'specialty-referral',
      note: 'For you.',
    });
    await clinic.pressShown('U0BEN', await clinic.card(id, CARDIO), 'claim');

    await eventually(async () => expect(wordsOf(await clinic.card(id, CARDIO))).toContain('✅ *Ben Carter*'));
    const after = await clinic.sandbox.fhir.repository.readResource<Task>('Task', id);
    expect(after.status).toBe('accepted');
    expect(after.owner?.display).toBe('Ben Carter');
    expect(after.note?.map(({ text }) => text)).toEqual([
      ...(task.note ?? []).map(({ text }) => text),
      'For you.',
    ]);
  });

  it('keeps everybody else in the recipients of its thread', async () => {
    const others = [{ reference: 'Patient/1' }, { reference: 'RelatedPerson/2', display: 'Marge' }] as const;
    const thread = await clinic.put<Communication>({ ...header, recipient: [...others] });
    const { id } = await clinic.put<Task>({
      ...bareTask,
      focus: { reference: `Communication/${thread.id}` },
    });

    await clinic.pressShown(ANA, await clinic.card(id, NURSES), 'claim');
    await eventually(async () => expect((await clinic.record(id)).thread?.recipient).toHaveLength(3));
    await eventually(async () => expect(buttonsOf(await clinic.card(id, NURSES))).toContain('Release'));
    const view = await clinic.dialog(ANA, async () =>
      clinic.pick(ANA, await clinic.card(id, NURSES), 'release'),
    );
    await clinic.submit(ANA, view, { reason: 'workload' });

    await eventually(async () => expect((await clinic.record(id)).thread?.recipient).toEqual(others));
  });

  it('has a card in the channel of each of its pools, and anybody of either may claim it', async () => {
    const { id } = await clinic.put({ ...bareTask, performerType: [NURSE, CARDIOLOGIST] });
    expect(buttonsOf(await clinic.card(id, NURSES))).toEqual([
      'Claim',
      'Reroute',
      'Escalate',
      'Add note',
      'History',
    ]);

    await clinic.pressShown('U0BEN', await clinic.card(id, CARDIO), 'claim');

    for (const channel of [NURSES, CARDIO]) {
      await eventually(async () =>
        expect(wordsOf(await clinic.card(id, channel))).toContain('✅ *Ben Carter*'),
      );
    }
    const sentence = await clinic.answer(ANA, async () =>
      clinic.press(ANA, await clinic.card(id, NURSES), 'claim'),
    );
    expect(sentence).toBe('Ben Carter already has this Task. Ask for it to be released, or reroute it.');
    expect(clinic.cards(id)).toHaveLength(2);
  });

  it('has one card where one concept carries the codes of two systems', async () => {
    const [nurse] = NURSE.coding ?? [];
    const local = { system: 'urn:clinic:roles', code: 'RN' };
    const { id } = await clinic.put<Task>({
      ...bareTask,
      performerType: [{ coding: [local, ...(nurse ? [nurse] : [])], text: 'Nurse on duty' }],
    });

    await clinic.pressShown(ANA, await clinic.card(id, NURSES), 'claim');

    await eventually(async () => expect(wordsOf(await clinic.card(id, NURSES))).toContain('✅ *Ana Silva*'));
    expect(clinic.cards(id)).toHaveLength(1);
  });
});
