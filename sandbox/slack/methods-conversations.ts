/** conversations.* of the Web API. https://docs.slack.dev/reference/methods?family=conversations */

import type { Dict } from '../dict.ts';
import type { Args } from './args.ts';
import { channelFor, readableChannel } from './channel-lookup.ts';
import { SlackError } from './errors.ts';
import { messagesOf, shown } from './messages.ts';
import type { Methods } from './methods.ts';
import { APP, directChannel, directId, membersOf, type State, team } from './state.ts';
import type { Channel, SlackMessage } from './types.ts';

export const conversationMethods: Methods = {
  'conversations.history': (args, state) => {
    const channel = readableChannel(state, args.need('channel'));
    const roots = [...messagesOf(state, channel.id).values()].filter(
      (one) => !one.thread_ts || one.thread_ts === one.ts,
    );
    return page(args, within(args, roots).toReversed(), {
      messages: (one) => shown(one, args.flag('include_all_metadata')),
    });
  },

  'conversations.replies': (args, state) => {
    const channel = readableChannel(state, args.need('channel'));
    const ts = args.need('ts');
    const all = messagesOf(state, channel.id);
    const root = all.get(all.get(ts)?.thread_ts ?? ts);
    if (!root) throw new SlackError('thread_not_found');
    const replies = [...all.values()].filter((one) => one.thread_ts === root.ts && one.ts !== root.ts);
    return page(args, [root, ...within(args, replies)], {
      messages: (one) => shown(one, args.flag('include_all_metadata')),
    });
  },

  'conversations.info': (args, state) => {
    const channel = channelFor(state, args.need('channel'));
    return { channel: describe(state, channel) };
  },

  'conversations.members': (args, state) => {
    const channel = readableChannel(state, args.need('channel'));
    return page(args, membersOf(state, channel), { members: (id) => id });
  },

  'conversations.open': (args, state) => {
    const asked = args.text('channel');
    if (asked) return { channel: { id: channelFor(state, asked).id } };
    const users = args.need('users').split(',');
    const person = state.people.get(users[0] ?? '');
    if (users.length > 1) throw new SlackError('method_not_supported_for_channel_type');
    if (!person || person.id === APP.user) throw new SlackError('user_not_found');
    if (person.deleted) throw new SlackError('user_disabled');
    const known = state.channels.has(directId(person.id));
    const { id } = directChannel(state, person.id);
    return { no_op: known, already_open: known, channel: { id } };
  },

  'conversations.list': (args, state) => {
    const types = (args.text('types') ?? 'public_channel').split(',');
    const fits = (one: Channel): boolean => types.includes(one.user ? 'im' : 'public_channel');
    const live = (one: Channel): boolean => !(args.flag('exclude_archived') && one.is_archived);
    const listed = [...state.channels.values()].filter((one) => fits(one) && live(one));
    return page(args, listed, { channels: (one) => describe(state, one) });
  },
};

export function describe(state: State, channel: Channel): Dict {
  const { id, name, user, created, is_archived, is_member } = channel;
  if (user)
    return {
      id,
      created,
      is_archived,
      is_im: true,
      is_org_shared: false,
      user,
      is_user_deleted: state.people.get(user)?.deleted ?? false,
    };
  return {
    id,
    name,
    name_normalized: name,
    created,
    creator: APP.user,
    is_channel: true,
    is_group: false,
    is_im: false,
    is_mpim: false,
    is_private: false,
    is_general: false,
    is_shared: false,
    is_org_shared: false,
    is_ext_shared: false,
    is_archived,
    is_member,
    context_team_id: team.id,
    num_members: membersOf(state, channel).length,
  };
}

/** The messages between `oldest` and `latest`, both left out unless `inclusive`. */
function within(args: Args, messages: readonly SlackMessage[]): SlackMessage[] {
  const oldest = moment(args, 'oldest') ?? Number.NEGATIVE_INFINITY;
  const latest = moment(args, 'latest') ?? Number.POSITIVE_INFINITY;
  const inclusive = args.flag('inclusive');
  return messages.filter((message) => {
    const at = micros(message.ts);
    return inclusive ? at >= oldest && at <= latest : at > oldest && at < latest;
  });
}

const micros = (ts: string): number => Math.round(Number(ts) * 1e6);

function moment(args: Args, name: string): number | undefined {
  const ts = args.text(name);
  if (!ts) return undefined;
  if (!/^\d+(\.\d+)?$/.test(ts)) throw new SlackError(`invalid_ts_${name}`);
  return micros(ts);
}

/** One page of a list, with Slack's cursor to the next one. */
export function page<T>(
  args: Args,
  all: readonly T[],
  shape: Readonly<Record<string, (one: T) => unknown>>,
): Dict {
  const limit = Math.min(args.number('limit') || 100, 1000);
  const cursor = args.text('cursor');
  const start = cursor ? Number(Buffer.from(cursor, 'base64').toString().replace('from:', '')) : 0;
  if (!Number.isInteger(start)) throw new SlackError('invalid_cursor');
  const end = start + limit;
  const more = end < all.length;
  const [name = 'items', show = String] = Object.entries(shape)[0] ?? [];
  return {
    [name]: all.slice(start, end).map((one) => show(one)),
    ...(name === 'messages' ? { has_more: more } : {}),
    response_metadata: { next_cursor: more ? Buffer.from(`from:${end}`).toString('base64') : '' },
  };
}
