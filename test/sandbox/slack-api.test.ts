import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANA, CARD, type Clinic, call, DIALOG, NURSES, openClinic, trigger, x } from './slack-support.ts';

const noted = { channel: NURSES, text: 'x' };
const meta = (event_payload: object) => ({ ...noted, metadata: { event_type: 'a', event_payload } });

describe('the Web API', () => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await openClinic();
  });
  afterAll(() => clinic.stop());

  it.each([
    ['not_authed', 'auth.test', ''],
    ['invalid_auth', 'auth.test', 'xoxb-wrong'],
    ['not_allowed_token_type', 'apps.connections.open', 'xoxb-sandbox'],
    ['not_allowed_token_type', 'chat.postMessage', 'xapp-sandbox'],
  ])('says %s to %s with the token "%s"', async (error, method, token) => {
    expect(await call(clinic, method, {}, token)).toMatchObject({ ok: false, error });
  });

  it.each([
    ['unknown_method', 'chat.shout', {}],
    ['missing_argument', 'chat.postMessage', { text: 'x' }],
    ['channel_not_found', 'chat.postMessage', { channel: 'C0NOWHERE', text: 'x' }],
    ['no_text', 'chat.postMessage', { channel: NURSES }],
    ['msg_too_long', 'chat.postMessage', { channel: NURSES, text: x(40_001) }],
    ['message_not_found', 'chat.update', { channel: NURSES, ts: '1.000001', text: 'x' }],
    ['invalid_metadata_format', 'chat.postMessage', { ...noted, metadata: { event_type: 'a' } }],
    ['invalid_metadata_format', 'chat.postMessage', meta({ a: null })],
    ['metadata_too_large', 'chat.postMessage', meta({ a: x(9000) })],
    ['user_not_found', 'users.info', { user: 'U0NOBODY' }],
    ['users_not_found', 'users.lookupByEmail', { email: 'nobody@riverside.example' }],
    ['invalid_arguments', 'views.open', { trigger_id: 'nonsense', view: DIALOG }],
    ['invalid_trigger_id', 'views.open', { trigger_id: '1.2.abc', view: DIALOG }],
    ['not_found', 'views.update', { view_id: 'V0NOWHERE', view: DIALOG }],
  ])('says %s to %s', async (error, method, args) => {
    expect(await call(clinic, method, args)).toMatchObject({ ok: false, error });
  });

  it('lets a trigger expire after three seconds', async () => {
    const trigger_id = await trigger(clinic);
    clinic.clock.ahead += 3001;

    expect(await call(clinic, 'views.open', { trigger_id, view: DIALOG })).toMatchObject({
      error: 'expired_trigger_id',
    });
  });

  it('lets a response url expire after thirty minutes', async () => {
    const app = createServer((request, response) => {
      request.on('data', (chunk) => bodies.push(String(chunk)));
      request.on('end', () => response.end());
    });
    const bodies: string[] = [];
    await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
    clinic.slack.setApp(`http://127.0.0.1:${(app.address() as AddressInfo).port}`);
    await clinic.slack.slash({ user: ANA, channel: NURSES, command: '/x' });
    const url = new URLSearchParams(bodies.join('')).get('response_url') ?? '';
    const respond = async () => (await fetch(url, { method: 'POST', body: '{"text":"x"}' })).status;

    expect(await respond()).toBe(200);
    clinic.clock.ahead += 30 * 60_000 + 1;
    expect(await respond()).toBe(404);
    clinic.slack.setApp(undefined);
    app.closeAllConnections();
    app.close();
  });

  it('updates a view only for who knows its newest hash', async () => {
    const { view } = await clinic.client.views.open({ trigger_id: await trigger(clinic), view: DIALOG });
    const update = (hash = '') => clinic.client.views.update({ view_id: view?.id ?? '', hash, view: DIALOG });

    const updated = await update(view?.hash);
    expect(updated.view?.hash).not.toBe(view?.hash);
    await expect(update(view?.hash)).rejects.toThrow('hash_conflict');
    await expect(update(updated.view?.hash)).resolves.toMatchObject({ ok: true });
  });

  it('shows metadata in the history only to who asks, newest message first', async () => {
    const { client } = clinic;
    const metadata = { event_type: 'task', event_payload: { key: 'k1' } };
    const channel = 'C0DIET';
    const [first, second] = [
      await client.chat.postMessage({ channel, text: '1', metadata }),
      await client.chat.postMessage({ channel, text: '2' }),
    ];
    const history = async (more: object) =>
      (await client.conversations.history({ channel, ...more })).messages ?? [];

    expect((await history({})).map((one) => [one.text, one.metadata])).toEqual([
      ['2', undefined],
      ['1', undefined],
    ]);
    expect((await history({ include_all_metadata: true })).at(-1)?.metadata).toEqual(metadata);
    expect(await history({ limit: 1 })).toHaveLength(1);
    expect((await history({ oldest: first.ts })).map((one) => one.text)).toEqual(['2']);
    expect(await history({ oldest: first.ts, inclusive: true })).toHaveLength(2);
    expect((await history({ latest: second.ts })).map((one) => one.text)).toEqual(['1']);
  });

  it('takes the blocks away when an update gives a text alone, and keeps the metadata', async () => {
    const metadata = { event_type: 'task', event_payload: { key: 'k1' } };
    const { ts = '' } = await clinic.client.chat.postMessage({
      channel: NURSES,
      text: 'a',
      blocks: CARD,
      metadata,
    });

    await clinic.client.chat.update({ channel: NURSES, ts, text: 'b' });

    const message = clinic.slack.messages(NURSES).find((one) => one.ts === ts);
    expect(message).toMatchObject({ text: 'b', metadata });
    expect(message?.blocks).toBeUndefined();
  });

  it('lets the bot change its own messages only', async () => {
    const { ts } = clinic.slack.say({ user: ANA, channel: NURSES, text: 'Coffee?' });

    expect(await call(clinic, 'chat.update', { channel: NURSES, ts, text: 'x' })).toMatchObject({
      error: 'cant_update_message',
    });
    expect(await call(clinic, 'chat.delete', { channel: NURSES, ts })).toMatchObject({
      error: 'cant_delete_message',
    });
  });

  it('opens a direct message for a user id, and knows who is where', async () => {
    const { channel } = await clinic.client.chat.postMessage({ channel: ANA, text: 'hello' });
    const { members = [] } = await clinic.client.conversations.members({ channel: NURSES });

    expect(channel).toBe('D0ANA');
    expect(members).toContain(ANA);
    expect(clinic.slack.people().find((one) => one.id === ANA)).toMatchObject({
      name: 'Ana Silva',
      practitioner: 'practitioner-ana',
    });
  });

  it('keeps the bot out of archived channels and of those it was taken out of', async () => {
    clinic.slack.setChannel({ id: 'C0OLD', is_archived: true });
    clinic.slack.setChannel({ id: 'C0OTHERS', is_member: false });

    expect(await call(clinic, 'chat.postMessage', { channel: 'C0OLD', text: 'x' })).toMatchObject({
      error: 'is_archived',
    });
    expect(await call(clinic, 'conversations.history', { channel: 'C0OTHERS' })).toMatchObject({
      error: 'not_in_channel',
    });
  });

  it('tells the hub of each change', async () => {
    const { ts = '' } = await clinic.client.chat.postMessage({ channel: NURSES, text: 'x' });
    clinic.slack.deleteMessage(NURSES, ts);

    const change = { kind: 'slack', what: 'message', channel: NURSES, ts };
    expect(clinic.events.slice(-2)).toEqual([change, change]);
  });
});
