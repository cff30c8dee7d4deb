import nock from 'nock';
import { describe, expect, it } from 'vitest';
import { plainCard } from '../../support/unit-cards.ts';
import { chatErrorOf, closedNetwork, SLACK, slackApi } from '../../support/unit-slack.ts';

closedNetwork();

const KEY = { task: 'a1', card: 'c1' };
const CHANNEL = { platform: 'slack', kind: 'channel', id: 'C1' } as const;
const PERSON = { platform: 'slack', kind: 'person', id: 'U1' } as const;

/** Expects one call, and gives the arguments that it was made with. */
function expectCall(method: string, answer: object): { readonly sent: Promise<URLSearchParams> } {
  const { promise, resolve } = Promise.withResolvers<URLSearchParams>();
  nock(SLACK)
    .post(`/api/${method}`)
    .reply(async (request: Request) => {
      resolve(new URLSearchParams(await request.text()));
      return [200, { ok: true, ...answer }];
    });
  return { sent: promise };
}

const message = (ts: string, card: string, event_type = 'switchboard_card') => ({
  ts,
  metadata: { event_type, event_payload: { task: 'a1', card } },
});

describe('a post', () => {
  it('carries its key as metadata, ids only, and unfurls nothing', async () => {
    const call = expectCall('chat.postMessage', { channel: 'C1', ts: '1.5' });

    const ref = await slackApi().api.post(CHANNEL, plainCard(), KEY);

    const sent = await call.sent;
    expect(ref).toBe('C1/1.5');
    expect(JSON.parse(sent.get('metadata') ?? '')).toEqual({
      event_type: 'switchboard_card',
      event_payload: { task: 'a1', card: 'c1' },
    });
    expect(sent.get('text')).toBe('Routine Task a1b2c3 waits.');
    expect([sent.get('unfurl_links'), sent.get('unfurl_media')]).toEqual(['false', 'false']);
  });

  it.each([{ card: 'c1' }, { card: 'c1', task: '' }])(
    'about several Tasks names none in its metadata: %j',
    async (key) => {
      const call = expectCall('chat.postMessage', { channel: 'C1', ts: '1.5' });

      await slackApi().api.post(CHANNEL, plainCard(), key);

      const metadata = JSON.parse((await call.sent).get('metadata') ?? '');
      expect(metadata.event_payload).toEqual({ card: 'c1' });
    },
  );

  it.each(['channel', 'here'] as const)(
    'that calls people begins with it, above its title and in its notification: %s',
    async (mention) => {
      const call = expectCall('chat.postMessage', { channel: 'C1', ts: '1.5' });

      await slackApi().api.post(CHANNEL, plainCard({ mention }), KEY);

      const sent = await call.sent;
      const [first, second] = JSON.parse(sent.get('blocks') ?? '');
      expect(first).toMatchObject({ type: 'section', text: { type: 'mrkdwn', text: `<!${mention}>` } });
      expect(second).toMatchObject({ type: 'header' });
      expect(sent.get('text')).toBe(`<!${mention}> Routine Task a1b2c3 waits.`);
    },
  );

  it('to a person goes to their direct messages', async () => {
    const opened = expectCall('conversations.open', { channel: { id: 'D1' } });
    const posted = expectCall('chat.postMessage', { channel: 'D1', ts: '1.5' });

    const ref = await slackApi().api.post(PERSON, plainCard(), KEY);

    expect(ref).toBe('D1/1.5');
    expect((await opened.sent).get('users')).toBe('U1');
    expect((await posted.sent).get('channel')).toBe('D1');
  });

  it('is not in doubt where the direct messages could not be opened', async () => {
    nock(SLACK).post('/api/conversations.open').reply(500, 'x');

    const error = await chatErrorOf(slackApi().api.post(PERSON, plainCard(), KEY));

    expect(error.kind).toBe('unreachable');
  });

  it.each([{}, { channel: 'C1' }, { ts: '1.5' }])(
    'whose answer names no message is in doubt: %j',
    async (answer) => {
      expectCall('chat.postMessage', answer);

      const error = await chatErrorOf(slackApi().api.post(CHANNEL, plainCard(), KEY));

      expect(error.kind).toBe('in-doubt');
    },
  );
});

