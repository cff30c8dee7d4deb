import type { Task } from '@medplum/fhirtypes';
import { cut } from '../cards/cut.ts';
import { taskLine } from '../cards/row.ts';
import { findPool, joinWords, type Pool, searchPools } from '../routing/pools.ts';
import type { Asking } from './asking.ts';
import { buttonsFor } from './buttons.ts';
import { count, quoted } from './counting.ts';
import { nearest } from './nearest.ts';
import { pageOf } from './paging.ts';
import type { Listing, Query, Row } from './query.ts';
import { shorten } from './typed.ts';

/** The queue of my pools, or of the pool that is named. */
export const tasks = {
  name: 'tasks',
  label: 'Tasks',
  description: 'What waits in your pools, the most urgent first',
  takes: 'pool',
} as const satisfies Query;

/** "My pools", where a button has to say something. */
export const MINE = 'mine';

/** What waits in some pools. */
export interface Waiting {
  readonly pools: readonly Pool[];
  /** The most urgent first; as many as anybody turns pages. */
  readonly tasks: readonly (Task & { id: string })[];
  /** How many there are in all. */
  readonly total: number;
}

/** What waits, a page at a time. */
export function listTasks(waiting: Waiting, asking: Asking): Listing {
  const { pools, total } = waiting;
  const names = quoted(pools.map((pool) => pool.name));
  if (total === 0) return { sentence: `Nothing waits in ${names}.`, sections: [] };
  const { items, first, last, turn } = pageOf(waiting.tasks, asking.question);
  const wait = `${count(total, 'Task')} ${total === 1 ? 'waits' : 'wait'} in ${names}.`;
  const which = turn === undefined ? '' : ` ${whichOnes(first, last)}`;
  return {
    sentence: `${wait}${which}`,
    sections: [{ rows: items.map((task) => waitingRow(task, pools, asking)) }],
    ...(turn && { turn }),
  };
}

function whichOnes(first: number, last: number): string {
  if (first === 1) return `These are the ${last} most urgent.`;
  return first === last ? `This is the last, number ${last}.` : `These are ${first} to ${last}.`;
}

/** A Task that waits; its pool is said where there are several. */
export function waitingRow(task: Task & { id: string }, pools: readonly Pool[], asking: Asking): Row {
  return {
    line: taskLine(task, pools.length > 1 ? { pools } : {}),
    buttons: buttonsFor(task, asking, 'buttons'),
  };
}

/** The pool that is meant; or why none is clear, with those that it may be and all that there are. */
export function namedPool(words: string, pools: readonly Pool[]): Pool | string {
  const pool = findPool(words, pools);
  if (pool) return pool;
  const near = nearPools(words, pools);
  const meant = near.length > 0 && near.length < 4 ? ` Did you mean ${joinWords(near)}?` : '';
  const known = pools.map(({ id }) => id).join(', ');
  return cut(`There is no pool “${shorten(words)}”.${meant} The pools are ${known}.`, LONGEST);
}

/** Ids of the pools that somebody may have meant: what was typed is in them, or they are near to it. */
export function nearPools(words: string, pools: readonly Pool[]): string[] {
  const ids = pools.map(({ id }) => id);
  const inside = searchPools(words, pools).map(({ id }) => id);
  const named = pools.filter(({ name }) => nearest(words, [name]).length > 0).map(({ id }) => id);
  return [...new Set([...inside, ...nearest(words, ids), ...named])];
}

/** A clinic may have many pools; a sentence is read to its end. */
const LONGEST = 300;
