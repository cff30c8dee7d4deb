import type { Provenance, Task } from '@medplum/fhirtypes';
import { addOpenTime } from '../clock/hours.ts';
import type { PoolClock } from '../clock/pool-clock.ts';
import { hoursFor, targetOf } from '../clock/targets.ts';
import { heardAt } from '../record/answer.ts';
import { deedOf } from '../record/provenance.ts';
import { isSnoozed, snoozeOf } from '../record/snooze.ts';
import { priorityOf, waitingSince } from '../routing/priority.ts';
import { NOT_ANSWERED_IN_TIME } from '../routing/reasons.ts';
import type { Accepted } from '../verbs/verb.ts';
import { COVER } from './coverage.ts';
import { fromPatient, isAnswered, type Message } from './thread.ts';

/** A Task that somebody has, what was done to it (newest first), and what was said in its thread. */
export interface Held {
  readonly task: Task & { id: string };
  readonly provenances: readonly Provenance[];
  readonly messages: readonly Message[];
}

/** What the clock has to say to an owner now. */
export interface Reminding {
  /** The reminder that stands now, if one does: which of how many, and one word that no other reminder has. */
  readonly reminder: Reminder | undefined;
  /** The last reminder was waited for in vain, and the Task is to go back to its pool. */
  readonly giveBack: boolean;
  /** When this changes by itself. */
  readonly next: Date | undefined;
}

export interface Reminder {
  /** Counted from 1. */
  readonly number: number;
  readonly of: number;
  readonly occasion: string;
}

const NOTHING: Reminding = { reminder: undefined, giveBack: false, next: undefined };

/**
 * Since when the patient has been waiting for an answer (the first message that nobody has answered); undefined where
 * everything is answered. Without a thread it is since the Task was opened.
 */
export function unansweredSince(task: Task, messages: readonly Message[]): Date | undefined {
  const said = fromPatient(messages);
  if (said.length === 0) return new Date(waitingSince(task));
  const first = said.find((message) => !isAnswered(message, messages, task));
  if (first === undefined) return undefined;
  // A thread may be older than its Task.
  const at = heardAt(first);
  return new Date(at > waitingSince(task) ? at : waitingSince(task));
}

/**
 * Whether the owner is to be reminded now. The first reminder comes when the target is missed, and not before its owner has
 * had the Task for as long as lies between two; snoozing puts it off. Counted in open time, so nothing comes at night.
 */
export function remindingOf(held: Held, clock: PoolClock, now: Date): Reminding {
  const { task, messages } = held;
  const rule = clock.reminders;
  const since = unansweredSince(task, messages);
  const target = since && targetOf(task, 'claimed', clock, since);
  if (rule === undefined || target === undefined) return NOTHING;
  const newest = newestFromPatient(messages);
  if (isSnoozed(task, now, newest)) return { ...NOTHING, next: snoozeOf(task)?.end };
  const hours = hoursFor(priorityOf(task), clock);
  const first = latest(
    target.due,
    addOpenTime(heldSince(held), rule.everyMs, hours),
    snoozeEnd(task, newest),
  );
  const at = (number: number) => addOpenTime(first, (number - 1) * rule.everyMs, hours);
  const numbers = Array.from({ length: rule.most + 1 }, (_, i) => i + 1);
  const next = numbers.map(at).find((instant) => instant > now);
  const past = numbers.filter((number) => at(number) <= now).length;
  if (past > rule.most && rule.returnToPool) return { ...NOTHING, giveBack: true };
  const number = Math.min(past, rule.most);
  return {
    reminder:
      number === 0
        ? undefined
        : { number, of: rule.most, occasion: `reminder ${first.toISOString()} ${number}` },
    giveBack: false,
    next,
  };
}

/** Takes a Task from an owner who has not answered in time, back to the pool that it came from. */
export function giveBack(home: Task['performerType']): Accepted | undefined {
  if (!home?.length) return undefined;
  return {
    kind: 'accepted',
    verb: 'release',
    guard: 'version',
    change: { status: 'requested', businessStatus: 'unassigned', owner: null, performerType: home },
    reason: NOT_ANSWERED_IN_TIME,
    note: `${NOT_ANSWERED_IN_TIME.display}: back in its pool.`,
    sentence: 'Back in its pool.',
  };
}

/** Since when the owner has it, as far as the record tells. */
function heldSince({ task, provenances }: Held): Date {
  const handed = provenances.map(deedOf).find((deed) => deed && HANDING.includes(deed.verb));
  return new Date(handed?.at ?? waitingSince(task));
}

const HANDING: readonly string[] = ['claim', 'accept', 'reroute', COVER];

function snoozeEnd(task: Task, newest: Date | undefined): Date | undefined {
  const snooze = snoozeOf(task);
  if (snooze === undefined) return undefined;
  const woken = newest && newest > snooze.start ? newest : undefined;
  if (woken === undefined || snooze.end === undefined) return snooze.end ?? woken;
  return woken < snooze.end ? woken : snooze.end;
}

function newestFromPatient(messages: readonly Message[]): Date | undefined {
  const newest = fromPatient(messages).at(-1);
  return newest && new Date(heardAt(newest));
}

function latest(...dates: readonly (Date | undefined)[]): Date {
  return new Date(Math.max(...dates.filter((date) => date !== undefined).map((date) => date.getTime())));
}
