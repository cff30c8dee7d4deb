import { type ChatPlatform, definePlatform, type Log, type Memory, NotLetIn } from '../../src/index.ts';
import type { FormOf } from './adaptive-card.ts';
import { createApi } from './api.ts';
import { createAuthentication } from './auth.ts';
import { createConnector } from './connector.ts';
import { createConversations } from './conversations.ts';
import { LoginError, toChatError } from './errors.ts';
import { isLoopback, isServiceHost } from './hosts.ts';
import { createListener, type Listener } from './listen.ts';
import { createMessages } from './messages-route.ts';
import { pace } from './pace.ts';
import { type Settings, settings } from './settings.ts';
import { tell } from './tell.ts';

export const teams = definePlatform({ name: 'teams', settings, create: createTeams });

function createTeams(chosen: Settings, log: Log, memory: Memory): ChatPlatform {
  const { door, token: login } = createAuthentication(chosen);
  const token = () =>
    login().catch((cause: unknown) => {
      throw new LoginError(cause);
    });
  const isTestDouble = chosen.TEAMS_LOGIN_URL !== undefined || chosen.TEAMS_AUTH === 'none';
  const connector = createConnector(token, isTestDouble ? (url) => isLoopback(url.hostname) : isServiceHost);
  const conversations = createConversations(memory);
  const [tenant = ''] = chosen.TEAMS_TENANT_IDS;
  const api = createApi({
    connector,
    conversations,
    appId: chosen.TEAMS_APP_ID,
    home: { serviceUrl: chosen.TEAMS_SERVICE_URL, tenant },
    log,
  });
  let listener: Listener | undefined;
  let formOf: FormOf = () => undefined;
  const messages = createMessages(door, () => listener, log);

  return {
    name: 'teams',

    start: async (desk) => {
      // Asked once at the start, so that wrong credentials are found before the first Task waits.
      await introduce(token);
      formOf = (verb, taskId) => desk.form(verb, taskId);
      listener = createListener({
        desk,
        conversations,
        memory,
        log,
        later: messages.later,
        now: Date.now,
        tell: (ear, note) => tell(connector, api, ear, note, log),
        objectIdOf: (by, ear, teamsId) => api.objectIdOf(ear, by.tenant, teamsId).catch(() => undefined),
      });
    },

    stop: () => messages.idle(),

    // Whether a channel takes cards cannot be asked: Teams tells when something is posted.
    inspect: async (surface) => {
      await introduce(token);
      return surface === undefined;
    },

    pace,
    post: (surface, card, key) => api.post(surface, card, key, formOf),
    update: (ref, card) => api.update(ref, card, formOf),
    find: (_surface, key) => api.find(key),
    profile: (user) => api.profile(user),
    direct: (userId) => ({ platform: 'teams', kind: 'person', id: userId }),
    routes: () => [messages.route],
  };
}

/** Asks for a token. Throws with a sentence where the credentials are not right. */
async function introduce(token: () => Promise<unknown>): Promise<void> {
  try {
    await token();
  } catch (cause) {
    throw new NotLetIn(
      'Microsoft did not let us in. Are TEAMS_APP_ID, TEAMS_APP_PASSWORD and TEAMS_TENANT_IDS right?',
      toChatError(cause, 'introducing ourselves', false),
    );
  }
}
