import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Clinic, eventually, MODES, openClinic } from '../support/clinic.ts';
import { wordsOf } from '../support/flow-card.ts';

const NURSES = 'C0NURSES';
const ANA = 'U0ANA';

describe.each(MODES)('what it costs the record, $mode', ({ transactions }) => {
  let clinic: Clinic;
  let taskId: string;
  beforeAll(async () => {
    clinic = await openClinic({ transactions });
    // Who Ana is, and whether she has a membership, is known for a minute.
    const first = await clinic.patientWrites();
    await clinic.press(ANA, await clinic.card(first, NURSES), 'claim');
    await eventually(async () => expect(wordsOf(await clinic.card(first, NURSES))).toContain('✅'));
  });
  beforeEach(async () => {
    clinic.sandbox.fhir.faults.clear();
    taskId = await clinic.patientWrites();
    await clinic.card(taskId, NURSES);
    await clinic.sandbox.fhir.delivered();
    await quiet();
  });
  afterAll(() => clinic?.close());

  /**
   * What the message and its Task have brought about is over. A look that changes nothing leaves no trace but its reads,
   * and begins once the one before has drawn its cards.
   */
  const quiet = async () => {
    const { fhir, slack, teams } = clinic.sandbox;
    const traffic = () => fhir.requests.length + slack.calls().length + teams.calls().length;
    for (let before = -1; before !== traffic(); await sleep(600)) before = traffic();
    fhir.resetRequests();
  };

  const requests = () =>
    clinic.sandbox.fhir.requests.map(({ method, path }) => `${method} ${path.split(/[/?]/)[3] || 'Bundle'}`);

  it('is one read and at most three writes for a claim, and for its card one read of the Task and one of its thread', async () => {
    clinic.sandbox.fhir.faults.add({ kind: 'lose-webhook', times: 1000 });
    clinic.sandbox.fhir.resetRequests();

    await clinic.pressShown(ANA, await clinic.card(taskId, NURSES), 'claim');

    await eventually(async () => expect(wordsOf(await clinic.card(taskId, NURSES))).toContain('✅'));
    const writes = transactions ? ['POST Bundle'] : ['PATCH Task', 'PATCH Communication', 'POST Provenance'];
    expect(requests()).toEqual(['GET Task', ...writes, 'GET Task', 'GET Communication']);
  });

  it('is one read more for whoever presses first in a minute: whether they have a membership', async () => {
    clinic.sandbox.fhir.faults.add({ kind: 'lose-webhook', times: 1000 });
    await clinic.answer('U0CHIDI', () => clinic.slash('U0CHIDI', '/tasks'));
    clinic.sandbox.fhir.resetRequests();

    await clinic.pressShown('U0CHIDI', await clinic.card(taskId, NURSES), 'claim');

    await eventually(async () => expect(wordsOf(await clinic.card(taskId, NURSES))).toContain('✅'));
    expect(requests().slice(0, 3)).toEqual([
      'GET Task',
      'GET ProjectMembership',
      transactions ? 'POST Bundle' : 'PATCH Task',
    ]);
    expect(requests().filter((one) => one === 'GET ProjectMembership')).toHaveLength(1);
  });

  it('is one read of the Task and one of its thread, and nothing of Slack, when an event tells what every card says already', async () => {
    const body = JSON.stringify((await clinic.record(taskId)).task);
    const signature = createHmac('sha256', 'sandbox-webhook-secret').update(body).digest('hex');
    clinic.sandbox.fhir.resetRequests();
    clinic.sandbox.slack.clearCalls();

    const response = await fetch(`${clinic.url}/medplum/webhook`, {
      method: 'POST',
      body,
      headers: { 'x-signature': signature },
    });

    expect(response.status).toBe(200);
    await eventually(() => expect(requests()).toHaveLength(2));
    await sleep(150);
    expect(requests()).toEqual(['GET Task', 'GET Communication']);
    expect(clinic.sandbox.slack.calls()).toEqual([]);
  });

  it('is one read and no write for a press that is refused', async () => {
    await clinic.answer('U0BEN', async () =>
      clinic.pressShown('U0BEN', await clinic.card(taskId, NURSES), 'claim'),
    );
    clinic.sandbox.fhir.resetRequests();

    await clinic.answer('U0BEN', async () =>
      clinic.pressShown('U0BEN', await clinic.card(taskId, NURSES), 'claim'),
    );

    expect(requests()).toEqual(['GET Task']);
  });
});
