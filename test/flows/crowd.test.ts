import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clinic, eventually, MODES, openClinic } from '../support/clinic.ts';
import { buttonsOf, wordsOf } from '../support/flow-card.ts';

const FIFTY = Array.from({ length: 50 }, (_, i) => `U0R${String(i + 1).padStart(3, '0')}`);

describe.each(MODES)('fifty people who press Claim at once, $mode', ({ transactions }) => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await openClinic({ transactions });
  });
  afterAll(() => clinic?.close());

  /** Holds the writes back until everybody has read that the Task is free: only then is it a race. */
  function holdWrites(times: number): void {
    const write = transactions
      ? { method: 'POST', resourceType: 'Bundle' }
      : { method: 'PATCH', resourceType: 'Task' };
    clinic.sandbox.fhir.faults.add({ kind: 'delay', ms: 1_500, times, ...write });
    clinic.sandbox.fhir.resetRequests();
  }

  const writes = () =>
    clinic.sandbox.fhir.requests.filter(({ method, path }) =>
      transactions
        ? path === '/fhir/R4/' || path === '/fhir/R4'
        : method === 'PATCH' && path.includes('/Task/'),
    );

  it('leave one owner, one Provenance, and forty-nine people who are told who was quicker', async () => {
    const taskId = await clinic.patientWrites();
    const card = await clinic.card(taskId, 'C0NURSES');
    holdWrites(50);

    await Promise.all(FIFTY.map((nurse) => clinic.press(nurse, card, 'claim')));

    await eventually(() => expect(FIFTY.flatMap((nurse) => clinic.sentences(nurse))).toHaveLength(49));
    await eventually(async () => expect(wordsOf(await clinic.card(taskId, 'C0NURSES'))).toContain('✅'));
    const { task, thread, provenances, versions } = await clinic.record(taskId);
    const winner = FIFTY.find((nurse) => clinic.practitioner(nurse) === task.owner?.reference) ?? 'nobody';
    expect(clinic.sentences(winner)).toEqual([]);
    expect(versions.filter((version) => version.owner)).toHaveLength(1);
    expect(provenances.map((one) => one.agent[0]?.who?.reference)).toEqual([task.owner?.reference]);
    expect(thread?.recipient?.map(({ reference }) => reference)).toEqual([task.owner?.reference]);
    expect(writes().length).toBeGreaterThan(10);
    const told = new Set(FIFTY.flatMap((nurse) => clinic.sentences(nurse)));
    const sentence = `${task.owner?.display} already has this Task. Ask for it to be released, or reroute it.`;
    expect([...told]).toEqual([sentence]);
    expect(clinic.cards(taskId)).toHaveLength(1);
    expect(wordsOf(await clinic.card(taskId, 'C0NURSES'))).toContain(
      `✅ *${task.owner?.display}* claimed this`,
    );
    expect(buttonsOf(await clinic.card(taskId, 'C0NURSES'))).toEqual([
      'Complete',
      'Reroute',
      'Release',
      'Escalate',
      'Snooze',
      'Add note',
      'History',
    ]);
  });

  it('cannot take a Task twice: a double press counts once and is told so once', async () => {
    const taskId = await clinic.patientWrites();
    const card = await clinic.card(taskId, 'C0NURSES');
    holdWrites(2);

    await Promise.all([clinic.press('U0ANA', card, 'claim'), clinic.press('U0ANA', card, 'claim')]);

    await eventually(() => expect(clinic.sentences('U0ANA')).toHaveLength(1));
    expect(writes()).toHaveLength(2);
    expect(clinic.sentences('U0ANA')).toEqual([`You already have Task ${taskId.slice(0, 6)}.`]);
    const { task, provenances, versions } = await clinic.record(taskId);
    expect(task.owner?.reference).toBe(clinic.practitioner('U0ANA'));
    expect(versions).toHaveLength(2);
    await eventually(async () => expect((await clinic.record(taskId)).provenances).toHaveLength(1));
    expect(provenances.length).toBeLessThanOrEqual(1);
  });
});
