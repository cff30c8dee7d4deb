import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  App,
  type BlockAction,
  type ButtonAction,
  HTTPReceiver,
  LogLevel,
  type OverflowAction,
  type SlackViewAction,
  SocketModeReceiver,
} from '@slack/bolt';
import type { KnownBlock, ModalView } from '@slack/types';
import { type ChatPostMessageArguments, WebClient } from '@slack/web-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PEOPLE, POOLS } from '../../sandbox/clinic.ts';
import { createHub, type SandboxEvent } from '../../sandbox/events.ts';
import { createSlackWorkspace, type SlackWorkspace } from '../../sandbox/slack/index.ts';

const NURSES = 'C0NURSES';
const ANA = 'U0ANA';

interface Clinic {
  readonly slack: SlackWorkspace;
  readonly base: string;
  readonly client: WebClient;
  readonly events: SandboxEvent[];
  readonly clock: { ahead: number };
  stop(): Promise<void>;
}

const clientOptions = (base: string) => ({
  slackApiUrl: `${base}/slack/api/`,
  retryConfig: { retries: 0 },
  rejectRateLimitedCalls: true,
  timeout: 8000,
  logger: silent,
});

const silent = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};

async function openClinic(): Promise<Clinic> {
  const clock = { ahead: 0 };
  const events: SandboxEvent[] = [];
  const hub = createHub();
  hub.listen((event) => events.push(event));
  let base = '';
  const slack = createSlackWorkspace({
    hub,
    people: PEOPLE,
    channels: POOLS.map((pool) => pool.channel),
    practitionerOf: (id) => (id === ANA ? 'practitioner-ana' : undefined),
    url: () => base,
    now: () => Date.now() + clock.ahead,
  });
  const server = createServer((request, response) => void slack.handle(request, response));
  server.on('upgrade', (request, socket, head) => slack.upgrade(request, socket, head));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = async () => {
    await slack.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { slack, base, client: new WebClient('xoxb-sandbox', clientOptions(base)), events, clock, stop };
}

const plain = (text: string) => ({ type: 'plain_text' as const, text });

const CARD: KnownBlock[] = [
  { type: 'header', text: plain('Blood pressure') },
  {
    type: 'actions',
    block_id: 'verbs',
    elements: [
      { type: 'button', action_id: 'claim', value: 'v1', text: plain('Claim') },
      { type: 'button', action_id: 'slow', value: 'x', text: plain('Slow') },
      { type: 'button', action_id: 'throws', value: 'x', text: plain('Throws') },
      { type: 'overflow', action_id: 'more', options: [{ text: plain('Release'), value: 'release' }] },
    ],
  },
];

const DIALOG: ModalView = {
  type: 'modal',
  callback_id: 'reroute',
  private_metadata: 'task-1',
  notify_on_close: true,
  title: plain('Reroute'),
  submit: plain('Send'),
  blocks: [
    {
      type: 'input',
      block_id: 'reason',
      label: plain('Reason'),
      element: { type: 'plain_text_input', action_id: 'why' },
    },
    {
      type: 'input',
      block_id: 'place',
      label: plain('Pool'),
      element: { type: 'external_select', action_id: 'pool', min_query_length: 0 },
    },
    {
      type: 'input',
      block_id: 'note',
      optional: true,
      label: plain('Note'),
      element: { type: 'plain_text_input', action_id: 'note' },
    },
  ],
};

const button = (more: object): KnownBlock[] => [
  { type: 'actions', elements: [{ type: 'button', action_id: 'a', text: plain('Claim'), ...more }] },
];

/** What the application under test was told, newest last. */
interface Told {
  readonly presses: BlockAction[];
  readonly submissions: SlackViewAction[];
}

function listen(app: App): Told {
  const told: Told = { presses: [], submissions: [] };
  app.action<BlockAction<ButtonAction | OverflowAction>>(/claim|more/, async ({ ack, body, client }) => {
    await ack();
    told.presses.push(body);
    if (body.actions[0]?.action_id === 'more')
      await client.views.open({ trigger_id: body.trigger_id, view: DIALOG });
  });
  app.action<BlockAction>('slow', async () => {});
  app.action<BlockAction>('throws', async () => Promise.reject(new Error('no')));
  app.options('pool', async ({ ack, options }) => {
    const pools = POOLS.filter((pool) => pool.name.toLowerCase().includes(options.value.toLowerCase()));
    await ack({ options: pools.map((pool) => ({ text: plain(pool.name), value: pool.id })) });
  });
  app.view('reroute', async ({ ack, body, view }) => {
    told.submissions.push(body);
    const why = view.state.values.reason?.why?.value;
    if (why === 'no') await ack({ response_action: 'errors', errors: { reason: 'Say more.' } });
    else if (why === 'nonsense') await ack({ response_action: 'errors', errors: { nowhere: 'Say more.' } });
    else if (why === 'push')
      await ack({ response_action: 'push', view: { ...DIALOG, title: plain('On top') } });
    else if (why === 'update')
      await ack({ response_action: 'update', view: { ...DIALOG, title: plain('Sure?') } });
    else await ack();
  });
  app.view({ callback_id: 'reroute', type: 'view_closed' }, async ({ ack, body }) => {
    await ack();
    told.submissions.push(body);
  });
  app.event('app_home_opened', async ({ client, event }) => {
    await client.views.publish({ user_id: event.user, view: { type: 'home', blocks: CARD } });
  });
  app.command('/switchboard', async ({ ack, command }) =>
    ack(command.text === 'quiet' ? undefined : `Heard ${command.text}`),
  );
  return told;
}

describe('a Bolt app over HTTP', () => {
  let clinic: Clinic;
  let app: App;
  let told: Told;

  beforeAll(async () => {
    clinic = await openClinic();
    const receiver = new HTTPReceiver({ signingSecret: 'sandbox-signing-secret', logger: silent });
    app = new App({
      token: 'xoxb-sandbox',
      receiver,
      clientOptions: clientOptions(clinic.base),
      logger: silent,
    });
    told = listen(app);
    const server = await app.start({ port: 0, host: '127.0.0.1' });
    clinic.slack.setApp(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  afterAll(async () => {
    await app.stop();
    await clinic.stop();
  });

  const post = async (more: Partial<ChatPostMessageArguments> = {}): Promise<string> =>
    (
      await clinic.client.chat.postMessage({
        channel: NURSES,
        text: 'card',
        blocks: CARD,
        ...more,
      } as ChatPostMessageArguments)
    ).ts ?? '';

  const openDialog = async (): Promise<string> => {
    const ts = await post();
    const before = clinic.slack.views(ANA).length;
    await clinic.slack.press({ user: ANA, channel: NURSES, ts, action_id: 'more', value: 'release' });
    await expect.poll(() => clinic.slack.views(ANA).length).toBe(before + 1);
    return clinic.slack.views(ANA).at(-1)?.id ?? '';
  };

  it('is told of a press with the message, its metadata and who pressed', async () => {
    const metadata = { event_type: 'task', event_payload: { task: 't1' } };
    const ts = await post({ metadata });

    const answer = await clinic.slack.press({ user: ANA, channel: NURSES, ts, action_id: 'claim' });

    expect(answer).toMatchObject({ status: 200, body: '' });
    expect(told.presses.at(-1)).toMatchObject({
      user: { id: ANA },
      container: { type: 'message', message_ts: ts, channel_id: NURSES, is_ephemeral: false },
      channel: { id: NURSES, name: 'registered-nurses' },
      message: { ts, text: 'card', bot_id: 'B0SWITCHBOARD', metadata },
      actions: [{ type: 'button', action_id: 'claim', block_id: 'verbs', value: 'v1' }],
    });
  });

  it('gives a button that is gone to nobody, except to a client that has not heard of it', async () => {
    const ts = await post({ blocks: button({}) });
    const gone = { user: ANA, channel: NURSES, ts, action_id: 'claim', value: 'v0' };

    const changed = { ...gone, ts: await post() };

    await expect(clinic.slack.press(changed)).rejects.toMatchObject({ status: 404 });
    await expect(clinic.slack.press(gone)).rejects.toMatchObject({ status: 404 });
    await expect(clinic.slack.press({ ...gone, stale: true })).resolves.toMatchObject({ status: 200 });
    expect(told.presses.at(-1)?.actions[0]).toMatchObject({ type: 'button', value: 'v0' });
  });

  it('opens a dialog with the trigger of an overflow, once', async () => {
    const view = await openDialog();
    const trigger_id = told.presses.at(-1)?.trigger_id ?? '';

    expect(told.presses.at(-1)?.actions[0]).toMatchObject({
      type: 'overflow',
      selected_option: { value: 'release' },
    });
    expect(clinic.slack.views(ANA).at(-1)).toMatchObject({
      id: view,
      callback_id: 'reroute',
      private_metadata: 'task-1',
    });
    await expect(clinic.client.views.open({ trigger_id, view: DIALOG })).rejects.toThrow(
      'exchanged_trigger_id',
    );
  });

  it('keeps a dialog open with the errors of its submission, and closes it when all is well', async () => {
    const view_id = await openDialog();
    const { options } = await clinic.slack.suggest({ user: ANA, action_id: 'pool', text: 'card' });
    const submit = (why: string) =>
      clinic.slack.submit({ user: ANA, view_id, values: { reason: { why }, pool: 'cardiology' } });

    expect(options).toEqual([{ text: plain('Cardiologist'), value: 'cardiology' }]);
    expect(await submit('no')).toMatchObject({ status: 200, closed: false, view_id });
    expect(clinic.slack.views(ANA).at(-1)?.errors).toEqual({ reason: 'Say more.' });
    expect(await submit('nonsense')).toMatchObject({
      error: 'invalid_response_action_errors',
      closed: false,
    });
    expect(await submit('The heart team knows her.')).toMatchObject({ status: 200, closed: true });
    expect(told.submissions.at(-1)).toMatchObject({
      type: 'view_submission',
      view: {
        state: {
          values: {
            reason: { why: { type: 'plain_text_input', value: 'The heart team knows her.' } },
            place: { pool: { type: 'external_select', selected_option: options[0] } },
            note: { note: { value: null } },
          },
        },
      },
    });
    expect(clinic.slack.views(ANA).some((view) => view.id === view_id)).toBe(false);
  });

  it('sends no dialog in which a required field is empty, or holds an option nobody offered', async () => {
    const view_id = await openDialog();
    const submit = (values: { [key: string]: unknown }) =>
      clinic.slack.submit({ user: ANA, view_id, values });

    await expect(submit({ why: '', pool: null })).rejects.toThrow('required field');
    await expect(submit({ why: 'x', pool: 'cardiology' })).rejects.toThrow('has no option');
    await expect(submit({ why: 'x', elsewhere: 'x' })).rejects.toThrow('elsewhere');
  });

  it('replaces, stacks and clears dialogs, and tells the app of one that the person closed', async () => {
    const view_id = await openDialog();
    await clinic.slack.suggest({ user: ANA, action_id: 'pool', text: '', view_id });
    const submit = (why: string) =>
      clinic.slack.submit({ user: ANA, view_id, values: { why, pool: 'pharmacy' } });
    const titles = () =>
      clinic.slack
        .views(ANA)
        .filter((view) => view.root_view_id === view_id)
        .map((view) => view.title);

    expect(await submit('update')).toMatchObject({ view_id });
    expect(titles()).toMatchObject([{ text: 'Sure?' }]);
    expect(clinic.slack.views(ANA).at(-1)?.state.values.reason?.why?.value).toBe('update');
    const pushed = (await submit('push')).view_id ?? '';
    expect(titles()).toMatchObject([{ text: 'Sure?' }, { text: 'On top' }]);
    await expect(submit('update')).rejects.toThrow('lies over');
    await clinic.slack.closeView({ user: ANA, view_id: pushed });
    expect(titles()).toHaveLength(1);
    expect(told.submissions.at(-1)).toMatchObject({
      type: 'view_closed',
      is_cleared: false,
      view: { id: pushed },
    });
  });

  it('answers a slash command to the one who typed it', async () => {
    const before = clinic.slack.ephemerals(ANA).length;
    const type = (text: string) =>
      clinic.slack.slash({ user: ANA, channel: NURSES, command: '/switchboard', text });

    expect(await type('quiet')).toMatchObject({ status: 200, body: '' });
    expect(clinic.slack.ephemerals(ANA)).toHaveLength(before);
    expect(await type('help')).toMatchObject({ status: 200, body: 'Heard help' });
    expect(clinic.slack.ephemerals(ANA).at(-1)).toMatchObject({ channel: NURSES, text: 'Heard help' });
  });

  it('tells the person when the app does not answer within three seconds, or fails', async () => {
    const ts = await post();
    const press = (action_id: string) => clinic.slack.press({ user: ANA, channel: NURSES, ts, action_id });

    expect(await press('throws')).toMatchObject({ status: 500, error: 'dispatch_failed' });
    expect(await press('slow')).toMatchObject({ status: 0, error: 'operation_timeout' });
  });

  it('lets a response url replace, delete and answer, five times', async () => {
    const ts = await post();
    await clinic.slack.press({ user: ANA, channel: NURSES, ts, action_id: 'claim' });
    const url = told.presses.at(-1)?.response_url ?? '';
    const respond = async (body: object) =>
      (await fetch(url, { method: 'POST', body: JSON.stringify(body) })).status;

    expect(await respond({ text: 'only you' })).toBe(200);
    expect(clinic.slack.ephemerals(ANA).at(-1)?.text).toBe('only you');
    expect(await respond({ replace_original: true, text: 'done' })).toBe(200);
    expect(clinic.slack.messages(NURSES).at(-1)).toMatchObject({ ts, text: 'done' });
    expect(await respond({ blocks: button({ nonsense: 1 }) })).toBe(400);
    expect(await respond({ response_type: 'in_channel', text: 'all of you' })).toBe(200);
    expect(await respond({ delete_original: true })).toBe(200);
    expect(clinic.slack.messages(NURSES).some((message) => message.ts === ts)).toBe(false);
    expect(await respond({ text: 'five' })).toBe(200);
    expect(await respond({ text: 'six' })).toBe(404);
  });

  it('presses the buttons of an ephemeral without giving its text away, and replaces it', async () => {
    const { message_ts: ts = '' } = await clinic.client.chat.postEphemeral({
      channel: NURSES,
      user: ANA,
      text: 'sure?',
      blocks: CARD,
    });

    await clinic.slack.press({ user: ANA, channel: NURSES, ts, action_id: 'claim' });

    const press = told.presses.at(-1);
    expect(press).toMatchObject({ container: { is_ephemeral: true, message_ts: ts } });
    expect(press?.message).toBeUndefined();
    await fetch(press?.response_url ?? '', {
      method: 'POST',
      body: JSON.stringify({ replace_original: true, text: 'yes' }),
    });
    expect(clinic.slack.ephemerals(ANA).find((one) => one.ts === ts)?.text).toBe('yes');
    await expect(
      clinic.slack.press({ user: 'U0BEN', channel: NURSES, ts, action_id: 'claim' }),
    ).rejects.toThrow('sees no message');
  });

  it('fills its home tab when somebody opens it, and hears of presses there', async () => {
    await clinic.slack.openHome(ANA);
    await expect.poll(() => clinic.slack.homes(ANA)).toHaveLength(1);
    const view_id = clinic.slack.homes(ANA)[0]?.id ?? '';

    await clinic.slack.press({ user: ANA, view_id, action_id: 'claim' });

    const press = told.presses.at(-1);
    expect(press).toMatchObject({
      container: { type: 'view', view_id },
      view: { type: 'home', id: view_id },
    });
    expect(press?.response_url).toBeUndefined();
  });

  it('delivers the same press twice when asked to, as Slack may', async () => {
    const ts = await post();
    await clinic.slack.press({ user: ANA, channel: NURSES, ts, action_id: 'claim' });

    expect(await clinic.slack.redeliver()).toMatchObject({ status: 200 });
    expect(told.presses.at(-1)?.trigger_id).toBe(told.presses.at(-2)?.trigger_id);
  });

  it('is refused when it signs with another secret than the app', async () => {
    const other = createSlackWorkspace({
      hub: createHub(),
      people: PEOPLE,
      channels: [{ id: NURSES, name: 'nurses' }],
      practitionerOf: () => undefined,
      signingSecret: 'another',
      url: () => clinic.base,
    });
    const { port } = (
      app as unknown as { receiver: { server: { address(): AddressInfo } } }
    ).receiver.server.address();
    other.setApp(`http://127.0.0.1:${port}`);

    expect(await other.slash({ user: ANA, channel: NURSES, command: '/switchboard' })).toMatchObject({
      status: 401,
      error: 'dispatch_failed',
    });
  });
});

const x = (length: number): string => 'x'.repeat(length);
const times = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const option = (value: string, text = value) => ({ text: plain(text), value });
const section = (more: object) => [{ type: 'section', ...more }];
const actions = (...elements: object[]) => [{ type: 'actions', elements }];
const overflow = (options: object[]) =>
  section({ text: plain('x'), accessory: { type: 'overflow', options } });
const select = (options: object[], initial_option?: object) =>
  section({
    text: plain('x'),
    accessory: { type: 'static_select', action_id: 's', options, initial_option },
  });
const noted = { channel: NURSES, text: 'x' };
const meta = (event_payload: object) => ({ ...noted, metadata: { event_type: 'a', event_payload } });
const BUTTON = { type: 'button', action_id: 'a', text: plain('x') };
const TYPING = { type: 'plain_text_input' };
const CONFIRM = { text: plain('x'), confirm: plain('y'), deny: plain('n') };

const under = (length: number) => `must be less than ${length} characters`;
const atMost = (count: number) => `no more than ${count} items allowed`;
const exists = (id: string) => `\`${id}\` "a" already exists`;
const EMPTY = 'must be more than 0 characters';
const NO_VALUE = 'must be a valid enum value';
const NO_OPTION = 'must be one of the provided options';

describe('the Web API', () => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await openClinic();
  });
  afterAll(() => clinic.stop());

  const call = async (method: string, args: object, token = 'xoxb-sandbox') => {
    const response = await fetch(`${clinic.base}/slack/api/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
      body: JSON.stringify(args),
    });
    return (await response.json()) as {
      ok: boolean;
      error?: string;
      response_metadata?: { messages: string[] };
    };
  };
  const trigger = async (): Promise<string> =>
    (await clinic.slack.slash({ user: ANA, channel: NURSES, command: '/x' })).trigger_id;

  it.each([
    ['not_authed', 'auth.test', ''],
    ['invalid_auth', 'auth.test', 'xoxb-wrong'],
    ['not_allowed_token_type', 'apps.connections.open', 'xoxb-sandbox'],
    ['not_allowed_token_type', 'chat.postMessage', 'xapp-sandbox'],
  ])('says %s to %s with the token "%s"', async (error, method, token) => {
    expect(await call(method, {}, token)).toMatchObject({ ok: false, error });
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
    expect(await call(method, args)).toMatchObject({ ok: false, error });
  });

  it.each([
    ['a button text of 76', button({ text: plain(x(76)) }), under(76), '/0/elements/0/text/text'],
    ['an empty button text', button({ text: plain('') }), EMPTY, '/0/elements/0/text/text'],
    ['a mrkdwn button text', button({ text: mrkdwn('x') }), NO_VALUE, '/0/elements/0/text/type'],
    ['a button value of 2001', button({ value: x(2001) }), under(2001), '/0/elements/0/value'],
    ['an unknown field', button({ colour: 'red' }), 'invalid additional property: colour', '/0/elements/0'],
    ['an unknown style', button({ style: 'default' }), NO_VALUE, '/0/elements/0/style'],
    ['an action_id of 256', button({ action_id: x(256) }), under(256), '/0/elements/0/action_id'],
    ['an unknown block', [{ type: 'button' }], 'unsupported type: button', '/0/type'],
    ['an unknown element', actions({ type: 'knob' }), 'unsupported type: knob', '/0/elements/0/type'],
    ['a section text of 3001', section({ text: mrkdwn(x(3001)) }), under(3001), '/0/text/text'],
    ['an empty section', [{ type: 'section' }], 'must define either `text` or `fields`', '/0'],
    ['11 fields', section({ fields: times(11, () => plain('x')) }), atMost(10), '/0/fields'],
    ['a field of 2001', section({ fields: [plain(x(2001))] }), under(2001), '/0/fields/0/text'],
    ['a header of 151', [{ type: 'header', text: plain(x(151)) }], under(151), '/0/text/text'],
    [
      '11 in a context',
      [{ type: 'context', elements: times(11, () => plain('x')) }],
      atMost(10),
      '/0/elements',
    ],
    ['51 blocks', times(51, () => ({ type: 'divider' })), atMost(50), ''],
    [
      'a block_id twice',
      times(2, () => ({ type: 'divider', block_id: 'a' })),
      exists('block_id'),
      '/1/block_id',
    ],
    ['an action_id twice', actions(BUTTON, BUTTON), exists('action_id'), '/0/elements/1/action_id'],
    ['an option text of 76', select([option('a', x(76))]), under(76), '/0/accessory/options/0/text/text'],
    ['an option value of 76', select([option(x(76), 'a')]), under(76), '/0/accessory/options/0/value'],
    ['101 options', select(times(101, (i) => option(`${i}`))), atMost(100), '/0/accessory/options'],
    ['a wrong first choice', select([option('a')], option('b')), NO_OPTION, '/0/accessory/initial_option'],
    ['6 in an overflow', overflow(times(6, (i) => option(`${i}`))), atMost(5), '/0/accessory/options'],
    ['no title', button({ confirm: CONFIRM }), 'missing required field: title', '/0/elements/0/confirm'],
    ['no label', [{ type: 'input', element: TYPING }], 'missing required field: label', '/0'],
  ])('refuses %s', async (_, blocks, message, at) => {
    const answer = await call('chat.postMessage', { channel: NURSES, text: 'x', blocks });

    expect(answer).toMatchObject({ ok: false, error: 'invalid_blocks' });
    expect(answer.response_metadata?.messages).toContain(`[ERROR] ${message} [json-pointer:/blocks${at}]`);
  });

  it('takes what is exactly as long as allowed', async () => {
    const fits = [
      ...section({ text: mrkdwn(x(3000)), fields: times(10, () => plain(x(2000))) }),
      { type: 'header', text: plain(x(150)) },
      ...button({ text: plain(x(75)), value: x(2000), action_id: x(255) }),
      ...select(
        times(100, (i) => option(`${i}`, x(75))),
        option('7', x(75)),
      ),
      ...times(46, () => ({ type: 'divider' })),
    ];

    const answer = await call('chat.postMessage', { channel: NURSES, text: x(40_000), blocks: fits });
    expect(answer).toMatchObject({ ok: true });
  });

  it.each([
    ['a title of 25', { title: plain(x(25)) }, under(25), '/title/text'],
    ['private_metadata of 3001', { private_metadata: x(3001) }, under(3001), '/private_metadata'],
    ['inputs without a submit', { submit: undefined }, 'missing required field: submit', ''],
    ['101 blocks', { blocks: times(101, () => ({ type: 'divider' })) }, atMost(100), '/blocks'],
    ['a field of no view', { submit_disabled: true }, 'invalid additional property: submit_disabled', ''],
    [
      'a markdown block',
      { blocks: [{ type: 'markdown', text: 'x' }] },
      'unsupported type: markdown',
      '/blocks/0/type',
    ],
  ])('refuses a view with %s', async (_, change, message, at) => {
    const answer = await call('views.open', { trigger_id: await trigger(), view: { ...DIALOG, ...change } });

    expect(answer).toMatchObject({ ok: false, error: 'invalid_arguments' });
    expect(answer.response_metadata?.messages).toContain(`[ERROR] ${message} [json-pointer:/view${at}]`);
  });

  it('lets a trigger expire after three seconds', async () => {
    const trigger_id = await trigger();
    clinic.clock.ahead += 3001;

    expect(await call('views.open', { trigger_id, view: DIALOG })).toMatchObject({
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
    const { view } = await clinic.client.views.open({ trigger_id: await trigger(), view: DIALOG });
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

    expect(await call('chat.update', { channel: NURSES, ts, text: 'x' })).toMatchObject({
      error: 'cant_update_message',
    });
    expect(await call('chat.delete', { channel: NURSES, ts })).toMatchObject({
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

    expect(await call('chat.postMessage', { channel: 'C0OLD', text: 'x' })).toMatchObject({
      error: 'is_archived',
    });
    expect(await call('conversations.history', { channel: 'C0OTHERS' })).toMatchObject({
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

describe('a fault', () => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await openClinic();
  });
  afterAll(() => clinic.stop());

  const method = 'chat.postMessage';
  const post = () => clinic.client.chat.postMessage({ channel: NURSES, text: 'x' });
  const count = () => clinic.slack.messages(NURSES).length;

  it.each([
    ['ratelimited', { seconds: 7 }, { code: 'slack_webapi_rate_limited_error', retryAfter: 7 }, 0],
    ['ratelimited-bare', {}, { message: expect.stringContaining('Retry header') }, 0],
    ['error', {}, { code: 'slack_webapi_http_error', statusCode: 500 }, 0],
    ['drop', {}, { code: 'slack_webapi_request_error' }, 0],
    ['drop-after-commit', {}, { code: 'slack_webapi_request_error' }, 1],
    ['truncate', {}, { message: expect.stringContaining('terminated') }, 1],
    ['html', {}, { data: { error: expect.stringContaining('<html>') } }, 0],
    ['error-code', { code: 'is_archived' }, { data: { error: 'is_archived' } }, 0],
  ] as const)('%s does to a post what Slack may do, once', async (kind, more, seen, posted) => {
    const before = count();
    clinic.slack.addFault({ method, kind, ...more });

    await expect(post()).rejects.toMatchObject(seen);
    expect(count() - before).toBe(posted);
    await expect(post()).resolves.toMatchObject({ ok: true });
  });

  it('delay answers late', async () => {
    clinic.slack.addFault({ method: '*', kind: 'delay', ms: 150 });
    const start = performance.now();

    await post();

    expect(performance.now() - start).toBeGreaterThan(140);
  });

  it('is cleared over the control endpoint, where nonsense is answered with a sentence', async () => {
    const control = async (path: string, body: string) => {
      const response = await fetch(`${clinic.base}/slack/_control/${path}`, { method: 'POST', body });
      return [response.status, await response.json()];
    };

    expect(await control('faults', '{"kind":"error","times":5}')).toEqual([200, { ok: true }]);
    expect(await control('faults', '{"kind":"none"}')).toEqual([200, { ok: true }]);
    await expect(post()).resolves.toMatchObject({ ok: true });
    expect(await control('press', '{')).toEqual([400, { error: 'The body must be a JSON object.' }]);
    expect(await control('press', '{"user":"U0ANA"}')).toEqual([400, { error: 'action_id is missing.' }]);
    expect(await control('faults', '{"kind":"fire"}')).toMatchObject([400, {}]);
    expect(await control('nowhere', '{}')).toMatchObject([404, {}]);
    expect(await control('press', JSON.stringify({ user: 'x'.repeat(2 ** 21) }))).toMatchObject([400, {}]);
    expect(await control('people', '{"name":"Kim Lee","is_stranger":true}')).toMatchObject([
      200,
      { name: 'Kim Lee', practitioner: null, is_stranger: true },
    ]);
  });
});

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
