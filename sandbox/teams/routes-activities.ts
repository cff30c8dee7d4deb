/** Posting, updating and deleting. https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference */
import { asDict, asText, type Dict } from '../dict.ts';
import { readContent, split } from './content.ts';
import { badArgument, notInRoster } from './errors.ts';
import type { Answer } from './faulty-answer.ts';
import { conversationFor, ownMessage } from './lookup.ts';
import { addMessage, deleteMessage, type Placement, replaceContent } from './messages.ts';
import { type Call, nameAt, type Route } from './routes.ts';
import { membersOf, personBy, type State } from './state.ts';

export const activityRoutes: readonly Route[] = [
  { method: 'POST', path: 'conversations/*/activities', operation: 'post', run: post },
  // A proactive turn has no activity to reply to, and botbuilder makes an id up: any will do.
  { method: 'POST', path: 'conversations/*/activities/*', operation: 'post', run: post },
  { method: 'PUT', path: 'conversations/*/activities/*', operation: 'update', run: update },
  { method: 'DELETE', path: 'conversations/*/activities/*', operation: 'delete', run: remove },
];

/** Writes what an activity says, if it says something; gives the id of the message, as Teams does. */
export function postActivity(state: State, placement: Placement, activity: Dict): string | undefined {
  if (activity.type === 'typing') return state.nextId();
  if (activity.type !== 'message')
    throw badArgument(`Activities of type ${String(activity.type)} are not sent.`);
  const pieces = split(readContent(activity));
  const written = pieces.map((content) => addMessage(state, placement, content));
  return written.length === 1 ? written[0]?.activityId : undefined;
}

function post(call: Call): Answer {
  const { state } = call;
  const { conversation, root } = conversationFor(state, nameAt(call, 0));
  const activity = call.json();
  const to = targetOf(call, activity, { conversation });
  state.rates.count('send', conversation.id);
  const placement = {
    conversation,
    ...(root === undefined ? {} : { root }),
    ...(to === undefined ? {} : { to }),
  };
  const id = postActivity(state, placement, activity);
  return { status: 201, body: id === undefined ? {} : { id } };
}

function update(call: Call): Answer {
  const { state } = call;
  const { conversation } = conversationFor(state, nameAt(call, 0));
  const before = ownMessage(state, conversation, nameAt(call, 1), isTargeted(call));
  const activity = call.json();
  if (isTargeted(call) && activity.recipient !== undefined)
    throw badArgument('An update of a targeted message names no recipient.');
  if (activity.type !== 'message') throw badArgument('Only a message can replace a message.');
  const { activityId } = replaceContent(state, before, readContent(activity));
  return { status: 200, body: { id: activityId } };
}

function remove(call: Call): Answer {
  const { state } = call;
  const { conversation } = conversationFor(state, nameAt(call, 0));
  deleteMessage(state, ownMessage(state, conversation, nameAt(call, 1), isTargeted(call)));
  return { status: 200, body: {} };
}

const isTargeted = ({ query }: Call): boolean => query.get('isTargetedActivity') === 'true';

/** The person whom a targeted message is for. */
function targetOf(call: Call, activity: Dict, { conversation }: Placement): string | undefined {
  const { id, isTargeted: marked } = asDict(activity.recipient);
  if (!isTargeted(call) && marked !== true) return undefined;
  if (!isTargeted(call)) throw badArgument('recipient.isTargeted needs ?isTargetedActivity=true.');
  if (marked !== true) throw badArgument('A targeted message needs recipient.isTargeted.');
  if (conversation.kind === 'personal')
    throw badArgument('There are no targeted messages in a personal chat.');
  const person = personBy(call.state, asText(id) ?? '');
  if (!person || !membersOf(call.state, conversation).includes(person)) throw notInRoster();
  return person.id;
}
