import { App, SocketModeReceiver } from '@slack/bolt';
import { describe, expect, it } from 'vitest';
import { POOLS } from '../../sandbox/clinic.ts';
import { ANA, CARD, clientOptions, listen, NURSES, openClinic, silent } from './slack-support.ts';

describe('a Bolt app over Socket Mode', () => {
  it('gets presses, submissions, options and commands as envelopes, and comes back when asked to', async () => {
    const clinic = await openClinic();
    const receiver = new SocketModeReceiver({
      appToken: 'xapp-sandbox',
      logger: silent,
      clientPingTimeout: 1000,
      installerOptions: { clientOptions: clientOptions(clinic.base) },
    });
    const app = new App({
      token: 'xoxb-sandbox',
      receiver,
      clientOptions: clientOptions(clinic.base),
      logger: silent,
    });
    const told = listen(app);
    await app.start();
    const { ts = '' } = await clinic.client.chat.postMessage({ channel: NURSES, text: 'card', blocks: CARD });
    const press = (action_id: string, value?: string) =>
      clinic.slack.press({ user: ANA, channel: NURSES, ts, action_id, value });

    expect(await press('claim')).toMatchObject({ status: 200, body: '' });
    expect(told.presses.at(-1)).toMatchObject({ user: { id: ANA }, message: { ts } });
    await press('more', 'release');
    await expect.poll(() => clinic.slack.views(ANA)).toHaveLength(1);
    const view_id = clinic.slack.views(ANA)[0]?.id ?? '';
    expect((await clinic.slack.suggest({ user: ANA, action_id: 'pool', text: '' })).options).toHaveLength(
      POOLS.length,
    );
    const submit = (why: string) =>
      clinic.slack.submit({ user: ANA, view_id, values: { why, pool: 'pharmacy' } });
    expect(await submit('no')).toMatchObject({ closed: false, body: { response_action: 'errors' } });
    expect(await submit('yes')).toMatchObject({ closed: true });
    expect(
      await clinic.slack.slash({ user: ANA, channel: NURSES, command: '/switchboard', text: 'help' }),
    ).toMatchObject({ body: { text: 'Heard help' } });
    expect(clinic.slack.ephemerals(ANA).at(-1)?.text).toBe('Heard help');

    clinic.slack.refreshSockets();
    const connections = () => clinic.slack.calls().filter((one) => one.method === 'apps.connections.open');
    await expect.poll(() => connections().length, { timeout: 10_000 }).toBe(2);
    await expect.poll(async () => (await press('claim')).status, { timeout: 10_000 }).toBe(200);

    await app.stop();
    await clinic.stop();
  });
});
