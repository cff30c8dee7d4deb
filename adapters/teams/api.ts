import {
  type Card,
  ChatError,
  type ChatProfile,
  type ChatUser,
  type Log,
  type MessageRef,
  type PostKey,
  type Surface,
} from '../../src/index.ts';
import { type FormOf, toAdaptiveCard } from './adaptive-card.ts';
import { announcement, loudAnnouncement } from './announcement.ts';
import type { Connector } from './connector.ts';
import type { Conversations, Place } from './conversations.ts';
import { toChatError } from './errors.ts';
import type { AdaptiveCard } from './shapes.ts';

export interface ApiParts {
  readonly connector: Connector;
  readonly conversations: Conversations;
  readonly appId: string;
  /** The tenant and the address for whoever we have not met yet. */
  readonly home: Place;
  readonly log: Log;
}

/** What the adapter sends to Teams, with every error mapped. */
export function createApi({ connector, conversations, appId, home, log }: ApiParts) {
  async function call<T>(doing: string, isPost: boolean, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw toChatError(error, doing, isPost);
    }
  }

  /**
   * Makes the message that will become the card. Where the answer is lost, Teams offers no way to find it again, and it
   * stays as it is.
   */
  async function begin(surface: Surface, activity: object): Promise<Ref> {
    if (surface.kind === 'channel') {
      const { serviceUrl, tenant } = (await conversations.place(surface.id)) ?? home;
      const created = await call('posting to a channel', true, () =>
        connector.call<{ id?: string; activityId?: string }>('POST', serviceUrl, 'conversations', {
          isGroup: true,
          bot: { id: `28:${appId}` },
          tenantId: tenant,
          channelData: { channel: { id: surface.id }, tenant: { id: tenant } },
          activity,
        }),
      );
      if (!created.id || !created.activityId) throw new ChatError('in-doubt', 'posting to a channel');
      return { serviceUrl, conversation: created.id, activity: created.activityId };
    }
    const { serviceUrl, conversation } = await openChat(surface.id);
    const sent = await call('posting to a person', true, () =>
      connector.call<{ id?: string }>('POST', serviceUrl, activitiesOf(conversation), activity),
    );
    if (!sent.id) throw new ChatError('in-doubt', 'posting to a person');
    return { serviceUrl, conversation, activity: sent.id };
  }

  /** The same with a call to everybody in the channel, where Teams takes it: a card that calls nobody is better than none. */
  async function beginLoudly(surface: Surface, summary: string): Promise<Ref> {
    try {
      return await begin(surface, loudAnnouncement(summary, surface.id));
    } catch (error) {
      if (!(error instanceof ChatError && error.kind === 'invalid')) throw error;
      log.warn({ err: error, surface: surface.id }, 'Teams did not take the mention of a channel');
      return begin(surface, announcement(summary));
    }
  }

  /** A person's chat with us; asking again gives the same one. */
  async function openChat(aadObjectId: string): Promise<Address> {
    const { serviceUrl, tenant } = (await conversations.seen(aadObjectId)) ?? home;
    const { id } = await call('opening a chat', false, () =>
      connector.call<{ id?: string }>('POST', serviceUrl, 'conversations', {
        isGroup: false,
        bot: { id: `28:${appId}` },
        members: [{ id: aadObjectId }],
        tenantId: tenant,
        channelData: { tenant: { id: tenant } },
      }),
    );
    if (!id) throw new ChatError('invalid', 'opening a chat');
    return { serviceUrl, conversation: id };
  }

  async function draw(ref: Ref, card: AdaptiveCard, summary: string): Promise<void> {
    const path = `${activitiesOf(ref.conversation)}/${encodeURIComponent(ref.activity)}`;
    const activity = { type: 'message', summary, attachments: [attachment(card)] };
    await call('drawing a card', false, () => connector.call('PUT', ref.serviceUrl, path, activity));
  }

  function memberOf({ serviceUrl, conversation }: Address, teamsId: string): Promise<Member> {
    const path = `conversations/${encodeURIComponent(conversation)}/members/${encodeURIComponent(teamsId)}`;
    return call('reading a member', false, () => connector.call<Member>('GET', serviceUrl, path));
  }

  /** Somebody whom we have met nowhere, or only where we are not any more. */
  async function memberInChat(aadObjectId: string): Promise<Member> {
    return memberOf(await openChat(aadObjectId), aadObjectId);
  }

  return {
    openChat,

    /** Who a mentioned person is, and where to find them from now on; undefined where Teams does not say. */
    objectIdOf: async (met: Address, tenant: string, teamsId: string): Promise<string | undefined> => {
      const { aadObjectId, objectId } = await memberOf(met, teamsId);
      const id = aadObjectId ?? objectId;
      if (id) {
        const { serviceUrl, conversation } = met;
        const from = { id: teamsId, aadObjectId: id };
        await conversations.learn({ serviceUrl, conversation: { id: conversation, tenantId: tenant }, from });
      }
      return id;
    },

    post: async (surface: Surface, card: Card, key: PostKey, formOf: FormOf): Promise<MessageRef> => {
      const drawn = toAdaptiveCard(card, formOf);
      const { notification: summary, mention } = card;
      // Nobody is called in a chat: whoever is written to there is told by that.
      const isLoud = mention !== undefined && surface.kind === 'channel';
      const ref = await (isLoud ? beginLoudly(surface, summary) : begin(surface, announcement(summary)));
      const text = JSON.stringify(ref);
      await conversations.remember(key.card, text);
      // A chat with a person is no thread: many cards stand in it.
      if (surface.kind === 'channel' && key.task) await conversations.begins(ref.conversation, key.task);
      // From here on nothing is lost: whoever finds the row in doubt knows the message, and draws it again.
      await draw(ref, drawn, summary).catch((cause: unknown) => {
        throw new ChatError('in-doubt', 'drawing a new card', { cause });
      });
      return text;
    },

    update: async (ref: MessageRef, card: Card, formOf: FormOf): Promise<void> => {
      await draw(readRef(ref), toAdaptiveCard(card, formOf), card.notification);
    },

    find: (key: PostKey): Promise<MessageRef | undefined> => conversations.recall(key.card),

    profile: async (user: ChatUser): Promise<ChatProfile> => {
      const seen = await conversations.seen(user.id);
      const member =
        (seen && (await known(memberOf(seen, seen.teamsId)))) ?? (await known(memberInChat(user.id)));
      if (member === undefined) return { email: undefined, outsider: false };
      return { email: member.email ?? member.userPrincipalName, outsider: isOutsider(member, user) };
    },
  };
}

