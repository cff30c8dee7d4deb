import type { webApi } from '@slack/bolt';
import { taskOfCard } from './metadata.ts';

/** The message shortcut "Add to Task note". */
export const ADD_NOTE = 'add_note';

/** The verb whose dialog it opens. */
export const NOTE = 'note';

/** A trigger lives 3 s: whether the message belongs to a card must be known well before. */
const PATIENCE_MS = 1_500;

/** The parts of a message that matter. */
export interface NotedMessage {
  readonly text?: string;
  readonly thread_ts?: string;
  readonly ts: string;
  readonly metadata?: unknown;
}

/** The Task that the message is about: it is the Task's card, or an answer in the card's thread. */
export async function taskOf(
  client: webApi.WebClient,
  channel: string,
  message: NotedMessage,
): Promise<string | undefined> {
  const own = taskOfCard(message);
  if (own !== undefined || message.thread_ts === undefined || message.thread_ts === message.ts) return own;
  const { thread_ts } = message;
  const found = client.conversations
    .history({
      channel,
      latest: thread_ts,
      oldest: thread_ts,
      inclusive: true,
      limit: 1,
      include_all_metadata: true,
    })
    .then(({ messages }) => messages?.find(({ ts }) => ts === thread_ts))
    .then((parent) => parent && taskOfCard(parent))
    // Then the person chooses the Task in the dialog.
    .catch(() => undefined);
  return Promise.race([found, patience()]);
}

function patience(): Promise<undefined> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(undefined), PATIENCE_MS).unref();
  });
}
