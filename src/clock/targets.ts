import type { Task } from '@medplum/fhirtypes';
import { duration } from '../routing/duration.ts';
import { type Priority, priorityOf, waitingSince } from '../routing/priority.ts';
import type { Standing } from '../routing/task.ts';
import { addOpenTime, openTimeBetween } from './hours.ts';
import type { Hours, PoolClock } from './pool-clock.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** By when somebody is to have claimed a Task, or its owner to have answered. */
export interface Target {
  readonly kind: 'claim' | 'answer';
  readonly due: Date;
}

/**
 * What is due of a Task that stands so: to be claimed, counted from when the patient began to wait; or, where it is
 * claimed, to be answered, counted from `unansweredSince` where that is known. Undefined where its pool has no such
 * target for its priority, where nothing is left to do, and where the record does not say since when anybody waits.
 */
export function targetOf(
  task: Task,
  standing: Standing,
  clock: PoolClock,
  unansweredSince?: Date,
): Target | undefined {
  const kind = KINDS[standing];
  if (kind === undefined) return undefined;
  const priority = priorityOf(task);
  const within = (kind === 'claim' ? clock.claimWithin : clock.answerWithin)[priority];
  const began = new Date(waitingSince(task));
  const since = kind === 'answer' ? (unansweredSince ?? began) : began;
  if (within === undefined || since.getTime() === 0) return undefined;
  return { kind, due: addOpenTime(since, within, hoursFor(priority, clock)) };
}

const KINDS: Readonly<Partial<Record<Standing, Target['kind']>>> = {
  unclaimed: 'claim',
  assigned: 'claim',
  claimed: 'answer',
};

/** The hours in which a Task's targets are counted: `stat` and `asap` do not wait for the morning. */
export function hoursFor(priority: Priority, clock: PoolClock): Hours {
  if (priority !== 'stat' && priority !== 'asap') return clock.hours;
  return { zone: clock.hours.zone, openings: [], holidays: [] };
}

/** How long a target has been missed, in ms of open time; 0 where it is not due yet. */
export function overBy(target: Target, now: Date, hours: Hours): number {
  return openTimeBetween(target.due, now, hours);
}

/** "7 min over", "25 min over", "3 h over", "2 d over": rounded down, and the coarser the longer it is (ms). */
export function overText(ms: number): string {
  if (!(ms >= MINUTE)) return 'due now';
  const grain = grainOf(ms);
  return `${duration(Math.floor(ms / grain) * grain)} over`;
}

/**
 * The next instant, after now, at which what a card says of the target changes: when it falls due, and then whenever
 * `overText` says something new. While the pool is closed nothing changes.
 */
export function nextChange(target: Target, now: Date, hours: Hours): Date {
  if (now < target.due) return target.due;
  const over = overBy(target, now, hours);
  const grain = grainOf(over);
  const next = addOpenTime(target.due, (Math.floor(over / grain) + 1) * grain, hours);
  // A pool that opens no more has no open time to count in.
  return next > now ? next : new Date(now.getTime() + DAY);
}

/** The steps in which it is said how long a target has been missed: all divide the next, so that none is left out. */
function grainOf(over: number): number {
  if (over < 10 * MINUTE) return MINUTE;
  if (over < HOUR) return 5 * MINUTE;
  return over < DAY ? HOUR : DAY;
}
