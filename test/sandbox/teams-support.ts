import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type Activity,
  type AdaptiveCardInvokeResponse,
  type AdaptiveCardInvokeValue,
  CardFactory,
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  type ConversationReference,
  type InvokeResponse,
  MessageFactory,
  type MessagingExtensionAction,
  type MessagingExtensionActionResponse,
  type Response,
  type TaskModuleRequest,
  type TaskModuleResponse,
  TeamsActivityHandler,
  TurnContext,
} from 'botbuilder';
import { PEOPLE, POOLS } from '../../sandbox/clinic.ts';
import {
  botSettings,
  createTeamsTenant,
  SANDBOX_APP,
  type TeamsEvent,
  type TeamsTenant,
  type TeamsTenantOptions,
} from '../../sandbox/teams/index.ts';

export const NURSES = '19:registered-nurses@thread.tacv2';
export const ANA = 'U0ANA';
export const BEN = 'U0BEN';

/** A card as the application would draw one: verbs in an ActionSet, a dialog folded up in a ShowCard. */
export const CARD = {
  type: 'AdaptiveCard',
  version: '1.5',
  body: [
    { type: 'TextBlock', text: 'Blood pressure', wrap: true },
    {
      type: 'ActionSet',
      actions: [
        {
          type: 'Action.Execute',
          title: 'Claim',
          verb: 'claim',
          data: { task: 't1' },
          fallback: { type: 'Action.Submit', title: 'Claim', data: { verb: 'claim', task: 't1' } },
        },
        {
          type: 'Action.ShowCard',
          title: 'Reroute',
          card: {
            type: 'AdaptiveCard',
            body: [
              {
                type: 'Input.ChoiceSet',
                id: 'target',
                label: 'To',
                isRequired: true,
                errorMessage: 'Choose where it goes',
                style: 'filtered',
                choices: [{ title: 'Cardiology', value: 'pool:cardiology' }],
                'choices.data': { type: 'Data.Query', dataset: 'targets' },
              },
              { type: 'Input.Text', id: 'note', label: 'Note', maxLength: 20 },
            ],
            actions: [
              { type: 'Action.Execute', title: 'Send', verb: 'reroute', data: { task: 't1' } },
              {
                type: 'Action.Submit',
                title: 'More',
                data: { verb: 'more', msteams: { type: 'task/fetch' } },
                associatedInputs: 'none',
              },
            ],
          },
        },
      ],
    },
  ],
};

export const plainCard = (text: string) => ({
  type: 'AdaptiveCard',
  version: '1.5',
  body: [{ type: 'TextBlock', text }],
});

/** A bot that does a little of everything, and keeps what it heard. */
export class SmallBot extends TeamsActivityHandler {
  readonly heard: Activity[] = [];
  readonly references: Partial<ConversationReference>[] = [];
  answer: AdaptiveCardInvokeResponse = answerOf('activity.message', 'Done.');
  /** What is answered to the submission of a message action's dialog. */
  submitted: MessagingExtensionActionResponse = {};
  /** The button of that dialog. */
  button: object = { type: 'Action.Submit', title: 'Keep', data: { keep: true } };

  constructor() {
    super();
    this.onTurn(async (context, next) => {
      this.heard.push(context.activity);
      this.references.push(TurnContext.getConversationReference(context.activity));
      await next();
    });
    this.onMessage(async (context, next) => {
      const text = TurnContext.removeRecipientMention(context.activity) ?? context.activity.text;
      if (text) await context.sendActivity(`You said ${text.trim()}`);
      await next();
    });
  }

  protected override async onInvokeActivity(context: TurnContext): Promise<InvokeResponse> {
    const response = await super.onInvokeActivity(context);
    return context.activity.name === 'adaptiveCard/action' ? { ...response, status: 200 } : response;
  }

  protected override async onAdaptiveCardInvoke(
    _context: TurnContext,
    _value: AdaptiveCardInvokeValue,
  ): Promise<AdaptiveCardInvokeResponse> {
    return this.answer;
  }

  protected override async onSearchInvoke() {
    const value = { results: [{ title: 'Grace Osei', value: 'person:grace' }] };
    return {
      statusCode: 200 as const,
      type: 'application/vnd.microsoft.search.searchResponse' as const,
      value,
    };
  }

  protected override async handleTeamsTaskModuleFetch(): Promise<TaskModuleResponse> {
    const card = {
      ...plainCard('More'),
      actions: [{ type: 'Action.Submit', title: 'Save', data: { save: true } }],
    };
    return { task: { type: 'continue', value: { title: 'More', card: CardFactory.adaptiveCard(card) } } };
  }

  protected override async handleTeamsMessagingExtensionFetchTask(
    _context: TurnContext,
    { messagePayload }: MessagingExtensionAction,
  ): Promise<MessagingExtensionActionResponse> {
    const input = { type: 'Input.Text', id: 'words', label: 'Words', value: messagePayload?.body?.content };
    const body = [{ type: 'TextBlock', text: 'Keep this' }, input];
    const card = { ...plainCard('Keep this'), body, actions: [this.button] };
    return { task: { type: 'continue', value: { title: 'Keep', card: CardFactory.adaptiveCard(card) } } };
  }

