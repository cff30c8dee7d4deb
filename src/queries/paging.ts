import type { Question, Row, Section, Turn } from './query.ts';

/** How many rows a page has. */
export const ROWS = 10;

/** One page of something, and how it is turned. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Counted from 1, both of them: "11 to 20". */
  readonly first: number;
  readonly last: number;
  readonly turn?: Turn;
}

/** The page that is asked for; one that is not there any more (somebody was quicker) is the last that is. */
export function pageOf<T>(all: readonly T[], question: Question): Page<T> {
  const pages = Math.max(1, Math.ceil(all.length / ROWS));
  const page = pageAsked(question, pages);
  const from = (page - 1) * ROWS;
  const items = all.slice(from, from + ROWS);
  const left = all.length - from - items.length;
  const label = left > 0 ? `Show ${Math.min(left, ROWS)} more` : 'Back to the first';
  return { items, first: from + 1, last: from + items.length, ...turning(question, page, pages, label) };
}

/**
 * The same from the end, for what is told in the order in which it happened: the first page has the newest, and its
 * oldest stands at the top.
 */
export function pageFromEnd<T>(all: readonly T[], question: Question): Page<T> {
  const pages = Math.max(1, Math.ceil(all.length / ROWS));
  const page = pageAsked(question, pages);
  const to = all.length - (page - 1) * ROWS;
  const from = Math.max(0, to - ROWS);
  const label = from > 0 ? 'Earlier' : 'Back to the latest';
  return {
    items: all.slice(from, to),
    first: from + 1,
    last: to,
    ...turning(question, page, pages, label),
  };
}

/** A number comes back from a platform, where anybody could have put another one. */
function pageAsked({ page }: Question, pages: number): number {
  return Number.isInteger(page) ? Math.min(Math.max(page, 1), pages) : 1;
}

function turning(question: Question, page: number, pages: number, label: string): { turn?: Turn } {
  if (pages === 1) return {};
  return { turn: { label, question: { ...question, page: page < pages ? page + 1 : 1 } } };
}

/** A row, and the title of the section that it belongs to. */
export interface TitledRow {
  readonly title: string | undefined;
  readonly row: Row;
}

/** The rows of a page under their titles. */
export function sectionsOf(rows: readonly TitledRow[]): Section[] {
  const byTitle = Map.groupBy(rows, ({ title }) => title);
  return [...byTitle].map(([title, titled]) => ({
    ...(title !== undefined && { title }),
    rows: titled.map(({ row }) => row),
  }));
}
