/** What a message says until it is the card: nothing that could become untrue. */
const WORDS = 'A card follows.';

/** The message that will become the card. */
export function announcement(summary: string) {
  return { type: 'message', text: WORDS, summary };
}

/**
 * The same, with a call to everybody in the channel. Only the announcement has it: the card that takes its place calls
 * nobody. Teams has no word for those of a channel who are present.
 */
export function loudAnnouncement(summary: string, channelId: string) {
  const text = '<at>channel</at>';
  const mention = { type: 'mention', text, mentioned: { id: channelId, name: 'channel' } };
  return { ...announcement(summary), text: `${text} ${WORDS}`, entities: [mention] };
}
