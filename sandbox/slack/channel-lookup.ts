import { SlackError } from './errors.ts';
import { APP, directChannel, type State } from './state.ts';
import type { Channel } from './types.ts';

/** The channel with this id; throws `channel_not_found`. */
export function channelFor(state: State, id: string): Channel {
  const channel = state.channels.get(id);
  if (!channel) throw new SlackError('channel_not_found');
  return channel;
}

/** A channel the bot may write to. Where Slack allows it, a user's id opens the direct message with them. */
export function writableChannel(state: State, id: string, options: { openDirect?: boolean } = {}): Channel {
  const person = options.openDirect ? state.people.get(id) : undefined;
  if (person?.deleted || id === APP.user) throw new SlackError('channel_not_found');
  const channel = person ? directChannel(state, person.id) : channelFor(state, id);
  if (channel.is_archived) throw new SlackError('is_archived');
  if (!channel.is_member) throw new SlackError('not_in_channel');
  return channel;
}

export function readableChannel(state: State, id: string): Channel {
  const channel = channelFor(state, id);
  if (!channel.is_member) throw new SlackError('not_in_channel');
  return channel;
}
