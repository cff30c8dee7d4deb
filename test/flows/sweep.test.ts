import type { Operation } from '@medplum/core';
import type { Communication } from '@medplum/fhirtypes';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/ledger/index.ts';
import { type Clinic, eventually, openClinic } from '../support/clinic.ts';
import { buttonsOf, wordsOf } from '../support/flow-card.ts';

const NURSES = 'C0NURSES';
const ANA = 'U0ANA';

describe('the sweep', () => {
  let clinic: Clinic;
  /** How far the application's clock is ahead, in milliseconds. */
  let ahead = 0;
  beforeAll(async () => {
    clinic = await openClinic({ sweepSeconds: 1, keepLedger: true, now: () => Date.now() + ahead });
  });
  beforeEach(() => clinic.sandbox.fhir.faults.clear());
  afterAll(() => clinic?.close());

  const loseWebhooks = () => clinic.sandbox.fhir.faults.add({ kind: 'lose-webhook', times: 100_000 });
  const change = (taskId: string, patch: Operation[]) =>
    clinic.sandbox.fhir.repository.patchResource('Task', taskId, patch);
  const recipients = async (taskId: string) =>
    (await clinic.record(taskId)).thread?.recipient?.map(({ reference }) => reference);

  async function claimed(): Promise<string> {
    const taskId = await clinic.patientWrites();
    await clinic.press(ANA, await clinic.card(taskId, NURSES), 'claim');
    await eventually(async () => expect(await recipients(taskId)).toEqual([clinic.practitioner(ANA)]));
    return taskId;
  }

  /** Makes all cards older by the ledger's clock, which no test can move; the application must be stopped. */
  async function drawnHoursAgo(hours: number): Promise<void> {
    const { db, close } = await openDatabase({ folder: clinic.ledger }, () => undefined);
    await db
      .updateTable('card')
      .set({ drawn_at: new Date(Date.now() - hours * 60 * 60_000) })
      .execute();
    await close();
  }

  it('finds what no event told: a new Task, and a Task that was claimed elsewhere', async () => {
    loseWebhooks();
    const taskId = await clinic.patientWrites();
    const card = await clinic.card(taskId, NURSES);
    expect(buttonsOf(card)).toEqual(['Claim', 'Reroute', 'Escalate', 'Add note', 'History']);

    await change(taskId, [
      { op: 'replace', path: '/status', value: 'accepted' },
      { op: 'add', path: '/owner', value: { reference: clinic.practitioner(ANA), display: 'Ana Silva' } },
    ]);

    await eventually(async () =>
      expect(wordsOf(await clinic.card(taskId, NURSES))).toContain('✅ *Ana Silva* has this.'),
    );
    expect(clinic.cards(taskId)).toHaveLength(1);
  });

  it('lets the recipients of the thread follow the owner of the Task, who is the truth', async () => {
    const handedOn = await claimed();
    const putBack = await claimed();
    const thread = (await clinic.record(handedOn)).thread as Communication & { id: string };
    const recipient = [...(thread.recipient ?? []), { reference: 'RelatedPerson/1' }];
    await clinic.sandbox.fhir.repository.updateResource<Communication>({ ...thread, recipient });
    loseWebhooks();

    const chidi = { reference: clinic.practitioner('U0CHIDI'), display: 'Chidi Okafor' };
    await change(handedOn, [{ op: 'add', path: '/owner', value: chidi }]);
    await change(putBack, [
      { op: 'replace', path: '/status', value: 'requested' },
      { op: 'remove', path: '/owner' },
    ]);
    await eventually(async () =>
      expect(buttonsOf(await clinic.card(putBack, NURSES))).toEqual([
        'Claim',
        'Reroute',
        'Escalate',
        'Add note',
        'History',
      ]),
    );
    ahead += 6_000;

    await eventually(async () => expect(await recipients(putBack)).toBeUndefined());
    await eventually(async () =>
      expect(await recipients(handedOn)).toEqual(['RelatedPerson/1', chidi.reference]),
    );
    expect((await clinic.record(handedOn)).provenances).toHaveLength(1);
  });

  it('draws what nothing was said of for a day again, and finds out that somebody has deleted it', async () => {
    const taskId = await clinic.patientWrites();
    const removed = await clinic.card(taskId, NURSES);
    clinic.sandbox.slack.deleteMessage(NURSES, removed.ts);

    await clinic.stopApp();
    await drawnHoursAgo(25);
    await clinic.startApp();

    await eventually(async () => expect((await clinic.card(taskId, NURSES)).ts).not.toBe(removed.ts));
  });

  it('finds a deleted Task and a deleted message when it looks at everything again', async () => {
    const gone = await clinic.patientWrites();
    const still = await clinic.patientWrites();
    await clinic.card(gone, NURSES);
    const removed = await clinic.card(still, NURSES);
    loseWebhooks();
    await clinic.sandbox.fhir.repository.deleteResource('Task', gone);
    await change(still, [{ op: 'replace', path: '/priority', value: 'stat' }]);
    clinic.sandbox.slack.deleteMessage(NURSES, removed.ts);

    ahead += 11 * 60_000;

    await eventually(async () =>
      expect(wordsOf(await clinic.card(gone, NURSES))).toContain('no longer in the record'),
    );
    await eventually(async () => expect((await clinic.card(still, NURSES)).ts).not.toBe(removed.ts));
    expect(buttonsOf(await clinic.card(still, NURSES))).toEqual([
      'Claim',
      'Reroute',
      'Escalate',
      'Add note',
      'History',
    ]);
  });
});
