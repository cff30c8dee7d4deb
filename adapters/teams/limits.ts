import type { AdaptiveCard } from './shapes.ts';

/** Pages of Microsoft's differ between 28 and 100 KB for a message; we stay below all of them. */
export const CARD_LIMIT_BYTES = 25 * 1024;

/** The card is larger than what every Teams client takes: a defect of ours, found before Teams does. */
export class LimitError extends Error {}

/** How large a card is as Teams counts: in UTF-16. */
export function bytesOf(card: AdaptiveCard): number {
  return Buffer.byteLength(JSON.stringify(card), 'utf16le');
}

/** Gives the card back, or throws {@link LimitError}. */
export function assertCard(card: AdaptiveCard): AdaptiveCard {
  const bytes = bytesOf(card);
  if (bytes > CARD_LIMIT_BYTES)
    throw new LimitError(`a card of ${bytes} bytes, at most ${CARD_LIMIT_BYTES} fit`);
  return card;
}
