import { randomUUID } from 'node:crypto';
import { ControlError } from '../control-error.ts';
import type { Deliveries } from './deliver.ts';
import { linkComposed, linkShared } from './event-payloads.ts';
import { encodeText, linksTo } from './links.ts';
import { messagesOf, personMessage, putMessage } from './messages.ts';
import { actor } from './persons.ts';
import { newUnfurl, type State } from './state.ts';
import type { Reply, SlackMessage } from './types.ts';

/** Somebody writes a message; with `thread_ts`, below another one. */
export interface Saying {
  readonly user: string;
  readonly channel: string;
  readonly text: string;
  readonly thread_ts?: string;
}

/** Writes a message as a person. The application hears of links to its domains, and of nothing else. */
export function say(state: State, deliveries: Deliveries, how: Saying): SlackMessage {
  const { channel, thread_ts } = how;
  if (!state.channels.has(channel)) throw new ControlError(404, `There is no channel ${channel}.`);
  if (thread_ts !== undefined && !messagesOf(state, channel).has(thread_ts))
    throw new ControlError(404, `There is no message ${thread_ts} in ${channel}.`);
  const who = actor(state, how.user);
  const written = personMessage(state, channel, who.id, encodeText(how.text));
  const message = putMessage(state, thread_ts === undefined ? written : { ...written, thread_ts });
  const links = linksTo(state.unfurlDomains(), how.text);
  if (links.length > 0) {
    const id = newUnfurl(state, `${channel}.${message.ts}.${randomUUID()}`, { channel, ts: message.ts });
    void deliveries.deliver('events_api', linkShared(state, message, id, links));
  }
  return message;
}

/** Somebody types a link and has not sent it yet: Slack asks for a preview under an id of its own. */
export async function compose(
  state: State,
  deliveries: Deliveries,
  how: { readonly user: string; readonly text: string },
): Promise<Reply & { unfurl_id: string }> {
  const who = actor(state, how.user);
  const links = linksTo(state.unfurlDomains(), how.text);
  if (links.length === 0) throw new ControlError(400, 'There is no link of the application in this text.');
  const id = newUnfurl(state, `${who.id}-${randomUUID()}`, { draft: links.map(({ url }) => url) });
  return {
    ...(await deliveries.deliver('events_api', linkComposed(state, who.id, id, links))),
    unfurl_id: id,
  };
}
