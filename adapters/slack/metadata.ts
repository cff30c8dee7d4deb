import type { PostKey } from '../../src/index.ts';

/** How the metadata of our messages is marked; the payload holds ids only, because any app in the channel reads it. */
export const EVENT_TYPE = 'switchboard_card';

/** What the metadata of a card hold: no Task where it is about none. */
export function toPayload({ card, task }: PostKey): Readonly<Record<string, string>> {
  return { card, ...(task && { task }) };
}

interface Message {
  readonly metadata?: unknown;
}

/** Whether a message is a card of ours. */
export function isCard(message: Message): boolean {
  return payloadOf(message) !== undefined;
}

/** The Task of a card of ours; undefined for one that is about several, and for any other message. */
export function taskOfCard(message: Message): string | undefined {
  const task = payloadOf(message)?.task;
  return typeof task === 'string' && task !== '' ? task : undefined;
}

function payloadOf({ metadata }: Message): Readonly<Record<string, unknown>> | undefined {
  if (!isObject(metadata) || metadata.event_type !== EVENT_TYPE) return undefined;
  return isObject(metadata.event_payload) ? metadata.event_payload : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
