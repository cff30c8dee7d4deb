import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FaultRequest } from '../../sandbox/slack/index.ts';
import { type Clinic, eventually, openClinic } from '../support/clinic.ts';
import { buttonsOf, wordsOf } from '../support/flow-card.ts';

const NURSES = 'C0NURSES';
const ANA = 'U0ANA';

describe('when Slack is not well', () => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await openClinic({ paced: true });
  });
  beforeEach(() => clinic.sandbox.slack.addFault({ kind: 'none' }));
  afterAll(() => clinic?.close());

  const calls = (method: string) => clinic.sandbox.slack.calls().filter((call) => call.method === method);

  it.each<{ what: string; fault: FaultRequest }>([
    { what: 'asks for patience', fault: { kind: 'ratelimited', seconds: 1, times: 2 } },
    { what: 'answers with an error', fault: { kind: 'error' } },
    { what: 'has a proxy in front that answers with a page', fault: { kind: 'html' } },
  ])('the card tells the truth in the end, without hammering: $what', async ({ fault }) => {
    const taskId = await clinic.patientWrites();
    const card = await clinic.card(taskId, NURSES);
    clinic.sandbox.slack.clearCalls();
    clinic.sandbox.slack.addFault({ method: 'chat.update', ...fault });

    await clinic.pressShown(ANA, card, 'claim');

    await eventually(
      async () => expect(wordsOf(await clinic.card(taskId, NURSES))).toContain('✅ *Ana Silva* claimed this'),
      20_000,
    );
    await eventually(() => expect(calls('chat.update').at(-1)?.ok).toBe(true), 20_000);
    expect(calls('chat.update').length).toBeLessThanOrEqual((fault.times ?? 1) + 1);
    expect(clinic.cards(taskId)).toHaveLength(1);
  });

  it.each<{ what: string; fault: FaultRequest; posts: number }>([
    { what: 'hangs up when the message stands', fault: { kind: 'drop-after-commit' }, posts: 1 },
    { what: 'breaks off in its answer', fault: { kind: 'truncate' }, posts: 1 },
    { what: 'hangs up before', fault: { kind: 'drop' }, posts: 2 },
    { what: 'answers with an error', fault: { kind: 'error' }, posts: 2 },
    { what: 'asks for patience', fault: { kind: 'ratelimited', seconds: 1 }, posts: 2 },
  ])('there is exactly one message in the channel in the end: $what', async ({ fault, posts }) => {
    const before = clinic.sandbox.slack.messages(NURSES).length;
    clinic.sandbox.slack.clearCalls();
    clinic.sandbox.slack.addFault({ method: 'chat.postMessage', ...fault });

    const taskId = await clinic.patientWrites();

    const card = await clinic.card(taskId, NURSES);
    expect(buttonsOf(card)).toEqual(['Claim', 'Reroute', 'Escalate', 'Add note', 'History']);
    await clinic.press(ANA, card, 'claim');
    await eventually(
      async () => expect(wordsOf(await clinic.card(taskId, NURSES))).toContain('✅ *Ana Silva* claimed this'),
      20_000,
    );
    expect(clinic.sandbox.slack.messages(NURSES)).toHaveLength(before + 1);
    expect(calls('chat.postMessage')).toHaveLength(posts);
  });

  it('a refusal reaches the person in another way when its own address does not answer', async () => {
    const taskId = await clinic.patientWrites();
    const card = await clinic.card(taskId, NURSES);
    clinic.sandbox.slack.addFault({ method: 'response_url', kind: 'error' });

    const sentence = await clinic.answer('U0BEN', () => clinic.pressShown('U0BEN', card, 'claim'));

    expect(sentence).toContain('This Task is for “Registered nurse”');
    expect(calls('chat.postEphemeral')).not.toEqual([]);
  });

  it('a Task that is changed while its post is in doubt gets one card, with what is true by then', async () => {
    clinic.sandbox.slack.addFault({ method: 'chat.postMessage', kind: 'drop-after-commit' });
    const taskId = await clinic.patientWrites();
    await clinic.card(taskId, NURSES);

    await clinic.sandbox.fhir.repository.patchResource('Task', taskId, [
      { op: 'replace', path: '/status', value: 'completed' },
    ]);

    await eventually(
      async () => expect(wordsOf(await clinic.card(taskId, NURSES))).toContain('☑️ Completed.'),
      20_000,
    );
    expect(clinic.cards(taskId)).toHaveLength(1);
  });

  it('one channel that cannot be written to does not keep the others from the truth', async () => {
    clinic.sandbox.slack.setChannel({ id: 'C0PHARMACY', is_archived: true });
    const taskId = await clinic.patientWrites();
    await clinic.reroute('U0ANA', await clinic.card(taskId, NURSES), {
      target: 'Pharmacist',
      reason: 'wrong-pool',
    });

    await eventually(async () =>
      expect(wordsOf(await clinic.card(taskId, NURSES))).toContain('➡️ Rerouted to'),
    );
    expect(clinic.cards(taskId, 'C0PHARMACY')).toEqual([]);
    clinic.sandbox.slack.setChannel({ id: 'C0PHARMACY', is_archived: false });
    expect(buttonsOf(await clinic.card(taskId, 'C0PHARMACY'))).toEqual([
      'Claim',
      'Reroute',
      'Escalate',
      'Add note',
      'History',
    ]);
  });
});
