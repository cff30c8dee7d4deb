import { type Dict, isDict } from '../dict.ts';
import { CARD_TYPE } from './card-check.ts';
import type { Content } from './content.ts';
import { BOT_NAME, type State, type StoredMessage } from './state.ts';
import type { Conversation, TeamsMessage } from './types.ts';

const TARGETED_LIFE_MS = 24 * 60 * 60 * 1000;
const PAST_KEPT = 20;

export interface Placement {
  readonly conversation: Conversation;
  readonly root?: string;
  /** The person who alone sees it. */
  readonly to?: string;
}

/** Writes a message of the bot, or of the person `from`. */
export function addMessage(
  state: State,
  { conversation, root, to }: Placement,
  content: Content,
  from: TeamsMessage['from'] = { id: state.botId, name: BOT_NAME },
): TeamsMessage {
  const activityId = state.nextId();
  const message: TeamsMessage = {
    conversation: conversation.id,
    activityId,
    root: root ?? activityId,
    from,
    at: state.isoNow(),
    ...(to === undefined ? {} : { to }),
    ...content,
  };
  state.posted.set(activityId, message);
  store(state, { message, past: [], views: new Map(), deleted: false });
  return message;
}

/** Replaces what a message says. What single persons were shown in its place is gone with that. */
export function replaceContent(state: State, before: StoredMessage, content: Content): TeamsMessage {
  const { conversation, activityId, root, from, to, at } = before.message;
  const identity = { conversation, activityId, root, from, at, ...(to === undefined ? {} : { to }) };
  const message: TeamsMessage = { ...identity, edited: state.isoNow(), ...content };
  const first = state.posted.get(activityId);
  if (first?.attachments.length === 0)
    state.posted.set(activityId, { ...first, attachments: content.attachments });
  store(state, { message, past: pastOf(before), views: new Map(), deleted: false });
  return message;
}

export function deleteMessage(state: State, before: StoredMessage): void {
  store(state, { ...before, past: pastOf(before), views: new Map(), deleted: true });
}

/** Shows one person a card in place of the one in the message. */
export function setView(state: State, { message, views }: StoredMessage, user: string, card: Dict): void {
  views.set(user, card);
  const { conversation, activityId } = message;
  state.emit({ what: 'view', conversation, activityId, user });
}

export function messagesIn(state: State, conversation: string): Map<string, StoredMessage> {
  const known = state.messages.get(conversation);
  if (known) return known;
  const none = new Map<string, StoredMessage>();
  state.messages.set(conversation, none);
  return none;
}

/** What has not been deleted, and not gone by itself after a day. */
export function isThere(state: State, { message, deleted }: StoredMessage): boolean {
  if (deleted) return false;
  return message.to === undefined || state.clock() - Date.parse(message.at) < TARGETED_LIFE_MS;
}

/** Everybody's messages as `user` sees them, or as they are when nobody looks; oldest first. */
export function listMessages(state: State, conversation: string | undefined, user?: string): TeamsMessage[] {
  return stored(state, conversation)
    .filter(({ message }) => message.to === undefined)
    .map((one) => seenBy(one, user));
}

/** The targeted messages of one person, or of all; oldest first. */
export function listTargeted(state: State, user: string | undefined): TeamsMessage[] {
  return stored(state, undefined)
    .filter(({ message }) => message.to !== undefined && (user === undefined || message.to === user))
    .map((one) => seenBy(one, one.message.to));
}

/** The card that a person sees in a message. */
export function cardFor({ message, views }: StoredMessage, user: string): Dict | undefined {
  return views.get(user) ?? cardIn(message.attachments);
}

export function cardIn(attachments: readonly Dict[]): Dict | undefined {
  const content = attachments.find(({ contentType }) => contentType === CARD_TYPE)?.content;
  return isDict(content) ? content : undefined;
}

function stored(state: State, conversation: string | undefined): StoredMessage[] {
  const places =
    conversation === undefined ? [...state.messages.values()] : [messagesIn(state, conversation)];
  return places
    .flatMap((place) => [...place.values()])
    .filter((one) => isThere(state, one))
    .sort((a, b) => Number(a.message.activityId) - Number(b.message.activityId));
}

function seenBy({ message, views }: StoredMessage, user: string | undefined): TeamsMessage {
  const card = user === undefined ? undefined : views.get(user);
  if (!card) return message;
  return { ...message, attachments: [{ contentType: CARD_TYPE, content: card }] };
}

function pastOf({ message, past, views }: StoredMessage): Dict[] {
  const card = cardIn(message.attachments);
  return [...past, ...(card ? [card] : []), ...views.values()].slice(-PAST_KEPT);
}

function store(state: State, one: StoredMessage): void {
  const { conversation, activityId, to } = one.message;
  messagesIn(state, conversation).set(activityId, one);
  if (to === undefined) state.emit({ what: 'message', conversation, activityId });
  else state.emit({ what: 'targeted', conversation, activityId, user: to });
}
