import type { webApi } from '@slack/bolt';
import type { Log } from '../../src/index.ts';
import type { SlackMessage } from './blocks.ts';
import { toChatError } from './errors.ts';
import { assertMessage } from './limits.ts';

/** Where one person can be told something that nobody else sees. */
export interface Ear {
  readonly user: string;
  readonly channel: string | undefined;
  /** Slack's address for answers to this very interaction; good for half an hour. */
  readonly responseUrl: string | undefined;
}

/**
 * Tells one person something: by the interaction's own address, else as an ephemeral message, else (we may not be in
 * that channel) as a direct message. Never throws: what was done is done, even when nobody could be told.
 */
export async function tell(
  client: webApi.WebClient,
  ear: Ear,
  message: SlackMessage,
  log: Log,
): Promise<void> {
  const ways = [
    ear.responseUrl && (() => respond(ear.responseUrl ?? '', message, false)),
    ear.channel &&
      (() => client.chat.postEphemeral({ channel: ear.channel ?? '', user: ear.user, ...message })),
    () => client.chat.postMessage({ channel: ear.user, ...message }),
  ].filter((way) => typeof way === 'function');
  for (const way of ways) {
    try {
      assertMessage(message);
      await way();
      return;
    } catch (error) {
      const err = toChatError(error, 'telling one person', true);
      log.warn({ err, user: ear.user }, 'a private answer did not arrive this way');
    }
  }
}

/**
 * Puts another content in the place of the message that was pressed. Where that does not work any more, it is told
 * anew.
 */
export async function replace(
  client: webApi.WebClient,
  ear: Ear & { readonly responseUrl: string },
  message: SlackMessage,
  log: Log,
): Promise<void> {
  try {
    assertMessage(message);
    await respond(ear.responseUrl, message, true);
  } catch (error) {
    log.warn(
      { err: toChatError(error, 'replacing a listing', false), user: ear.user },
      'a listing stays as it is',
    );
    await tell(client, { ...ear, responseUrl: undefined }, message, log);
  }
}

async function respond(url: string, message: SlackMessage, replaces: boolean): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ response_type: 'ephemeral', replace_original: replaces, ...message }),
    signal: AbortSignal.timeout(5_000),
  });
  if (!response.ok) throw new Error(`the response address answered ${response.status}`);
}
