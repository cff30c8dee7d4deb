import { ControlError } from '../control-error.ts';
import { asDict, asText, type Dict } from '../dict.ts';
import { findAction, findFallback, type PlacedAction } from './card-tree.ts';
import type { Deliveries } from './deliver.ts';
import { fetchDialog } from './dialogs.ts';
import { fillIn } from './inputs.ts';
import { cardFor, setView } from './messages.ts';
import { invokeActivity, messageActivity, type Place } from './payloads.ts';
import { offeredTo } from './search.ts';
import { type DialogAnswer, readActionAnswer, type Shown } from './shown.ts';
import { actor, messageFor, placeOf } from './sight.ts';
import type { State, StoredMessage } from './state.ts';
import type { Reply, TeamsPerson } from './types.ts';

/** Somebody presses a button of a card. */
export interface Press {
  readonly user: string;
  readonly conversation: string;
  readonly activityId: string;
  /** Of the Action.Execute; of an Action.Submit its id, its title, or the `verb` in its data. */
  readonly verb: string;
  /** What was filled in, by input id. */
  readonly data?: Dict;
  /** Which of several buttons with this verb: what its own data must hold, `{task: '...'}`. */
  readonly own?: Dict;
  /** As a client that does not know Action.Execute, which shows the Action.Submit it falls back to. */
  readonly fallback?: boolean;
  /** As a client that has not heard of the change: the action may be gone, `data` is sent unchecked. */
  readonly stale?: boolean;
}

export interface PressAnswer extends Reply {
  /** After an Action.Execute, or where a dialog was asked for. */
  readonly shown?: Shown | DialogAnswer;
}

export async function press(state: State, deliveries: Deliveries, how: Press): Promise<PressAnswer> {
  const person = actor(state, how.user);
  const { conversation } = placeOf(state, person, how.conversation);
  const source = messageFor(state, person, conversation, how.activityId, how.stale);
  const { action, inputs } = targetOf(source, person, how);
  const place: Place = { conversation, root: source.message.root };
  const data = how.stale
    ? { ...asDict(action.data), ...how.data }
    : { ...asDict(action.data), ...fillIn(inputs, how.data ?? {}, offeredTo(state, person)) };

  if (action.type === 'Action.Execute')
    return execute(state, deliveries, person, place, source, action, data);
  if (asDict(asDict(action.data).msteams).type === 'task/fetch')
    return fetchDialog(state, deliveries, person, place, data, how.activityId);
  return deliveries.deliver(
    messageActivity(state, person, place, state.nextId(), { value: data, replyToId: how.activityId }),
  );
}

/** What a client does by itself with a card that has a `refresh`, for the people whom it lists. */
export async function refresh(
  state: State,
  deliveries: Deliveries,
  how: Pick<Press, 'user' | 'conversation' | 'activityId'>,
): Promise<PressAnswer> {
  const person = actor(state, how.user);
  const { conversation } = placeOf(state, person, how.conversation);
  const source = messageFor(state, person, conversation, how.activityId);
  const { action, userIds } = asDict(cardFor(source, person.id)?.refresh);
  if (!Array.isArray(userIds) || !userIds.includes(person.teamsId))
    throw new ControlError(404, `The card does not refresh itself for ${person.id}.`);
  const place: Place = { conversation, root: source.message.root };
  const { data } = asDict(action);
  return execute(state, deliveries, person, place, source, asDict(action), asDict(data), 'automatic');
}

async function execute(
  state: State,
  deliveries: Deliveries,
  person: TeamsPerson,
  place: Place,
  source: StoredMessage,
  action: Dict,
  data: Dict,
  trigger: 'manual' | 'automatic' = 'manual',
): Promise<PressAnswer> {
  const { verb, title } = action;
  const value = {
    action: { type: 'Action.Execute', title, id: asText(action.id) ?? '', verb, data },
    trigger,
  };
  const { conversation, activityId } = source.message;
  const reply = await deliveries.deliver(
    invokeActivity(state, person, place, 'adaptiveCard/action', value, activityId),
  );
  const shown = readActionAnswer(reply);
  // The message may have changed during the press: its change is newer than the source that was read above.
  const now = state.messages.get(conversation)?.get(activityId);
  if (shown.kind === 'card' && now && !now.deleted) setView(state, now, person.id, shown.card);
  return shown.kind === 'error' ? { ...reply, error: shown.message, shown } : { ...reply, shown };
}

function targetOf(source: StoredMessage, person: TeamsPerson, how: Press): PlacedAction {
  const find = how.fallback ? findFallback : findAction;
  const card = cardFor(source, person.id);
  const current = card && !(how.stale && source.deleted) ? find(card, how.verb, how.own) : undefined;
  const found = current ?? (how.stale ? staleTarget(source, how) : undefined);
  if (!found)
    throw new ControlError(
      404,
      `The card has no ${how.verb}${how.fallback ? ' with an Action.Submit to fall back to' : ''}.`,
    );
  if (found.action.isEnabled === false) throw new ControlError(400, `${how.verb} is disabled.`);
  return found;
}

/** An action of an earlier card in the same message, or one that never was. */
function staleTarget({ past }: StoredMessage, how: Press): PlacedAction {
  const find = how.fallback ? findFallback : findAction;
  const before = past
    .toReversed()
    .map((card) => find(card, how.verb, how.own))
    .find((found) => found !== undefined);
  if (before) return before;
  const action = how.fallback
    ? { type: 'Action.Submit', title: how.verb }
    : { type: 'Action.Execute', title: how.verb, verb: how.verb };
  return { action, inputs: [] };
}
