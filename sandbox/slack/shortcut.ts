import { ControlError } from '../control-error.ts';
import type { Deliveries } from './deliver.ts';
import { messagesOf, shown } from './messages.ts';
import { channelPart, envelopeOf } from './payloads.ts';
import { actor } from './persons.ts';
import { newResponseUrl, newTrigger, type State } from './state.ts';
import type { Reply } from './types.ts';

/** Somebody uses a shortcut of the application's in the menu of a message. */
export interface Shortcut {
  readonly user: string;
  readonly channel: string;
  readonly ts: string;
  readonly callback_id: string;
}

export interface ShortcutAnswer extends Reply {
  readonly trigger_id: string;
}

/** https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload */
export async function shortcut(state: State, deliveries: Deliveries, how: Shortcut): Promise<ShortcutAnswer> {
  const who = actor(state, how.user);
  const channel = state.channels.get(how.channel);
  if (!channel) throw new ControlError(404, `There is no channel ${how.channel}.`);
  const message = messagesOf(state, channel.id).get(how.ts);
  if (!message) throw new ControlError(404, `There is no message ${how.ts} in ${channel.id}.`);
  const trigger_id = newTrigger(state, how.user);
  const reply = await deliveries.deliver('interactive', {
    ...envelopeOf('message_action', who),
    action_ts: state.nextTs(),
    callback_id: how.callback_id,
    trigger_id,
    response_url: newResponseUrl(state, {
      channel: channel.id,
      user: who.id,
      source: { kind: 'message', ts: message.ts },
    }),
    message_ts: message.ts,
    channel: channelPart(channel),
    message: shown(message, true),
  });
  return { ...reply, trigger_id };
}
