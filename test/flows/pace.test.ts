import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Clinic, eventually, openClinic } from '../support/clinic.ts';
import { wordsOf } from '../support/flow-card.ts';

const NURSES = 'C0NURSES';
const PHARMACY = 'C0PHARMACY';
const PATIENCE_MS = 90_000;

describe('a Slack that keeps its limits', () => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await openClinic({ paced: true });
    clinic.sandbox.slack.setRateLimits(true);
  });
  beforeEach(() => {
    clinic.sandbox.slack.addFault({ kind: 'none' });
    clinic.sandbox.slack.clearCalls();
  });
  afterAll(() => clinic?.close());

  const calls = (method: string) => clinic.sandbox.slack.calls().filter((call) => call.method === method);
  const position = (taskId: string) =>
    clinic.sandbox.slack
      .messages(NURSES)
      .findIndex(({ metadata }) => JSON.stringify(metadata ?? {}).includes(taskId));

  it('never has to say “not so fast” when thirty Tasks come at once, and shows stat first', async () => {
    const routine: string[] = [];
    const write = async (many: number) => {
      for (let i = 0; i < many; i++) routine.push(await clinic.patientWrites({ priority: 'routine' }));
    };
    // The first three may go at once; from then on there is a place every second.
    await write(3);
    await eventually(() => expect(clinic.sandbox.slack.messages(NURSES)).toHaveLength(3));
    await write(26);
    const stat = await clinic.patientWrites({ priority: 'stat' });
    const before = clinic.sandbox.slack.messages(NURSES).length;
    const elsewhere = await clinic.patientWrites({ pool: 'pharmacy' });

    await clinic.card(stat, NURSES);

    // One or two may have been called already when it came.
    expect(position(stat)).toBeLessThanOrEqual(before + 3);
    await clinic.card(elsewhere, PHARMACY);
    expect(clinic.sandbox.slack.messages(NURSES).length).toBeLessThan(30);
    await eventually(() => expect(clinic.sandbox.slack.messages(NURSES)).toHaveLength(30), PATIENCE_MS);
    expect(calls('chat.postMessage').filter(({ status }) => status !== 200)).toEqual([]);
    expect(calls('chat.postMessage')).toHaveLength(31);
    expect(routine.map((id) => clinic.cards(id).length)).toEqual(routine.map(() => 1));
  }, 120_000);

  it('is told once of a hundred changes that one Task saw while the channel was throttled', async () => {
    const taskId = await clinic.patientWrites({ pool: 'pharmacy' });
    await clinic.card(taskId, PHARMACY);
    clinic.sandbox.slack.clearCalls();
    clinic.sandbox.slack.addFault({ method: 'chat.update', kind: 'ratelimited', seconds: 8 });

    for (let i = 0; i < 100; i++) {
      const priority = i === 99 ? 'stat' : i % 2 === 0 ? 'urgent' : 'asap';
      await clinic.patch('Task', taskId, [{ op: 'add', path: '/priority', value: priority }]);
    }

    await eventually(
      async () => expect(wordsOf(await clinic.card(taskId, PHARMACY))).toContain('🔴'),
      PATIENCE_MS,
    );
    expect(calls('chat.update').map(({ status }) => status)).toEqual([429, 200]);
    expect(clinic.cards(taskId)).toHaveLength(1);
  }, 120_000);
});