export type Api = ReturnType<typeof createApi>;

interface Address {
  readonly serviceUrl: string;
  readonly conversation: string;
}

interface Ref extends Address {
  readonly activity: string;
}

interface Member {
  /** The Entra object id; which of the two names it has depends on the connector. */
  readonly aadObjectId?: string;
  readonly objectId?: string;
  readonly email?: string;
  readonly userPrincipalName?: string;
  readonly tenantId?: string;
  readonly userRole?: string;
}

/** Undefined for somebody whom Teams does not show us; what may pass is thrown on. */
function known(member: Promise<Member>): Promise<Member | undefined> {
  return member.catch((error: unknown) => {
    const isFinal = error instanceof ChatError && ['gone', 'forbidden', 'invalid'].includes(error.kind);
    if (isFinal) return undefined;
    throw error;
  });
}

/** Guests carry their home address in the name (`#EXT#`); people of other tenants a tenant that is not ours. */
function isOutsider(member: Member, user: ChatUser): boolean {
  const isGuest =
    member.userRole === 'guest' || (member.userPrincipalName?.toUpperCase().includes('#EXT#') ?? false);
  return (
    isGuest || (member.tenantId !== undefined && member.tenantId.toLowerCase() !== user.tenant.toLowerCase())
  );
}

export function attachment(card: AdaptiveCard) {
  return { contentType: 'application/vnd.microsoft.card.adaptive', content: card };
}

export function activitiesOf(conversation: string): string {
  return `conversations/${encodeURIComponent(conversation)}/activities`;
}

function readRef(ref: MessageRef): Ref {
  return JSON.parse(ref) as Ref;
}
