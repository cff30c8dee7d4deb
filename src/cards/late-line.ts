import { duration } from '../routing/duration.ts';
import type { Card } from './card.ts';
import { DOT } from './row.ts';

/** A wait that is worth a word (ms). */
const LATE_MS = 60_000;

/**
 * A card that had to wait for its channel says so in its small print, so that nobody takes the wait for the patient's or
 * for somebody's being slow. Whoever redraws it leaves that out: by then it is no news.
 */
export function withLateness(card: Card, waitedMs: number): Card {
  if (waitedMs < LATE_MS) return card;
  const words = `Shown ${duration(waitedMs)} late: this channel was busy.`;
  return { ...card, footer: [...card.footer, `${DOT}${words}`] };
}
