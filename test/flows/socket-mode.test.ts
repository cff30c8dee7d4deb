import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clinic, eventually, openClinic } from '../support/clinic.ts';
import { wordsOf } from '../support/flow-card.ts';

const NURSES = 'C0NURSES';

describe('over Socket Mode', () => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await openClinic({ env: { SLACK_SIGNING_SECRET: '', SLACK_APP_TOKEN: 'xapp-sandbox' } });
    // Whatever is delivered now can only come over the socket.
    clinic.sandbox.setApp(undefined);
  });
  afterAll(() => clinic?.close());

  it('a press, a dialog and a slash command arrive without any public address', async () => {
    const taskId = await clinic.patientWrites();
    const card = await clinic.card(taskId, NURSES);

    await clinic.pressShown('U0ANA', card, 'claim');

    await eventually(async () =>
      expect(wordsOf(await clinic.card(taskId, NURSES))).toContain('✅ *Ana Silva* claimed this'),
    );
    const answer = await clinic.reroute('U0ANA', await clinic.card(taskId, NURSES), {
      target: 'Cardiologist',
      reason: 'specialty-referral',
    });
    expect(answer.closed).toBe(true);
    await clinic.card(taskId, 'C0CARDIO');
    const sentence = await clinic.answer('U0BEN', () => clinic.slash('U0BEN', '/tasks'));
    expect(sentence).toBe('One Task waits in “Cardiologist”.');
  });

  it('nothing listens on the path that Slack would call otherwise', async () => {
    const response = await fetch(`${clinic.url}/slack/events`, { method: 'POST', body: 'payload={}' });

    expect(response.status).toBe(404);
  });
});
