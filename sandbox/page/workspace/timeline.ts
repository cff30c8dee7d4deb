import type { Ephemeral, SlackMessage } from '../data/slack.ts';

export type Entry =
  | { readonly kind: 'message'; readonly ts: string; readonly message: SlackMessage }
  | { readonly kind: 'ephemeral'; readonly ts: string; readonly ephemeral: Ephemeral };

/** What one person sees in one channel, oldest first. */
export function timelineOf(
  channel: string,
  messages: readonly SlackMessage[],
  ephemerals: readonly Ephemeral[],
): readonly Entry[] {
  const entries: Entry[] = [
    ...messages.map((message): Entry => ({ kind: 'message', ts: message.ts, message })),
    ...ephemerals
      .filter((ephemeral) => ephemeral.channel === channel)
      .map((ephemeral): Entry => ({ kind: 'ephemeral', ts: ephemeral.ts, ephemeral })),
  ];
  return entries.sort((a, b) => Number.parseFloat(a.ts) - Number.parseFloat(b.ts));
}
