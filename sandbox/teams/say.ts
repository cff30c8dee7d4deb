import { ControlError } from '../control-error.ts';
import type { Deliveries } from './deliver.ts';
import { addMessage } from './messages.ts';
import { messageActivity } from './payloads.ts';
import { displayName } from './people.ts';
import { actor, placeOf } from './sight.ts';
import { BOT_NAME, type State } from './state.ts';
import type { Reply } from './types.ts';

/** Somebody writes a message. */
export interface Saying {
  readonly user: string;
  /** A channel, a thread (`...;messageid=`), or `personal`. */
  readonly conversation: string;
  /** `@Switchboard` mentions the bot. */
  readonly text: string;
  /** As a slash command: only the bot sees it. */
  readonly targeted?: boolean;
}

export interface SayAnswer extends Reply {
  readonly activityId: string;
  /** Whether the bot heard it: in a channel it hears what mentions it, or is for it alone. */
  readonly told: boolean;
}

const MENTION = `<at>${BOT_NAME}</at>`;

export async function say(state: State, deliveries: Deliveries, how: Saying): Promise<SayAnswer> {
  const person = actor(state, how.user);
  const { conversation, root } = placeOf(state, person, how.conversation);
  const isChannel = conversation.kind === 'channel';
  if (how.targeted && !isChannel) throw new ControlError(400, 'Slash commands show in channels only.');
  const text = how.text.replaceAll(`@${BOT_NAME}`, MENTION);
  const mentions = text.includes(MENTION);

  const message = addMessage(
    state,
    {
      conversation,
      ...(root === undefined ? {} : { root }),
      ...(how.targeted ? { to: person.id } : {}),
    },
    { text, attachments: [], textFormat: 'plain' },
    { id: person.teamsId, name: displayName(person), user: person.id },
  );
  const { activityId } = message;
  if (isChannel && !mentions && !how.targeted) return { status: 0, body: '', activityId, told: false };

  const place = isChannel ? { conversation, root: message.root } : { conversation };
  const activity = messageActivity(state, person, place, activityId, {
    text,
    textFormat: 'plain',
    attachments: [{ contentType: 'text/html', content: asHtml(how.text) }],
    ...(how.targeted ? { recipient: { id: state.botId, name: BOT_NAME, isTargeted: true } } : {}),
  });
  const mention = { type: 'mention', mentioned: { id: state.botId, name: BOT_NAME }, text: MENTION };
  const entities = Array.isArray(activity.entities) ? activity.entities : [];
  const reply = await deliveries.deliver(
    mentions ? { ...activity, entities: [mention, ...entities] } : activity,
  );
  return { ...reply, activityId, told: true };
}

/** Teams sends the text a second time, as HTML. */
function asHtml(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<div><p>${escaped.replaceAll(`@${BOT_NAME}`, MENTION)}</p></div>`;
}
