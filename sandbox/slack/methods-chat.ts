/** chat.* of the Web API. https://docs.slack.dev/reference/methods?family=chat */

import type { Dict } from '../dict.ts';
import { isDict } from '../dict.ts';
import type { Args } from './args.ts';
import { channelFor, writableChannel } from './channel-lookup.ts';
import { SlackError } from './errors.ts';
import {
  botMessage,
  checkedContent,
  checkedMetadata,
  messagesOf,
  putEphemeral,
  putMessage,
  removeMessage,
  shown,
} from './messages.ts';
import type { Methods } from './methods.ts';
import { APP, membersOf, type State, teamUrl } from './state.ts';
import type { SlackMessage } from './types.ts';

export const chatMethods: Methods = {
  'chat.postMessage': (args, state) => {
    const channel = writableChannel(state, args.need('channel'), { openDirect: true });
    const content = contentOf(args);
    const metadata = args.json('metadata', 'invalid_metadata_format');
    const thread = threadOf(args, state, channel.id);
    const message = botMessage(state, channel.id, content, {
      ...thread,
      ...(metadata === undefined ? {} : { metadata: checkedMetadata(metadata) }),
    });
    putMessage(state, message);
    return { channel: channel.id, ts: message.ts, message: shown(message, true) };
  },

  'chat.update': (args, state) => {
    const channel = writableChannel(state, args.need('channel'));
    const before = messagesOf(state, channel.id).get(args.need('ts'));
    if (!before) throw new SlackError('message_not_found');
    if (before.bot_id !== APP.bot) throw new SlackError('cant_update_message');
    const message = updated(args, state, before);
    putMessage(state, message);
    return { channel: channel.id, ts: message.ts, text: message.text, message: shown(message, true) };
  },

  'chat.delete': (args, state) => {
    const channel = writableChannel(state, args.need('channel'));
    const message = messagesOf(state, channel.id).get(args.need('ts'));
    if (!message) throw new SlackError('message_not_found');
    if (message.bot_id !== APP.bot) throw new SlackError('cant_delete_message');
    removeMessage(state, channel.id, message.ts);
    return { channel: channel.id, ts: message.ts };
  },

  'chat.postEphemeral': (args, state) => {
    const channel = writableChannel(state, args.need('channel'));
    const user = args.need('user');
    if (!state.people.has(user)) throw new SlackError('user_not_found');
    if (!membersOf(state, channel).includes(user)) throw new SlackError('user_not_in_channel');
    const content = contentOf(args);
    const ephemeral = putEphemeral(state, {
      channel: channel.id,
      user,
      ...content,
      ...threadOf(args, state, channel.id),
    });
    return { message_ts: ephemeral.ts };
  },

  'chat.getPermalink': (args, state) => {
    const channel = channelFor(state, args.need('channel'));
    const ts = args.need('message_ts');
    if (!messagesOf(state, channel.id).has(ts)) throw new SlackError('message_not_found');
    return { channel: channel.id, permalink: `${teamUrl}archives/${channel.id}/p${ts.replace('.', '')}` };
  },
};

function contentOf(args: Args) {
  if (args.text('attachments') !== undefined || args.json('attachments', 'invalid_attachments') !== undefined)
    throw new SlackError('invalid_arguments', [
      '[ERROR] attachments are not played by this sandbox [json-pointer:/attachments]',
    ]);
  return checkedContent(args.text('text'), args.json('blocks', 'invalid_blocks_format'));
}

function threadOf(args: Args, state: State, channel: string): { thread_ts?: string } {
  const thread_ts = args.text('thread_ts');
  if (thread_ts === undefined) return {};
  if (!messagesOf(state, channel).has(thread_ts)) throw new SlackError('thread_not_found');
  return { thread_ts };
}

/** What is left out of an update stays, except that a text without blocks takes the blocks away. */
function updated(args: Args, state: State, before: SlackMessage): SlackMessage {
  const { blocks: oldBlocks, metadata: oldMetadata, ...rest } = before;
  const blocks = args.json('blocks', 'invalid_blocks_format');
  const given = args.json('metadata', 'invalid_metadata_format');
  const onlyMetadata = args.text('text') === undefined && blocks === undefined && given !== undefined;
  const kept = { text: before.text, ...(oldBlocks ? { blocks: oldBlocks } : {}) };
  const content = onlyMetadata ? kept : contentOf(args);
  return {
    ...rest,
    ...content,
    ...metadataAfter(given, oldMetadata),
    edited: { user: APP.bot, ts: state.nextTs() },
  };
}

function metadataAfter(given: unknown, before: Dict | undefined): { metadata?: Dict } {
  if (given === undefined) return before ? { metadata: before } : {};
  if (isDict(given) && Object.keys(given).length === 0) return {};
  return { metadata: checkedMetadata(given) };
}
