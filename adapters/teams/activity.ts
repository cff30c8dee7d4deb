import type { Activity } from 'botbuilder';
import type { ChatUser } from '../../src/index.ts';
import type { Ear } from './tell.ts';

/* What an activity says of who, where and what kind. Its types are promises of Teams'; nothing here trusts them. */

/** Names an activity for good. Ids are of their conversation only: in a chat they are milliseconds. */
export function keyOf({ conversation, from, id }: Activity): string | undefined {
  return textOf(id) ? JSON.stringify([conversation?.id, from?.id, id]) : undefined;
}

/** A person is a tenant and an Entra object id; names and addresses can change. */
export function userOf({ conversation, channelData, from }: Activity): ChatUser | undefined {
  const tenant = textOf(conversation?.tenantId) ?? textOf(channelData?.tenant?.id);
  const id = textOf(from?.aadObjectId);
  return tenant && id ? { platform: 'teams', tenant, id } : undefined;
}

/** Where whoever caused the activity can be told something in private. */
export function earOf(activity: Activity, by: ChatUser): Ear {
  const { conversation, from, serviceUrl } = activity;
  return {
    aadObjectId: by.id,
    teamsId: textOf(from?.id) ?? '',
    serviceUrl,
    conversation: textOf(conversation?.id) ?? '',
    // The personal chat of a message action may be that of two people.
    isPersonal: conversation?.conversationType === 'personal' && !isMessageAction(activity),
  };
}

/** A message action may come from a place that we are not in. */
export function isMessageAction({ name }: Activity): boolean {
  return textOf(name)?.startsWith('composeExtension/') ?? false;
}

/** That the app came to somebody's own chat, or left it. */
export interface Change {
  readonly kind: 'came' | 'left';
  readonly chat: string;
}

/** Whether the app came to somebody's own chat, or left it; Teams says the first in two ways. */
export function changeOf({
  type,
  action,
  conversation,
  recipient,
  membersAdded,
}: Activity): Change | undefined {
  const chat = textOf(conversation?.id);
  if (conversation?.conversationType !== 'personal' || chat === undefined) return undefined;
  if (type === 'installationUpdate' && action === 'add') return { kind: 'came', chat };
  if (type === 'installationUpdate' && action === 'remove') return { kind: 'left', chat };
  const us = textOf(recipient?.id);
  const added = type === 'conversationUpdate' && us && Array.isArray(membersAdded) ? membersAdded : [];
  return added.some((one) => one?.id === us) ? { kind: 'came', chat } : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
