import { activityNotFound, conversationNotFound, notInRoster } from './errors.ts';
import { isThere, messagesIn } from './messages.ts';
import { installationOf, type State, type StoredMessage, splitId } from './state.ts';
import type { Conversation } from './types.ts';

/** The conversation that the bot names, and the thread in it; throws what the connector would say. */
export function conversationFor(
  state: State,
  id: string,
): { readonly conversation: Conversation; readonly root?: string } {
  const { base, root } = splitId(id);
  const conversation = state.conversations.get(base);
  if (!conversation || (root !== undefined && conversation.kind === 'personal')) throw conversationNotFound();
  if (state.left.has(installationOf(conversation))) throw notInRoster();
  return root === undefined ? { conversation } : { conversation, root };
}

/** A message of the bot: everybody's, or a targeted one. Neither is found as the other. */
export function ownMessage(
  state: State,
  conversation: Conversation,
  activityId: string,
  targeted: boolean,
): StoredMessage {
  const found = messagesIn(state, conversation.id).get(activityId);
  const isIt = found && isThere(state, found) && found.message.from.id === state.botId;
  if (!isIt || (found.message.to !== undefined) !== targeted) throw activityNotFound();
  return found;
}
