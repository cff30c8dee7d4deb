import {
  App,
  type AuthorizeResult,
  HTTPReceiver,
  type Receiver,
  SocketModeReceiver,
  webApi,
} from '@slack/bolt';
import {
  answerHttp,
  type ChatPlatform,
  definePlatform,
  type Log,
  type Memory,
  NotLetIn,
  type Route,
} from '../../src/index.ts';
import { CLIENT_OPTIONS, createApi } from './api.ts';
import { toChatError } from './errors.ts';
import { listen } from './listen.ts';
import { toBoltLogger } from './log.ts';
import { pace } from './pace.ts';
import { EVENTS_PATH } from './paths.ts';
import { type Settings, settings } from './settings.ts';

/** A request that claims to be from the future is as suspicious as an old one; Bolt only looks at the age. */
const FUTURE_LIMIT_S = 300;

export const slack = definePlatform({ name: 'slack', settings, create: createSlack });

function createSlack(chosen: Settings, log: Log, memory: Memory): ChatPlatform {
  const logger = toBoltLogger(log);
  const http = chosen.SLACK_APP_TOKEN
    ? undefined
    : new HTTPReceiver({ signingSecret: chosen.SLACK_SIGNING_SECRET ?? '', endpoints: EVENTS_PATH, logger });
  const receiver: Receiver =
    http ??
    new SocketModeReceiver({ appToken: chosen.SLACK_APP_TOKEN ?? '', logger, ...socketOptions(chosen) });
  const clientOptions = {
    ...CLIENT_OPTIONS,
    ...(chosen.SLACK_API_URL && { slackApiUrl: chosen.SLACK_API_URL }),
  };
  const client = new webApi.WebClient(chosen.SLACK_BOT_TOKEN, { ...clientOptions, logger });
  // Who we are is asked once, at the start; Bolt would ask during somebody's first press.
  let me: AuthorizeResult = {};
  const app = new App({ receiver, authorize: async () => me, logger, clientOptions });
  const api = createApi(client);
  let idle: (() => Promise<void>) | undefined;

  return {
    name: 'slack',

    start: async (desk) => {
      me = await introduce(client, chosen.SLACK_BOT_TOKEN);
      log.info({ team: me.teamId, bot: me.botId }, 'Slack knows us');
      // Where the connection fails after this, we are started again, and must not hear everything twice.
      idle ??= listen(app, client, desk, memory, log);
      if (!http) await connect(app);
    },

    stop: async () => {
      if (!http) await app.stop();
      await idle?.();
    },

    inspect: async (surface) => {
      if (surface === undefined) await introduce(client, chosen.SLACK_BOT_TOKEN);
      // Only who is in a channel may read it, and who is in it may post.
      else await api.find(surface, { card: '' }, new Date());
      return true;
    },

    pace,
    post: (surface, card, key) => api.post(surface, card, key),
    // Block ids must be new each time a message is redrawn.
    update: (ref, card) => api.update(ref, card, crypto.randomUUID()),
    find: (surface, key, since) => api.find(surface, key, since),
    profile: (user) => api.profile(user.id),
    publishHome: (user, home) => api.publishHome(user.id, home, crypto.randomUUID()),
    direct: (userId) => ({ platform: 'slack', kind: 'person', id: userId }),
    routes: () => (http ? [eventsRoute(http)] : []),
  };
}

/** Asks Slack who we are. Throws with a sentence where the token is not right. */
async function introduce(client: webApi.WebClient, botToken: string): Promise<AuthorizeResult> {
  try {
    const { team_id: teamId, bot_id: botId, user_id: botUserId } = await client.auth.test();
    return { botToken, ...(teamId && { teamId }), ...(botId && { botId }), ...(botUserId && { botUserId }) };
  } catch (cause) {
    throw new NotLetIn(
      'Slack did not let us in. Is SLACK_BOT_TOKEN right, and the app still installed?',
      toChatError(cause, 'introducing ourselves', false),
    );
  }
}

/** Socket Mode. Throws with a sentence where the app-level token is not right. */
async function connect(app: App): Promise<void> {
  try {
    await app.start();
  } catch (cause) {
    throw new NotLetIn(
      'Slack did not let us connect. Is SLACK_APP_TOKEN right, and Socket Mode switched on?',
      toChatError(cause, 'connecting', false),
    );
  }
}

function eventsRoute(receiver: HTTPReceiver): Route {
  return {
    method: 'POST',
    path: EVENTS_PATH,
    handle: (request, response) => {
      const stamp = Number(request.headers['x-slack-request-timestamp']);
      if (stamp > Date.now() / 1000 + FUTURE_LIMIT_S)
        return answerHttp(response, 401, 'The signature is wrong.');
      receiver.requestListener(request, response);
    },
  };
}

function socketOptions(chosen: Settings) {
  return chosen.SLACK_API_URL
    ? { installerOptions: { clientOptions: { slackApiUrl: chosen.SLACK_API_URL } } }
    : {};
}
