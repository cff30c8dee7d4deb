import { ControlError } from '../control-error.ts';
import type { Dict } from '../dict.ts';
import { CARD_TYPE } from './card-check.ts';
import type { Deliveries } from './deliver.ts';
import { actionValue, type DialogReply, settle } from './dialogs.ts';
import { invokeActivity, type Place } from './payloads.ts';
import { MESSAGE_ACTIONS } from './settings.ts';
import { actor, messageFor, placeOf } from './sight.ts';
import { BOT_NAME, personBy, type State } from './state.ts';
import type { TeamsMessage } from './types.ts';

/** Somebody chooses an entry of the app in the menu of a message. */
export interface MessageActionChoice {
  readonly user: string;
  readonly conversation: string;
  readonly activityId: string;
  /** The id of the command; the only one unless told. */
  readonly command?: string;
}

/** Asks the application for the dialog of a message action, and opens it. */
export async function chooseMessageAction(
  state: State,
  deliveries: Deliveries,
  how: MessageActionChoice,
): Promise<DialogReply> {
  const person = actor(state, how.user);
  const { conversation } = placeOf(state, person, how.conversation);
  const { message } = messageFor(state, person, conversation, how.activityId);
  const command = how.command ?? MESSAGE_ACTIONS[0]?.id ?? '';
  if (!MESSAGE_ACTIONS.some(({ id }) => id === command))
    throw new ControlError(404, `The app has no message action ${command}.`);
  const action = { command, messagePayload: payloadOf(state, message) };
  const place: Place = { conversation, root: message.root };
  const value = { ...actionValue(action), context: { theme: 'default' } };
  const reply = await deliveries.deliver(
    invokeActivity(state, person, place, 'composeExtension/fetchTask', value, undefined),
  );
  return settle(state, person, place, reply, action);
}

/** A message as message actions are told of it. https://learn.microsoft.com/microsoftteams/platform/messaging-extensions/how-to/action-commands/define-action-command */
function payloadOf(state: State, message: TeamsMessage): Dict {
  const { activityId: id, root, conversation, at, edited, summary, from, attachments } = message;
  const mentions = message.text.includes(MENTION)
    ? [
        {
          id: 0,
          mentionText: BOT_NAME,
          mentioned: { application: { id: state.botId, displayName: BOT_NAME } },
        },
      ]
    : [];
  return {
    linkToMessage: `https://teams.microsoft.com/l/message/${encodeURIComponent(conversation)}/${id}`,
    id,
    replyToId: root === id ? null : root,
    createdDateTime: at,
    lastModifiedDateTime: edited ?? null,
    deleted: false,
    subject: null,
    summary: summary ?? null,
    importance: 'normal',
    locale: 'en-gb',
    body: { contentType: 'html', content: htmlOf(message) },
    from: senderOf(state, from),
    reactions: [],
    mentions,
    attachments: attachments.map(({ content }, i) => ({
      id: attachmentId(id, i),
      contentType: CARD_TYPE,
      content: JSON.stringify(content),
    })),
  };
}

const MENTION = `<at>${BOT_NAME}</at>`;

/** As the client keeps what was typed: paragraphs, numbered mentions, cards as places where they stand. */
function htmlOf({ text, activityId, attachments }: TeamsMessage): string {
  const words = text
    .split(MENTION)
    .map(escapeHtml)
    .join(`<at id="0">${BOT_NAME}</at>`)
    .replaceAll('\n', '<br>');
  const cards = attachments.map((_, i) => `<attachment id="${attachmentId(activityId, i)}"></attachment>`);
  return `<div><div>${words}</div>\n${cards.join('')}</div>`;
}

const attachmentId = (activityId: string, index: number): string => `${activityId}-${index}`;

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\u00a0', '&nbsp;');
}

function senderOf(state: State, from: TeamsMessage['from']): Dict {
  const nobody = { device: null, conversation: null, user: null, application: null };
  const person = from.user === undefined ? undefined : personBy(state, from.user);
  if (!person)
    return {
      ...nobody,
      application: { applicationIdentityType: 'bot', id: state.appId, displayName: BOT_NAME },
    };
  return {
    ...nobody,
    user: { userIdentityType: 'aadUser', id: person.aadObjectId, displayName: from.name },
  };
}
