import type { Task } from '@medplum/fhirtypes';
import { plainText } from '../../src/cards/card.ts';
import type { Asking } from '../../src/queries/asking.ts';
import type { Listing, Row } from '../../src/queries/query.ts';
import { DEFAULT_TASK_RULES } from '../../src/routing/task.ts';
import { ANA, NOW, NURSES, POOLS, taskIn } from './pure-clinic.ts';

/** Somebody asks (Ana, if not said), at ten o'clock. */
export function askingOf(query: string, more: Partial<Asking> & { readonly page?: number } = {}): Asking {
  const { page = 1, ...rest } = more;
  return {
    question: { query, words: '', page },
    actor: ANA,
    pools: POOLS,
    rules: DEFAULT_TASK_RULES,
    taskLink: undefined,
    now: NOW,
    ...rest,
  };
}

/** Tasks that wait for a nurse, `t00001` and so on, each a minute older than the one before. */
export function waitingTasks(n: number, more: Partial<Task> = {}): (Task & { id: string })[] {
  return Array.from({ length: n }, (_, i) => {
    const authoredOn = new Date(NOW.getTime() - (i + 1) * 60_000).toISOString();
    return { ...taskIn(NURSES, { authoredOn, ...more }), id: `t${String(i + 1).padStart(5, '0')}` };
  });
}

export function rowsOf(listing: Listing): readonly Row[] {
  return listing.sections.flatMap(({ rows }) => rows);
}

/** What is read, line by line. */
export function linesOf(listing: Listing): string[] {
  return rowsOf(listing).map(({ line }) => plainText(line));
}

/** What is read, under the titles of its sections. */
export function sectionsRead(listing: Listing): [string | undefined, string[]][] {
  return listing.sections.map(({ title, rows }) => [title, rows.map(({ line }) => plainText(line))]);
}

/** What can be pressed on each row. */
export function buttonsOn(listing: Listing): string[][] {
  return rowsOf(listing).map(({ buttons }) => buttons.map(({ label }) => label));
}
