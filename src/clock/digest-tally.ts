import type { Task } from '@medplum/fhirtypes';
import { byUrgency, PRIORITIES, type Priority, priorityOf, waitingSince } from '../routing/priority.ts';
import { CLOSED } from '../routing/task.ts';
import { isReplaced } from '../verbs/holder.ts';
import type { PoolClock } from './pool-clock.ts';
import { targetOf } from './targets.ts';

/*
 * What a digest counts, Task by Task: what is kept does not grow with their number.
 */

type Waiting = Task & { id: string };

/** So many Tasks are listed in a digest; the buttons of more would not fit into one message everywhere. */
export const DIGEST_ROWS = 10;

/** What is known of the Tasks that wait in a pool, after so many of them. */
export interface Tally {
  readonly waiting: number;
  readonly byPriority: Readonly<Record<Priority, number>>;
  /** Since when the patient who has waited longest has been waiting (UTC instant). */
  readonly oldest: string | undefined;
  /** How many are past their target. */
  readonly over: number;
  /** How many will pass it before the forecast's end. */
  readonly soon: number;
  /** The first {@link DIGEST_ROWS}, the most urgent of them first. */
  readonly first: readonly Waiting[];
}

/** By what the Tasks are judged. */
export interface TallyRules {
  readonly clock: PoolClock;
  readonly now: Date;
  /** How far the forecast looks. */
  readonly before: Date;
}

export const NOTHING_WAITS: Tally = {
  waiting: 0,
  byPriority: { routine: 0, urgent: 0, asap: 0, stat: 0 },
  oldest: undefined,
  over: 0,
  soon: 0,
  first: [],
};

/** The tally with one more unclaimed Task. One that is met again (it changed meanwhile) is listed once. */
export function tally(so: Tally, task: Waiting, rules: TallyRules): Tally {
  const priority = priorityOf(task);
  const since = waitingSince(task);
  const due = claimDue(task, rules.clock);
  return {
    waiting: so.waiting + 1,
    byPriority: { ...so.byPriority, [priority]: so.byPriority[priority] + 1 },
    oldest: so.oldest === undefined || since < so.oldest ? since : so.oldest,
    over: so.over + (due !== undefined && due <= rules.now ? 1 : 0),
    soon: so.soon + (willPass(due, rules) ? 1 : 0),
    first: withTask(so.first, task),
  };
}

/** When an unclaimed Task should have been claimed; undefined where there is no target for it. */
export function claimDue(task: Task, clock: PoolClock): Date | undefined {
  return targetOf(task, 'unclaimed', clock)?.due;
}

/** Whether any Task of the pool is ever to be claimed by a time. */
export function hasTargets(clock: PoolClock): boolean {
  return PRIORITIES.some((priority) => clock.claimWithin[priority] !== undefined);
}

function willPass(due: Date | undefined, { now, before }: TallyRules): boolean {
  return due !== undefined && now < due && due <= before;
}

function withTask(first: readonly Waiting[], task: Waiting): readonly Waiting[] {
  const last = first.at(-1);
  if (first.length === DIGEST_ROWS && last !== undefined && inOrder(last, task) <= 0) return first;
  const others = first.filter(({ id }) => id !== task.id);
  return [...others, task].sort(inOrder).slice(0, DIGEST_ROWS);
}

/** As everywhere; and of those that began to wait in the same moment always the same one first. */
function inOrder(a: Waiting, b: Waiting): number {
  return byUrgency(a, b) || (a.id < b.id ? -1 : 1);
}

/** What has happened in a pool since an instant. */
export interface Traffic {
  readonly cameIn: number;
  readonly closed: number;
}

export const NO_TRAFFIC: Traffic = { cameIn: 0, closed: 0 };

/** The traffic with one more Task of the pool that was changed since then; one that was rerouted away is not closed. */
export function traffic(so: Traffic, task: Task, since: Date): Traffic {
  const isNew = Date.parse(waitingSince(task)) >= since.getTime();
  const isClosed = CLOSED.includes(task.status) && !isReplaced(task);
  return { cameIn: so.cameIn + (isNew ? 1 : 0), closed: so.closed + (isClosed ? 1 : 0) };
}
