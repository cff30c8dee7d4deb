import { asDicts, asText, type Dict, isDict } from '../dict.ts';
import { asMessages, checkBlocks } from './block-kit.ts';
import { SlackError } from './errors.ts';
import { normaliseBlocks } from './normalise.ts';
import { APP, type State, team } from './state.ts';
import type { SlackEphemeral, SlackMessage } from './types.ts';

/** The content of a message that Slack would take; throws what Slack would say otherwise. */
export interface Content {
  readonly text: string;
  readonly blocks?: readonly Dict[];
}

export function checkedContent(text: string | undefined, blocks: unknown): Content {
  const hasBlocks = Array.isArray(blocks) && blocks.length > 0;
  if (blocks !== undefined && !Array.isArray(blocks)) throw new SlackError('invalid_blocks_format');
  if (!text && !hasBlocks) throw new SlackError('no_text');
  if (text !== undefined && text.length > 40_000) throw new SlackError('msg_too_long');
  if (!hasBlocks) return { text: text ?? '' };
  const problems = checkBlocks(blocks, 'message');
  if (problems.length > 0) throw new SlackError('invalid_blocks', asMessages(problems));
  return { text: text ?? '', blocks: normaliseBlocks(asDicts(blocks)) };
}

// Slack names no size; this is far more than ids need.
const METADATA_BYTES = 8_000;

/** Metadata as Slack takes it: a type, and a payload of plain values, one level of objects deep. */
export function checkedMetadata(metadata: unknown): Dict {
  if (!isDict(metadata) || !isDict(metadata.event_payload)) throw new SlackError('invalid_metadata_format');
  const { event_type, event_payload, ...rest } = metadata;
  if (!asText(event_type) || Object.keys(rest).length > 0) throw new SlackError('invalid_metadata_format');
  const isPlain = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);
  const isFlat = (value: unknown): boolean => isDict(value) && Object.values(value).every(isPlain);
  const fits = (value: unknown): boolean =>
    isPlain(value) || isFlat(value) || (Array.isArray(value) && value.every(isFlat));
  if (!Object.values(event_payload).every(fits)) throw new SlackError('invalid_metadata_format');
  if (Buffer.byteLength(JSON.stringify(metadata)) > METADATA_BYTES)
    throw new SlackError('metadata_too_large');
  return metadata;
}

export function messagesOf(state: State, channel: string): Map<string, SlackMessage> {
  const known = state.messages.get(channel);
  if (known) return known;
  const none = new Map<string, SlackMessage>();
  state.messages.set(channel, none);
  return none;
}

export function putMessage(state: State, message: SlackMessage): SlackMessage {
  const inChannel = messagesOf(state, message.channel);
  if (!inChannel.has(message.ts)) state.posted.push(message);
  inChannel.set(message.ts, message);
  state.emit({ what: 'message', channel: message.channel, ts: message.ts });
  return message;
}

export function removeMessage(state: State, channel: string, ts: string): void {
  messagesOf(state, channel).delete(ts);
  state.emit({ what: 'message', channel, ts });
}

/** A message of the application's bot. */
export function botMessage(
  state: State,
  channel: string,
  content: Content,
  more: { readonly metadata?: Dict; readonly thread_ts?: string } = {},
): SlackMessage {
  const ts = state.nextTs();
  return {
    type: 'message',
    channel,
    ts,
    team: team.id,
    user: APP.user,
    bot_id: APP.bot,
    app_id: APP.id,
    ...content,
    ...more,
  };
}

/** A message that a person wrote; nobody but them may change it. */
export function personMessage(state: State, channel: string, user: string, text: string): SlackMessage {
  return { type: 'message', channel, ts: state.nextTs(), team: team.id, user, text };
}

export function putEphemeral(
  state: State,
  one: Omit<SlackEphemeral, 'bot_id' | 'ts'>,
  ts = state.nextTs(),
): SlackEphemeral {
  const ephemeral: SlackEphemeral = { ...one, ts, bot_id: APP.bot };
  state.ephemerals.set(ts, ephemeral);
  state.emit({ what: 'ephemeral', channel: one.channel, user: one.user, ts });
  return ephemeral;
}

export function removeEphemeral(state: State, ts: string): void {
  const gone = state.ephemerals.get(ts);
  state.ephemerals.delete(ts);
  if (gone) state.emit({ what: 'ephemeral', channel: gone.channel, user: gone.user, ts });
}

/** A message as the Web API gives it back: without the channel, and with metadata only when asked for. */
export function shown(message: SlackMessage, withMetadata: boolean): Dict {
  const { channel: _, metadata, ...rest } = message;
  return withMetadata && metadata ? { ...rest, metadata } : { ...rest };
}
