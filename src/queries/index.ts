import type { Standing } from '../routing/task.ts';
import { help } from './help.ts';
import { history } from './history.ts';
import { home } from './home.ts';
import { mine } from './mine.ts';
import { pools } from './pools.ts';
import type { Query } from './query.ts';
import { status } from './status.ts';
import { tasks } from './tasks.ts';
import { whoami } from './whoami.ts';

/** Every query, in the order in which help lists them. Adding one is a file, a line here, and what it reads in `runtime/ask.ts`. */
export const QUERIES = [
  tasks,
  mine,
  history,
  status,
  pools,
  whoami,
  home,
  help,
] as const satisfies readonly Query[];

export type QueryName = (typeof QUERIES)[number]['name'];

/** The query of that name, in any case; undefined for a word that is none. */
export function findQuery(name: string): (typeof QUERIES)[number] | undefined {
  const wanted = name.trim().toLowerCase();
  return QUERIES.find((query) => query.name === wanted);
}

/** What a card offers to ask while the Task stands like this. */
export function asked(standing: Standing): Query[] {
  return QUERIES.filter((query: Query) => query.offer?.(standing) === 'menu');
}
