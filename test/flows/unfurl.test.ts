import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asDicts } from '../../sandbox/dict.ts';
import type { SlackMessage } from '../../sandbox/slack/index.ts';
import { type Clinic, eventually, openClinic } from '../support/clinic.ts';
import { buttonsOf, wordsOf } from '../support/flow-card.ts';

const ANA = 'U0ANA';

describe('a link to a Task that somebody posts', () => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await openClinic();
  });
  afterAll(() => clinic?.close());

  const link = (taskId: string, behind = '') => `${clinic.sandbox.url}/Task/${taskId}${behind}`;

  /** Posts it, and gives the message as soon as the link is shown as a card. */
  async function shared(channel: string, text: string): Promise<SlackMessage> {
    const { ts } = clinic.sandbox.slack.say({ user: ANA, channel, text });
    return eventually(() => {
      const found = clinic.sandbox.slack.messages(channel).find((one) => one.ts === ts);
      if (!found?.attachments?.length) throw new Error('The link is not unfurled.');
      return found;
    });
  }

  /** The card below the link. */
  const card = ({ attachments = [] }: SlackMessage) => ({
    blocks: attachments.flatMap(({ blocks }) => asDicts(blocks)),
  });

  it('is shown as a card that says how things stood, with buttons that are decided anew', async () => {
    const taskId = await clinic.patientWrites();
    await clinic.card(taskId, 'C0NURSES');

    const message = await shared('C0CARDIO', `Can somebody look at ${link(taskId, '?tab=timeline')} please?`);

    expect(wordsOf(card(message))).toMatch(/When this was shared \(.+\): Nobody has claimed this yet\./);
    expect(buttonsOf(card(message)).slice(0, 2)).toEqual(['Claim', 'Reroute']);
    await clinic.slash('U0CHIDI', `/claim ${taskId.slice(0, 8)}`);
    await eventually(async () =>
      expect((await clinic.record(taskId)).task.owner?.display).toBe('Chidi Okafor'),
    );

    const { channel, ts } = message;
    const told = await clinic.answer(ANA, () =>
      clinic.sandbox.slack.press({ user: ANA, channel, ts, action_id: 'claim', value: taskId }),
    );

    expect(told).toBe('Chidi Okafor already has this Task. Ask for it to be released, or reroute it.');
    expect((await clinic.record(taskId)).versions).toHaveLength(2);
  });

  it.each([
    ['C0NURSES', false, false],
    ['C0PHARMACY', true, false],
    ['C0DIET', true, true],
  ])('says of the patient what the channel may know: %s', async (channel, initials, full) => {
    const taskId = await clinic.patientWrites({ patient: 'homer', text: 'I cough.', pool: 'dietetics' });
    await clinic.card(taskId, 'C0DIET');

    const words = wordsOf(card(await shared(channel, link(taskId))));

    expect([/H\. S\.|Homer/.test(words), /Homer Simpson/.test(words) && /I cough\./.test(words)]).toEqual([
      initials,
      full,
    ]);
  });

  it('stays a link where it leads to no Task', async () => {
    const known = await clinic.patientWrites();
    const text = [
      link('00000000-0000-4000-8000-00000000dead'),
      `${clinic.sandbox.url}/Patient/${known}`,
    ].join(' ');
    const { ts } = clinic.sandbox.slack.say({ user: ANA, channel: 'C0NURSES', text });

    await shared('C0NURSES', link(known));

    const silent = clinic.sandbox.slack.messages('C0NURSES').find((one) => one.ts === ts);
    expect(silent?.attachments).toBeUndefined();
  });
});
