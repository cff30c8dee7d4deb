import type { Task } from '@medplum/fhirtypes';
import { clockOf } from '../clock/clock-of.ts';
import { hoursFor, overBy, overText, type Target, targetOf } from '../clock/targets.ts';
import { unansweredSince } from '../duties/reminders.ts';
import type { Message } from '../duties/thread.ts';
import type { Pool } from '../routing/pools.ts';
import { priorityOf } from '../routing/priority.ts';
import { standingOf, type TaskRules } from '../routing/task.ts';
import type { Fact } from './card.ts';

/** What is due on a Task now: that somebody claims it, or that its owner answers; undefined where nothing is. */
export function dueOf(
  task: Task,
  pools: readonly Pool[],
  rules: TaskRules,
  messages: readonly Message[] = [],
): Target | undefined {
  const standing = standingOf(task, rules);
  if (standing !== 'unclaimed' && standing !== 'assigned' && standing !== 'claimed') return undefined;
  const since = standing === 'claimed' ? unansweredSince(task, messages) : undefined;
  if (standing === 'claimed' && since === undefined) return undefined;
  return targetOf(task, standing, clockOf(task, pools, rules), since);
}

/** "Claim by 14:05", and then "Claim: 7 min over". */
export function dueFact(
  task: Task,
  target: Target | undefined,
  pools: readonly Pool[],
  rules: TaskRules,
  now: Date,
): Fact | undefined {
  if (target === undefined) return undefined;
  const what =
    target.kind === 'answer' ? 'Answer' : standingOf(task, rules) === 'assigned' ? 'Accept' : 'Claim';
  if (target.due > now)
    return { label: `${what} by`, value: [{ instant: target.due.toISOString(), as: 'time' }] };
  const over = overBy(target, now, hoursFor(priorityOf(task), clockOf(task, pools, rules)));
  return { label: what, value: [{ bold: `⏰ ${overText(over)}` }] };
}
