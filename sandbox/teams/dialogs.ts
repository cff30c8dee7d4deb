import { randomUUID } from 'node:crypto';
import { ControlError } from '../control-error.ts';
import { asDict, type Dict } from '../dict.ts';
import { actionsOf, findAction } from './card-tree.ts';
import type { Deliveries } from './deliver.ts';
import { fillIn } from './inputs.ts';
import { invokeActivity, type Place } from './payloads.ts';
import { offeredTo } from './search.ts';
import { type DialogAnswer, readDialogAnswer } from './shown.ts';
import { actor, placeOf } from './sight.ts';
import type { ChosenAction, State } from './state.ts';
import type { Reply, TeamsPerson } from './types.ts';

export interface DialogReply extends Reply {
  readonly shown: DialogAnswer;
}

/** Somebody submits the dialog that they have open. */
export interface DialogSubmission {
  readonly user: string;
  /** Which button, by id, title or verb; the first one unless told. */
  readonly verb?: string;
  /** What was filled in, by input id. */
  readonly data?: Dict;
}

/** Asks the application for the dialog of an Action.Submit, and opens it. */
export async function fetchDialog(
  state: State,
  deliveries: Deliveries,
  person: TeamsPerson,
  place: Place,
  data: Dict,
  replyToId: string,
): Promise<DialogReply> {
  const value = { data, context: { theme: 'default' } };
  const reply = await deliveries.deliver(
    invokeActivity(state, person, place, 'task/fetch', value, replyToId),
  );
  return settle(state, person, place, reply);
}

export async function submitDialog(
  state: State,
  deliveries: Deliveries,
  how: DialogSubmission,
): Promise<DialogReply> {
  const person = actor(state, how.user);
  const open = state.dialogs.get(person.id);
  if (!open) throw new ControlError(404, `${person.id} has no dialog open.`);
  const target = how.verb === undefined ? actionsOf(open.card)[0] : findAction(open.card, how.verb);
  if (!target) throw new ControlError(404, `The dialog has no ${how.verb ?? 'button'}.`);
  if (target.action.type !== 'Action.Submit')
    throw new ControlError(400, `A dialog knows Action.Submit, and not ${String(target.action.type)}.`);
  const data = {
    ...asDict(target.action.data),
    ...fillIn(target.inputs, how.data ?? {}, offeredTo(state, person)),
  };
  const place = placeOf(state, person, open.conversation);
  const { action } = open;
  const context = { theme: 'default' };
  const submission = action
    ? invokeActivity(
        state,
        person,
        place,
        'composeExtension/submitAction',
        { ...actionValue(action), data, context },
        undefined,
      )
    : invokeActivity(state, person, place, 'task/submit', { data, context }, undefined);
  return settle(state, person, place, await deliveries.deliver(submission), action);
}

/** Somebody closes the dialog that they have open. */
export function closeDialog(state: State, user: string): void {
  const person = actor(state, user);
  const open = state.dialogs.get(person.id);
  if (!open) throw new ControlError(404, `${person.id} has no dialog open.`);
  state.dialogs.delete(person.id);
  state.emit({
    what: 'dialog',
    conversation: placeOf(state, person, open.conversation).conversation.id,
    user: person.id,
  });
}

/** What Teams says of a message action, when it is chosen and when its dialog is submitted. */
export function actionValue({ command, messagePayload }: ChosenAction): Dict {
  return { commandId: command, commandContext: 'message', requestId: randomUUID(), messagePayload };
}

/** Opens, replaces or closes the dialog as the application says. */
export function settle(
  state: State,
  person: TeamsPerson,
  place: Place,
  reply: Reply,
  action?: ChosenAction,
): DialogReply {
  const shown = readDialogAnswer(reply);
  const conversation = place.conversation.id;
  if (shown.kind === 'error') return { ...reply, error: shown.message, shown };
  if (shown.kind === 'open')
    state.dialogs.set(person.id, {
      user: person.id,
      conversation: place.root === undefined ? conversation : `${conversation};messageid=${place.root}`,
      title: shown.title,
      card: shown.card,
      ...(action ? { action } : {}),
    });
  else state.dialogs.delete(person.id);
  state.emit({ what: 'dialog', conversation, user: person.id });
  return { ...reply, shown };
}
