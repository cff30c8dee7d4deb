import { ControlError } from '../control-error.ts';
import type { Dict } from '../dict.ts';
import { actionsOf } from './card-tree.ts';
import type { Deliveries } from './deliver.ts';
import { datasetOf, type Offered } from './inputs.ts';
import { cardFor, isThere, messagesIn } from './messages.ts';
import { invokeActivity, type Place } from './payloads.ts';
import { type Choice, readSearchAnswer } from './shown.ts';
import { actor, placeOf } from './sight.ts';
import type { State, StoredMessage } from './state.ts';
import type { Conversation, Reply, TeamsPerson } from './types.ts';

/** Somebody types in an input whose choices the application gives. */
export interface Search {
  readonly user: string;
  readonly conversation: string;
  readonly dataset: string;
  readonly text: string;
  /** The message with the card; the newest one that has such an input, unless told. */
  readonly activityId?: string;
}

export interface SearchAnswer extends Reply {
  readonly results: readonly Choice[];
}

const MOST_RESULTS = 15;

export async function search(state: State, deliveries: Deliveries, how: Search): Promise<SearchAnswer> {
  const person = actor(state, how.user);
  const { conversation } = placeOf(state, person, how.conversation);
  const place = searchPlace(state, person, conversation, how);
  const value = {
    kind: 'search',
    queryText: how.text,
    queryOptions: { skip: 0, top: MOST_RESULTS },
    dataset: how.dataset,
  };
  const reply = await deliveries.deliver(
    invokeActivity(state, person, place, 'application/search', value, place.activityId),
  );
  const results = readSearchAnswer(reply);
  if (typeof results === 'string') return { ...reply, error: results, results: [] };
  const offered = offeredTo(state, person)(how.dataset);
  state.offered.set(
    keyOf(person, how.dataset),
    new Set([...offered, ...results.map((choice) => choice.value)]),
  );
  return { ...reply, results };
}

/** What a person was offered so far, and may pick. */
export function offeredTo(state: State, person: TeamsPerson): Offered {
  return (dataset) => state.offered.get(keyOf(person, dataset)) ?? new Set();
}

const keyOf = (person: TeamsPerson, dataset: string): string => `${person.id} ${dataset}`;

/** Where the person types: in a dialog that is open, or in a card of the conversation. */
function searchPlace(
  state: State,
  person: TeamsPerson,
  conversation: Conversation,
  how: Search,
): Place & { readonly activityId?: string } {
  const dialog = state.dialogs.get(person.id);
  if (how.activityId === undefined && dialog && asksFor(dialog.card, how.dataset)) return { conversation };
  const asking = (one: StoredMessage): boolean => {
    const card = cardFor(one, person.id);
    const isMine = one.message.to === undefined || one.message.to === person.id;
    return isMine && isThere(state, one) && card !== undefined && asksFor(card, how.dataset);
  };
  const found = [...messagesIn(state, conversation.id).values()]
    .filter(({ message }) => how.activityId === undefined || message.activityId === how.activityId)
    .findLast(asking);
  if (!found)
    throw new ControlError(404, `No card that ${person.id} sees there asks for choices of ${how.dataset}.`);
  const { root, activityId } = found.message;
  return { conversation, root, activityId };
}

function asksFor(card: Dict, dataset: string): boolean {
  return actionsOf(card).some(({ inputs }) => inputs.some((input) => datasetOf(input) === dataset));
}
