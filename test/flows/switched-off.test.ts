import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deedOf } from '../../src/record/provenance.ts';
import { type Clinic, eventually, openClinic } from '../support/clinic.ts';
import { wordsOf } from '../support/flow-card.ts';

const NURSES = 'C0NURSES';
const ANA = 'U0ANA';
const CHIDI = 'U0CHIDI';

/* A server without the feature runs a transaction as a batch and answers 200: what came of each part is in the answer. */

describe('transactions that are switched off while Switchboard relies on them', () => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await openClinic({ transactions: true });
    await clinic.sandbox.fhir.setTransactions(false);
  });
  afterAll(() => clinic?.close());

  const told = async (taskId: string) =>
    (await clinic.record(taskId)).provenances.map((one) => deedOf(one)?.verb);

  it('leave one owner and one Provenance where two claim at once, and tell both the truth', async () => {
    const taskId = await clinic.patientWrites();
    await clinic.card(taskId, NURSES);
    // Both have read the Task before either writes it.
    clinic.sandbox.fhir.faults.add({
      kind: 'delay',
      ms: 1_500,
      times: 2,
      method: 'POST',
      resourceType: 'Bundle',
    });

    const [ana, chidi] = await Promise.all(
      [ANA, CHIDI].map((user) => clinic.answer(user, () => clinic.slash(user, `/claim ${taskId}`))),
    );

    const { task } = await clinic.record(taskId);
    const winner = task.owner?.reference === clinic.practitioner(ANA) ? ana : chidi;
    expect([ana, chidi].filter((one) => one?.includes('is yours'))).toEqual([winner]);
    await eventually(async () => expect(await told(taskId)).toEqual(['claim']));
  });

  it('change nothing for whoever claims', async () => {
    const taskId = await clinic.patientWrites();

    await clinic.pressShown(ANA, await clinic.card(taskId, NURSES), 'claim');

    await eventually(async () =>
      expect(wordsOf(await clinic.card(taskId, NURSES))).toContain('✅ *Ana Silva* claimed this'),
    );
    const { task, thread } = await clinic.record(taskId);
    expect(task.owner?.reference).toBe(clinic.practitioner(ANA));
    expect(thread?.recipient?.map(({ reference }) => reference)).toEqual([clinic.practitioner(ANA)]);
    expect(await told(taskId)).toEqual(['claim']);
  });
});
