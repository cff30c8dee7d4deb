import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { App } from '@slack/bolt';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ANA, CARD, type Clinic, call, NURSES, openBolt, openClinic, type Told } from './slack-support.ts';

const LINK = 'https://app.medplum.com/Task/1?a=1&b=2';

describe('a link of the application’s', () => {
  let clinic: Clinic;
  let app: App;
  let told: Told;

  beforeAll(async () => {
    clinic = await openClinic();
    ({ app, told } = await openBolt(clinic));
  });
  afterAll(async () => {
    await app.stop();
    await clinic.stop();
  });

  const say = (text: string) => clinic.slack.say({ user: ANA, channel: NURSES, text });
  const messageAt = (ts: string) => clinic.slack.messages(NURSES).find((one) => one.ts === ts);
  const heard = async (count: number) => {
    await expect.poll(() => told.links.length).toBe(count);
    return told.links.at(-1);
  };
  const unfurl = (args: object) => call(clinic, 'chat.unfurl', args);

  it('is told with its message, once for each address, and other links are not', async () => {
    const before = told.links.length;

    const { ts, text } = say(`See ${LINK}, ${LINK} and https://example.org/Task/1 <3.`);

    expect(await heard(before + 1)).toMatchObject({
      channel: NURSES,
      user: ANA,
      message_ts: ts,
      source: 'conversations_history',
      is_bot_user_member: true,
      links: [{ domain: 'app.medplum.com', url: LINK }],
    });
    expect(text).toBe(
      'See <https://app.medplum.com/Task/1?a=1&amp;b=2>, <https://app.medplum.com/Task/1?a=1&amp;b=2> ' +
        'and <https://example.org/Task/1> &lt;3.',
    );
  });

  it('is not told of where there is none', async () => {
    const before = told.links.length;

    say('https://example.org/?to=app.medplum.com and medplum');
    say(`https://eu.app.medplum.com/Task/2`);

    expect((await heard(before + 1))?.links).toEqual([
      { domain: 'eu.app.medplum.com', url: 'https://eu.app.medplum.com/Task/2' },
    ]);
  });

  it('shows what the application makes of it, and shows it anew when that is given again', async () => {
    const { ts } = say(LINK);

    const first = await unfurl({ channel: NURSES, ts, unfurls: { [LINK]: { blocks: CARD } } });
    const id = messageAt(ts)?.attachments?.[0]?.id;
    await unfurl({ channel: NURSES, ts, unfurls: { [LINK]: { blocks: [{ type: 'divider' }] } } });

    expect(first).toMatchObject({ ok: true });
    expect(messageAt(ts)?.attachments).toEqual([
      expect.objectContaining({ id, app_unfurl_url: LINK, is_app_unfurl: true, blocks: [expect.anything()] }),
    ]);
  });

  it('is unfurled by the id of the event just as well', async () => {
    const before = told.links.length;
    const { ts } = say(LINK);
    const event = await heard(before + 1);

    const { unfurl_id, source } = event ?? {};
    const unfurls = { [LINK]: { blocks: CARD } };
    const answer = await unfurl({ unfurl_id, source, unfurls });

    expect(answer).toMatchObject({ ok: true });
    expect(await unfurl({ unfurl_id, source: 'composer', unfurls })).toMatchObject({
      error: 'invalid_unfurl_id',
    });
    expect(messageAt(ts)?.attachments).toHaveLength(1);
  });

  it('is told of before the message is sent, from no channel, and previewed for nobody else', async () => {
    const before = told.links.length;

    const { unfurl_id } = await clinic.slack.compose({ user: ANA, text: `Look: ${LINK}` });

    expect(await heard(before + 1)).toMatchObject({
      channel: 'COMPOSER',
      message_ts: unfurl_id,
      source: 'composer',
    });
    const messages = clinic.slack.messages().length;
    const unfurls = { [LINK]: { blocks: CARD } };
    expect(await unfurl({ unfurl_id, source: 'composer', unfurls })).toMatchObject({ ok: true });
    expect(await unfurl({ channel: 'COMPOSER', ts: unfurl_id, unfurls })).toMatchObject({ ok: false });
    expect(clinic.slack.previews(unfurl_id)).toHaveLength(1);
    expect(clinic.slack.messages()).toHaveLength(messages);
  });

  it.each([
    ['missing_channel', {}],
    ['missing_ts', { channel: NURSES }],
    ['missing_source', { unfurl_id: 'x' }],
    ['missing_unfurl_id', { source: 'composer' }],
    ['invalid_source', { unfurl_id: 'x', source: 'post' }],
    ['invalid_unfurl_id', { unfurl_id: 'x', source: 'composer' }],
    ['cannot_find_channel', { channel: 'C0NOWHERE', ts: '1.000001' }],
    ['cannot_find_message', { channel: NURSES, ts: '1.000001', unfurls: {} }],
  ])('is refused with %s', async (error, args) => {
    expect(await unfurl({ unfurls: { [LINK]: { blocks: CARD } }, ...args })).toMatchObject({
      ok: false,
      error,
    });
  });

  it.each([
    ['missing_unfurls', undefined],
    ['invalid_unfurls_format', 'no json'],
    ['cannot_unfurl_message', { 'https://app.medplum.com/Task/2': { blocks: CARD } }],
    ['cannot_unfurl_url', { 'https://example.org/': { blocks: CARD } }],
    ['cannot_parse_attachment', { [LINK]: 'a card' }],
    ['cannot_parse_attachment', { [LINK]: { blocks: [{ type: 'nonsense' }] } }],
  ])('says %s to what cannot be shown there', async (error, unfurls) => {
    const { ts } = say(`${LINK} https://example.org/`);

    expect(await unfurl({ channel: NURSES, ts, unfurls })).toMatchObject({ ok: false, error });
    expect(messageAt(ts)?.attachments).toBeUndefined();
  });

  it('has buttons that tell where they stand', async () => {
    const { ts } = say(LINK);
    await unfurl({ channel: NURSES, ts, unfurls: { [LINK]: { blocks: CARD } } });

    await clinic.slack.press({ user: 'U0BEN', channel: NURSES, ts, action_id: 'claim' });

    const press = told.presses.at(-1);
    expect(press).toMatchObject({
      user: { id: 'U0BEN' },
      container: { type: 'message_attachment', message_ts: ts, is_app_unfurl: true, app_unfurl_url: LINK },
      app_unfurl: { app_unfurl_url: LINK },
      actions: [{ action_id: 'claim', value: 'v1' }],
    });
    expect(press?.message).toBeUndefined();
    expect(press?.response_url).toBeDefined();
  });

  it('is delivered signed, as JSON with an id, and marked when it is delivered again', async () => {
    const received: { headers: IncomingHttpHeaders; body: string }[] = [];
    const server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      received.push({ headers: request.headers, body });
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const other = await openClinic();
    onTestFinished(async () => {
      await other.stop();
      server.close();
    });
    other.slack.setApp(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);

    other.slack.say({ user: ANA, channel: NURSES, text: LINK });
    await expect.poll(() => received).toHaveLength(1);
    await other.slack.redeliver();

    const [first, again] = received;
    expect(first?.headers).toMatchObject({
      'content-type': 'application/json',
      'x-slack-signature': expect.stringMatching(/^v0=/),
    });
    expect(first?.headers['x-slack-retry-num']).toBeUndefined();
    expect(JSON.parse(first?.body ?? '')).toMatchObject({
      type: 'event_callback',
      event_id: expect.stringMatching(/^Ev/),
    });
    expect(again?.headers['x-slack-retry-num']).toBe('1');
    expect(again?.body).toBe(first?.body);
  });
});
