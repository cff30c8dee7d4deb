import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Fault } from '../../sandbox/fhir/index.ts';
import { type Clinic, eventually, MODES, openClinic } from '../support/clinic.ts';
import { buttonsOf, wordsOf } from '../support/flow-card.ts';

const NURSES = 'C0NURSES';
const ANA = 'U0ANA';

/** What can go wrong only where the steps are written one by one. */
const IN_STEPS: { what: string; faults: Fault[] }[] = [
  {
    what: 'a Provenance whose answer is lost',
    faults: [{ kind: 'drop-after-commit', method: 'POST', resourceType: 'Provenance' }],
  },
  {
    what: 'a Provenance that is not taken at first',
    faults: [{ kind: 'error', times: 2, method: 'POST', resourceType: 'Provenance' }],
  },
  {
    what: 'a thread whose answer is lost',
    faults: [{ kind: 'drop-after-commit', method: 'PATCH', resourceType: 'Communication' }],
  },
  {
    what: 'a thread in conflict',
    faults: [{ kind: 'conflict', times: 2, method: 'PATCH', resourceType: 'Communication' }],
  },
];

const NOT_REACHABLE = 'The record is not reachable just now; nothing was changed.';

describe.each(MODES)('when the record is not well, $mode', ({ transactions }) => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await openClinic({ transactions });
  });
  beforeEach(() => {
    clinic.sandbox.fhir.faults.clear();
    // MedplumClient prints by itself that it could not read an answer.
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
  });
  afterAll(() => clinic?.close());

  const theWrite = transactions
    ? { method: 'POST', resourceType: 'Bundle' }
    : { method: 'PATCH', resourceType: 'Task' };

  it.each<{ what: string; faults: Fault[] }>([
    { what: 'two conflicts', faults: [{ kind: 'conflict', times: 2, ...theWrite }] },
    { what: 'a refusal for a moment', faults: [{ kind: 'quota', ms: 200, ...theWrite }] },
    { what: 'an error', faults: [{ kind: 'error', ...theWrite }] },
    { what: 'a lost request', faults: [{ kind: 'drop', ...theWrite }] },
    { what: 'a lost answer', faults: [{ kind: 'drop-after-commit', ...theWrite }] },
    { what: 'half an answer', faults: [{ kind: 'truncate', ...theWrite }] },
    {
      what: 'a lost answer, and the next request lost too',
      faults: [
        { kind: 'drop-after-commit', ...theWrite },
        { kind: 'drop', ...theWrite },
      ],
    },
    ...(transactions ? [] : IN_STEPS),
  ])('a claim is written once, and not said to have failed: $what', async ({ faults }) => {
    const taskId = await clinic.patientWrites();
    const card = await clinic.card(taskId, NURSES);
    for (const fault of faults) clinic.sandbox.fhir.faults.add(fault);

    await clinic.pressShown(ANA, card, 'claim');

    await eventually(async () =>
      expect(wordsOf(await clinic.card(taskId, NURSES))).toContain('✅ *Ana Silva* claimed this'),
    );
    const { task, thread, provenances, versions } = await clinic.record(taskId);
    const ana = clinic.practitioner(ANA);
    expect(task).toMatchObject({ status: 'accepted', owner: { reference: ana } });
    expect(versions).toHaveLength(2);
    expect(provenances.map((one) => one.agent[0]?.who?.reference)).toEqual([ana]);
    expect(thread?.recipient?.map(({ reference }) => reference)).toEqual([ana]);
    expect(clinic.sentences(ANA)).toEqual([]);
  });

  it('two people are told the truth when the answer to the quicker one is lost', async () => {
    const taskId = await clinic.patientWrites();
    const card = await clinic.card(taskId, NURSES);
    clinic.sandbox.fhir.faults.add({ kind: 'drop-after-commit', ...theWrite });

    await Promise.all([clinic.press('U0R001', card, 'claim'), clinic.press('U0R002', card, 'claim')]);

    await eventually(async () => expect(wordsOf(await clinic.card(taskId, NURSES))).toContain('✅'));
    await eventually(() =>
      expect([...clinic.sentences('U0R001'), ...clinic.sentences('U0R002')]).toHaveLength(1),
    );
    const { task, provenances } = await clinic.record(taskId);
    expect(provenances.map((one) => one.agent[0]?.who?.reference)).toEqual([task.owner?.reference]);
    const loser = task.owner?.reference === clinic.practitioner('U0R001') ? 'U0R002' : 'U0R001';
    expect(clinic.sentences(loser)[0]).toBe(
      `${task.owner?.display} already has this Task. Ask for it to be released, or reroute it.`,
    );
  });

  it.each<{ what: string; fault: Fault; says: string }>([
    { what: 'cannot be read', fault: { kind: 'drop', method: 'GET', times: 1000 }, says: NOT_REACHABLE },
    {
      what: 'answers with errors',
      fault: { kind: 'error', method: 'GET', times: 1000 },
      says: NOT_REACHABLE,
    },
    {
      what: 'wants no more requests for a while',
      fault: { kind: 'quota', ms: 5_000, times: 1000, ...theWrite },
      says: 'The record is busy just now; nothing was changed. Try again in a minute.',
    },
    {
      what: 'is in conflict again and again',
      fault: { kind: 'conflict', times: 1000, ...theWrite },
      says: 'Others are changing this Task at this very moment; nothing was changed. Try again.',
    },
  ])('a press is answered truly, and works later, when it $what', async ({ fault, says }) => {
    const taskId = await clinic.patientWrites();
    const card = await clinic.card(taskId, NURSES);
    const before = await clinic.record(taskId);
    clinic.sandbox.fhir.faults.add(fault);

    const sentence = await clinic.answer('U0CHIDI', () => clinic.pressShown('U0CHIDI', card, 'claim'));

    expect(sentence).toBe(says);
    expect(await clinic.record(taskId)).toEqual(before);
    clinic.sandbox.fhir.faults.clear();
    await clinic.pressShown('U0CHIDI', await clinic.card(taskId, NURSES), 'claim');
    await eventually(async () => expect(buttonsOf(await clinic.card(taskId, NURSES))).toContain('Complete'));
  });

  it('nobody is told that nothing was changed when nobody knows what the record did', async () => {
    const taskId = await clinic.patientWrites();
    const card = await clinic.card(taskId, NURSES);
    const { hub, fhir } = clinic.sandbox;
    fhir.faults.add({ kind: 'drop-after-commit', ...theWrite });
    const stopListening = hub.listen((event) => {
      if (event.kind === 'fhir' && event.id === taskId) fhir.faults.add({ kind: 'drop', times: 10_000 });
    });

    const sentence = await clinic.answer(ANA, () => clinic.pressShown(ANA, card, 'claim'));

    expect(sentence).toBe(
      'The record went silent in the middle of this. Whether it was done will show on the card as soon as the record ' +
        'answers again.',
    );
    stopListening();
    fhir.faults.clear();
    await eventually(
      async () => expect(wordsOf(await clinic.card(taskId, NURSES))).toContain('✅ *Ana Silva*'),
      20_000,
    );
  });
});