describe('a redrawing', () => {
  it('names the message that was posted, with new block ids', async () => {
    const call = expectCall('chat.update', {});

    await slackApi().api.update('C1/1.5', plainCard(), 'v2');

    const sent = await call.sent;
    expect([sent.get('channel'), sent.get('ts')]).toEqual(['C1', '1.5']);
    expect(JSON.parse(sent.get('blocks') ?? '')).toMatchObject([{ block_id: 'v2-0' }, {}, {}, {}, {}]);
  });
});

describe('looking for a post in doubt', () => {
  const since = new Date('2026-11-23T08:00:00Z');

  it('goes back a minute before it was made, page by page, and finds it by its key', async () => {
    const first = expectCall('conversations.history', {
      messages: [message('9.1', 'other'), { ts: '9.0' }],
      response_metadata: { next_cursor: 'n2' },
    });
    const second = expectCall('conversations.history', {
      messages: [message('8.1', 'c1', 'somebody_elses'), message('8.0', 'c1')],
      response_metadata: { next_cursor: 'n3' },
    });

    const found = await slackApi().api.find(CHANNEL, KEY, since);

    expect(found).toBe('C1/8.0');
    const [one, two] = [await first.sent, await second.sent];
    expect(Number(one.get('oldest'))).toBe(since.getTime() / 1000 - 60);
    expect([one.get('include_all_metadata'), one.get('cursor'), two.get('cursor')]).toEqual([
      'true',
      null,
      'n2',
    ]);
  });

  it.each<[string, object[]]>([
    ['nothing', []],
    [
      'messages of people',
      [
        { ts: '1', text: 'c1' },
        { ts: '2', metadata: {} },
      ],
    ],
    ['another app’s message with our key', [message('3', 'c1', 'other_app')]],
    ['our other cards', [message('4', 'c2'), { ts: '5', metadata: { event_type: 'switchboard_card' } }]],
  ])('finds none among %s', async (_what, messages) => {
    expectCall('conversations.history', { messages });

    expect(await slackApi().api.find(CHANNEL, KEY, since)).toBeUndefined();
  });

  it('gives up after ten pages', async () => {
    nock(SLACK)
      .post('/api/conversations.history')
      .times(10)
      .reply(200, { ok: true, messages: [], response_metadata: { next_cursor: 'more' } });

    expect(await slackApi().api.find(CHANNEL, KEY, since)).toBeUndefined();
  });

  it('fails where the history cannot be read, rather than saying that nothing is there', async () => {
    nock(SLACK).post('/api/conversations.history').reply(200, { ok: false, error: 'internal_error' });

    const error = await chatErrorOf(slackApi().api.find(CHANNEL, KEY, since));

    expect(error.kind).toBe('unreachable');
  });
});

describe('a profile', () => {
  const profile = { email: 'ana@clinic.example' };

  it.each([
    ['one of us', {}, false],
    ['somebody whose account was closed', { deleted: true }, true],
    ['a bot', { is_bot: true }, true],
    ['a guest', { is_restricted: true }, true],
    ['a guest of one channel', { is_ultra_restricted: true }, true],
    ['somebody of another organisation', { is_stranger: true }, true],
  ])('says of %s whether they are an outsider', async (_who, more, outsider) => {
    const call = expectCall('users.info', { user: { id: 'U1', profile, ...more } });

    expect(await slackApi().api.profile('U1')).toEqual({ email: 'ana@clinic.example', outsider });
    expect((await call.sent).get('user')).toBe('U1');
  });

  it('of somebody without an e-mail address says so', async () => {
    expectCall('users.info', { user: { id: 'U1', profile: {} } });

    expect(await slackApi().api.profile('U1')).toEqual({ email: undefined, outsider: false });
  });
});
