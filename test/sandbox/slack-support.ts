import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  App,
  type BlockAction,
  type ButtonAction,
  HTTPReceiver,
  LogLevel,
  type MessageShortcut,
  type OverflowAction,
  type SlackViewAction,
} from '@slack/bolt';
import type { KnownBlock, LinkSharedEvent, ModalView } from '@slack/types';
import { WebClient } from '@slack/web-api';
import { PEOPLE, POOLS } from '../../sandbox/clinic.ts';
import { createHub, type SandboxEvent } from '../../sandbox/events.ts';
import { createSlackWorkspace, type SlackWorkspace } from '../../sandbox/slack/index.ts';

/* A workspace of the sandbox, and a small application of Bolt's in front of it. */

export const NURSES = 'C0NURSES';
export const ANA = 'U0ANA';

/** A workspace, and a client with the app's token. */
export interface Clinic {
  readonly slack: SlackWorkspace;
  readonly base: string;
  readonly client: WebClient;
  readonly events: SandboxEvent[];
  readonly clock: { ahead: number };
  stop(): Promise<void>;
}

export const clientOptions = (base: string) => ({
  slackApiUrl: `${base}/slack/api/`,
  retryConfig: { retries: 0 },
  rejectRateLimitedCalls: true,
  timeout: 8000,
  logger: silent,
});

export const silent = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};

/** Opens a workspace of its own; `stop` it at the end. */
export async function openClinic(): Promise<Clinic> {
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

export const plain = (text: string) => ({ type: 'plain_text' as const, text });

export const CARD: KnownBlock[] = [
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

export const DIALOG: ModalView = {
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

export const button = (more: object): KnownBlock[] => [
  { type: 'actions', elements: [{ type: 'button', action_id: 'a', text: plain('Claim'), ...more }] },
];

/** What the application under test was told, newest last. */
export interface Told {
  readonly presses: BlockAction[];
  readonly submissions: SlackViewAction[];
  readonly links: LinkSharedEvent[];
  readonly shortcuts: MessageShortcut[];
}

/** Lets the application hear everything, and answer as the tests want it. */
export function listen(app: App): Told {
  const told: Told = { presses: [], submissions: [], links: [], shortcuts: [] };
  app.action<BlockAction<ButtonAction | OverflowAction>>(/claim|more|pool/, async ({ ack, body, client }) => {
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
  app.event('link_shared', async ({ event }) => {
    told.links.push(event);
  });
  app.shortcut({ type: 'message_action', callback_id: 'note' }, async ({ ack, shortcut }) => {
    await ack();
    told.shortcuts.push(shortcut);
  });
  app.command('/switchboard', async ({ ack, command }) =>
    ack(command.text === 'quiet' ? undefined : `Heard ${command.text}`),
  );
  return told;
}

/** The application over HTTP, and what it was told. */
export async function openBolt(clinic: Clinic): Promise<{ app: App; told: Told; port: number }> {
  const receiver = new HTTPReceiver({ signingSecret: 'sandbox-signing-secret', logger: silent });
  const app = new App({
    token: 'xoxb-sandbox',
    receiver,
    clientOptions: clientOptions(clinic.base),
    logger: silent,
  });
  const told = listen(app);
  const server = await app.start({ port: 0, host: '127.0.0.1' });
  const { port } = server.address() as AddressInfo;
  clinic.slack.setApp(`http://127.0.0.1:${port}`);
  return { app, told, port };
}

export const x = (length: number): string => 'x'.repeat(length);
export const times = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));

/** Calls the Web API as any program could. */
export async function call(
  clinic: Clinic,
  method: string,
  args: object,
  token = 'xoxb-sandbox',
): Promise<{ ok: boolean; error?: string; response_metadata?: { messages: string[] } }> {
  const response = await fetch(`${clinic.base}/slack/api/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify(args),
  });
  return (await response.json()) as Awaited<ReturnType<typeof call>>;
}

/** A trigger that opens one view. */
export async function trigger({ slack }: Clinic): Promise<string> {
  return (await slack.slash({ user: ANA, channel: NURSES, command: '/switchboard', text: 'quiet' }))
    .trigger_id;
}
