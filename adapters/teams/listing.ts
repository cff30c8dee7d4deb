import { cut, type Listing, type Question, type Section } from '../../src/index.ts';
import { type ActionData, executeAction, TURN } from './actions.ts';
import { fitted } from './adaptive-card.ts';
import { actionSets, BLANK, heading } from './elements.ts';
import { writeQuestion } from './questions.ts';
import { leftBlock, rowElements } from './rows.ts';
import type { AdaptiveCard, CardElement } from './shapes.ts';
import { escapeText } from './text.ts';

interface Measure {
  readonly text: number;
  readonly rows: number;
}

/** Rows lose words before any row is left out. */
const MEASURES: readonly [Measure, ...Measure[]] = [
  { text: 1000, rows: 100 },
  { text: 200, rows: 100 },
  { text: 100, rows: 40 },
  { text: 100, rows: 20 },
  { text: 80, rows: 10 },
  { text: 60, rows: 3 },
];

/** What goes with a listing. */
export interface ListingMore {
  /** What it answers: its buttons carry it, so that it can be drawn again once something was done. */
  readonly question: Question | undefined;
  /** What has just been done, said above it. */
  readonly done?: string;
}

/** A query's answer, for one person: sections of rows, each row with its buttons, and a button for the other rows. */
export function toListingCard(listing: Listing, { question, done }: ListingMore): AdaptiveCard {
  const asked = question && writeQuestion(question);
  const other = listing.turn && writeQuestion(listing.turn.question);
  const total = listing.sections.reduce((sum, { rows }) => sum + rows.length, 0);
  return fitted(
    MEASURES,
    ({ text, rows }) => [
      ...(done ? [{ ...words(done, text), weight: 'Bolder' } as const] : []),
      words(listing.sentence, text),
      ...firstRows(listing.sections, rows).flatMap((section) =>
        toSection(section, asked ? { asked } : {}, text),
      ),
      ...leftBlock(total - rows),
      ...(listing.turn && other
        ? actionSets([executeAction(listing.turn.label, TURN, { asked: other }, undefined, 'secondary')])
        : []),
    ],
    listing.sentence,
  );
}

function toSection({ title, rows }: Section, asked: ActionData, text: number): CardElement[] {
  return [...(title ? [heading(title)] : []), ...rows.flatMap((row) => rowElements(row, asked, text))];
}

/** The sections as far as this many rows go; a section that has none left goes too. */
function firstRows(sections: readonly Section[], most: number): Section[] {
  let left = most;
  return sections.flatMap((section) => {
    const rows = section.rows.slice(0, left);
    left -= rows.length;
    return rows.length > 0 || section.rows.length === 0 ? [{ ...section, rows }] : [];
  });
}

function words(text: string, limit: number): Extract<CardElement, { type: 'TextBlock' }> {
  return { type: 'TextBlock', text: escapeText(cut(text, Math.max(limit, 300))).trim() || BLANK, wrap: true };
}
