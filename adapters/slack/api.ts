import type { webApi } from '@slack/bolt';
import {
  type Card,
  ChatError,
  type ChatProfile,
  type Listing,
  type MessageRef,
  type PostKey,
  type Surface,
} from '../../src/index.ts';
import { type SlackMessage, toBlocks } from './blocks.ts';
import { toChatError } from './errors.ts';
import { assertMessage, assertView } from './limits.ts';
import { toHome } from './listing.ts';
import { withMention } from './mention.ts';
import { EVENT_TYPE, toPayload } from './metadata.ts';

type WebClient = webApi.WebClient;

/** Slack may show a post in the history a little later than it was made, and clocks differ. */
const CLOCK_SKEW_MS = 60_000;
const HISTORY_PAGE = 100;
const HISTORY_PAGES = 10;

/** The client's own retries repeat posts whose answer was lost; the core's do not. */
export const CLIENT_OPTIONS = {
  retryConfig: { retries: 0 },
  rejectRateLimitedCalls: true,
  timeout: 8_000,
} as const;

/** What the adapter sends to Slack, with every error mapped. */
export function createApi(client: WebClient) {
  async function call<T>(doing: string, isPost: boolean, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw toChatError(error, doing, isPost);
    }
  }

  async function channelOf(surface: Surface): Promise<string> {
    if (surface.kind === 'channel') return surface.id;
    const opened = await call('opening direct messages', false, () =>
      client.conversations.open({ users: surface.id }),
    );
    const id = opened.channel?.id;
    if (id === undefined) throw new ChatError('invalid', 'opening direct messages');
    return id;
  }

  return {
    post: async (surface: Surface, card: Card, key: PostKey): Promise<MessageRef> => {
      const message = toPost(surface, card, key);
      assertMessage(message);
      const channel = await channelOf(surface);
      const posted = await call('posting a card', true, () =>
        client.chat.postMessage({
          channel,
          ...message,
          unfurl_links: false,
          unfurl_media: false,
          metadata: { event_type: EVENT_TYPE, event_payload: toPayload(key) },
        }),
      );
      if (!posted.channel || !posted.ts) throw new ChatError('in-doubt', 'posting a card');
      return toRef(posted.channel, posted.ts);
    },

    update: async (ref: MessageRef, card: Card, version: string): Promise<void> => {
      const message = toBlocks(card, version);
      assertMessage(message);
      const { channel, ts } = fromRef(ref);
      await call('redrawing a card', false, () => client.chat.update({ channel, ts, ...message }));
    },

    find: async (surface: Surface, key: PostKey, since: Date): Promise<MessageRef | undefined> => {
      const channel = await channelOf(surface);
      const oldest = ((since.getTime() - CLOCK_SKEW_MS) / 1000).toFixed(6);
      let cursor: string | undefined;
      for (let page = 0; page < HISTORY_PAGES; page++) {
        const history = await call('looking for a card', false, () =>
          client.conversations.history({
            channel,
            oldest,
            include_all_metadata: true,
            limit: HISTORY_PAGE,
            ...(cursor && { cursor }),
          }),
        );
        const found = history.messages?.find((message) => isOurs(message.metadata, key));
        if (found?.ts) return toRef(channel, found.ts);
        cursor = history.response_metadata?.next_cursor;
        if (!cursor) return undefined;
      }
      return undefined;
    },

    publishHome: async (userId: string, home: Listing, version: string): Promise<void> => {
      const view = toHome(home, version);
      assertView(view);
      await call('drawing a Home', false, () => client.views.publish({ user_id: userId, view }));
    },

    profile: async (userId: string): Promise<ChatProfile> => {
      const { user } = await call('reading a profile', false, () => client.users.info({ user: userId }));
      const outsider = Boolean(
        user?.deleted ||
          user?.is_bot ||
          user?.is_restricted ||
          user?.is_ultra_restricted ||
          user?.is_stranger,
      );
      return { email: user?.profile?.email, outsider };
    },
  };
}

export type Api = ReturnType<typeof createApi>;

/** Nobody is called in direct messages: whoever is written to there is told by that. */
function toPost(surface: Surface, card: Card, key: PostKey): SlackMessage {
  const message = toBlocks(card, key.card);
  const { mention } = card;
  return mention && surface.kind === 'channel' ? withMention(message, mention, key.card) : message;
}

function isOurs(
  metadata: { event_type?: string; event_payload?: object } | undefined,
  key: PostKey,
): boolean {
  if (metadata?.event_type !== EVENT_TYPE) return false;
  return (metadata.event_payload as Partial<PostKey> | undefined)?.card === key.card;
}

function toRef(channel: string, ts: string): MessageRef {
  return `${channel}/${ts}`;
}

function fromRef(ref: MessageRef): { channel: string; ts: string } {
  const [channel = '', ts = ''] = ref.split('/');
  return { channel, ts };
}
