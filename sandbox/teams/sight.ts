import { ControlError } from '../control-error.ts';
import { isThere, messagesIn } from './messages.ts';
import { personalChat, personBy, type State, type StoredMessage, splitId } from './state.ts';
import type { Conversation, TeamsPerson } from './types.ts';

/** The person who acts. */
export function actor(state: State, key: string): TeamsPerson {
  const person = personBy(state, key);
  if (!person) throw new ControlError(404, `There is no user ${key}.`);
  return person;
}

/** A conversation that this person is in: a channel, or their own chat with the bot, also by the word `personal`. */
export function placeOf(
  state: State,
  person: TeamsPerson,
  id: string,
): { readonly conversation: Conversation; readonly root?: string } {
  const own = personalChat(state, person);
  if (id === 'personal') return { conversation: own };
  const { base, root } = splitId(id);
  const conversation = state.conversations.get(base);
  const isOthers = conversation?.kind === 'personal' && conversation.id !== own.id;
  if (!conversation || isOthers) throw new ControlError(404, `${person.id} has no conversation ${base}.`);
  return root === undefined ? { conversation } : { conversation, root };
}

/** A message that this person can see; with `evenGone`, also one that was deleted since. */
export function messageFor(
  state: State,
  person: TeamsPerson,
  conversation: Conversation,
  activityId: string,
  evenGone = false,
): StoredMessage {
  const found = messagesIn(state, conversation.id).get(activityId);
  const mine = found && (found.message.to === undefined || found.message.to === person.id);
  if (!mine || !(evenGone || isThere(state, found)))
    throw new ControlError(404, `${person.id} sees no message ${activityId} in ${conversation.id}.`);
  return found;
}
