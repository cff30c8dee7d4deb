import type { Provenance, Task } from '@medplum/fhirtypes';
import { deedOf } from '../record/provenance.ts';
import { findReason, REASONS } from '../routing/reasons.ts';
import { standingOf, type TaskRules } from '../routing/task.ts';
import { accept } from '../verbs/accept.ts';
import { claim } from '../verbs/claim.ts';
import { release } from '../verbs/release.ts';
import { reroute } from '../verbs/reroute.ts';
import type { Accepted } from '../verbs/verb.ts';
import { COVER } from './coverage.ts';

/** Deeds by which a Task comes to somebody, or by which they take it on. */
const HANDS: readonly string[] = [claim.name, accept.name, reroute.name, COVER];

/** What is known of a Task that somebody has. */
export interface Held {
  readonly task: Task;
  /** In any order. */
  readonly provenances: readonly Provenance[];
  /** In any order; needed only where {@link changedSince} says so. */
  readonly versions: readonly Task[];
}

/**
 * Gives what somebody has had since before the end of the shift back to its pool: a release like any other, with that
 * reason. Undefined where it stays: whoever got it after that, or has done anything to it since, is there. Read off the
 * record alone, so that it may be asked twice, by several, and late.
 */
export function shiftEndOf(
  { task, provenances, versions }: Held,
  end: Date,
  rules: TaskRules,
): Accepted | undefined {
  const standing = standingOf(task, rules);
  if (standing !== 'claimed' && standing !== 'assigned') return undefined;
  // One that was sent to a person is in no pool, and a patient's own has no shift.
  if (!task.performerType?.length || !/^Practitioner(Role)?\//.test(task.owner?.reference ?? ''))
    return undefined;
  const deeds = provenances.flatMap((one) => deedOf(one) ?? []);
  const isThere = deeds.some(
    ({ verb, who, at }) =>
      Date.parse(at) >= end.getTime() && (HANDS.includes(verb) || who?.reference === task.owner?.reference),
  );
  if (isThere || cameSince({ task, versions }, end, rules)) return undefined;
  const reason = findReason('end-of-shift', REASONS);
  return {
    kind: 'accepted',
    verb: release.name,
    guard: 'version',
    change: { status: 'requested', businessStatus: 'unassigned', owner: null },
    ...(reason && { reason }),
    sentence: 'Everybody’s shift has ended; the Task is back in its pool.',
  };
}

/** Whether something was written to the Task since then, so that its versions have to tell whether its owner is new. */
export function changedSince({ meta }: Task, end: Date): boolean {
  return meta?.lastUpdated === undefined || Date.parse(meta.lastUpdated) >= end.getTime();
}

/** Whether another application has given it to its owner, or accepted it for them, since then. */
function cameSince(
  { task, versions }: Pick<Held, 'task' | 'versions'>,
  end: Date,
  rules: TaskRules,
): boolean {
  const holder = (one: Task) => `${standingOf(one, rules)} ${one.owner?.reference}`;
  const newestFirst = versions.toSorted((a, b) => writtenAt(b) - writtenAt(a));
  const other = newestFirst.findIndex((one) => holder(one) !== holder(task));
  const first = other < 0 ? undefined : newestFirst[other - 1];
  return first !== undefined && writtenAt(first) >= end.getTime();
}

function writtenAt({ meta }: Task): number {
  return Date.parse(meta?.lastUpdated ?? '') || 0;
}