  protected override async handleTeamsMessagingExtensionSubmitAction(): Promise<MessagingExtensionActionResponse> {
    return this.submitted;
  }

  protected override async handleTeamsTaskModuleSubmit(
    _context: TurnContext,
    request: TaskModuleRequest,
  ): Promise<TaskModuleResponse> {
    return { task: { type: 'message', value: JSON.stringify(request.data) } };
  }
}

export function answerOf(type: string, value: unknown, statusCode = 200): AdaptiveCardInvokeResponse {
  const body: unknown = value;
  return {
    statusCode: statusCode as 200,
    type: `application/vnd.microsoft.${type}`,
    value: body as Record<string, unknown>,
  } as AdaptiveCardInvokeResponse;
}

export const cardMessage = (card: object) => MessageFactory.attachment(CardFactory.adaptiveCard(card));

export interface World {
  readonly teams: TeamsTenant;
  /** The base url of the sandbox. */
  readonly url: string;
  readonly bot: SmallBot;
  readonly adapter: CloudAdapter;
  readonly events: TeamsEvent[];
  readonly clock: { ahead: number };
  stop(): Promise<void>;
}

/** A tenant and a bot, each behind a server of its own. */
export async function openWorld(options: Partial<TeamsTenantOptions> = {}): Promise<World> {
  const clock = { ahead: 0 };
  const events: TeamsEvent[] = [];
  let url = '';
  const teams = createTeamsTenant({
    hub: { emit: (event) => events.push(event) },
    people: PEOPLE,
    channels: POOLS.map((pool) => pool.channel),
    practitionerOf: (id) => (id === ANA ? 'practitioner-ana' : undefined),
    url: () => url,
    now: () => Date.now() + clock.ahead,
    ...options,
  });
  const sandbox = await listen((request, response) => void teams.handle(request, response));
  url = sandbox.url;

  const { configuration, credentials } = botSettings(url);
  const adapter = new CloudAdapter(new ConfigurationBotFrameworkAuthentication(configuration, credentials));
  adapter.onTurnError = async (_context, error) => {
    throw error;
  };
  const bot = new SmallBot();
  const app = await listen((request, response) => void serveBot(adapter, bot, request, response));
  teams.setApp(app.url);
  const stop = async () => {
    await teams.close();
    await Promise.all([sandbox.stop(), app.stop()]);
  };
  return { teams, url, bot, adapter, events, clock, stop };
}

/** Posts a card in a channel, as the application does on its own account. */
export async function postCard(world: World, card: object = CARD): Promise<string> {
  const call = await connector(world, 'POST', 'conversations', {
    isGroup: true,
    channelData: { channel: { id: NURSES } },
    activity: { type: 'message', attachments: [CardFactory.adaptiveCard(card)] },
  });
  const { activityId } = call.body as { activityId: string };
  return activityId;
}

export const post = (world: World, conversation: string, activity: object, query = '') =>
  connector(world, 'POST', `conversations/${encodeURIComponent(conversation)}/activities${query}`, activity);

/** A raw call of the connector with a good token, unless `token` says otherwise. */
export async function connector(world: World, method: string, path: string, body?: object, token?: string) {
  const response = await fetch(`${world.url}/teams/connector/v3/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token ?? (await tokenOf(world))}`,
      'content-type': 'application/json',
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as unknown };
}

const tokens = new WeakMap<World, Promise<string>>();

async function tokenOf(world: World): Promise<string> {
  const known =
    tokens.get(world) ??
    botSettings(world.url)
      .credentials.createCredentials(SANDBOX_APP.appId, undefined)
      .then((credentials) => credentials.getToken());
  tokens.set(world, known);
  return known;
}

/** A control call over HTTP. */
export async function control(world: World, method: string, path: string, body?: string) {
  const response = await fetch(`${world.url}/teams/_control/${path}`, {
    method,
    ...(body === undefined ? {} : { body }),
  });
  return { status: response.status, body: (await response.json()) as unknown };
}

async function listen(handler: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${port}`, stop };
}

async function serveBot(
  adapter: CloudAdapter,
  bot: SmallBot,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>;
  const headers = request.headers;
  try {
    await adapter.process(
      { method: request.method ?? '', headers, body },
      toWebResponse(response),
      (context) => bot.run(context),
    );
  } catch {
    if (!response.headersSent) response.writeHead(400).end();
  }
}

/** What botbuilder takes for a response: restify's, or express's. */
function toWebResponse(response: ServerResponse): Response {
  return {
    socket: response.socket,
    status: (code) => {
      response.statusCode = code;
    },
    header: (name, value) => response.setHeader(name, String(value)),
    send: (body) => {
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    },
    end: () => {
      if (!response.writableEnded) response.end();
    },
  };
}
