import type { CodeableConcept, Coding, Reference, Task } from '@medplum/fhirtypes';
import type { PoolClock } from '../clock/pool-clock.ts';

/** Which Tasks count as work, and which of them may be claimed. Comes from the configuration. */
export interface TaskRules {
  /** Statuses in which a Task without owner may be claimed; the specification says `requested`, much data says `ready`. */
  readonly claimable: readonly string[];
  /** Codes of Tasks that are bookkeeping, not work (read receipts). They never become cards. */
  readonly ignoredCodes: readonly Coding[];
  /** The clinic's clock, for Tasks that are in no pool: somebody was given them. */
  readonly clock?: PoolClock | undefined;
}

/** https://www.medplum.com/docs/communications: a read receipt is a Task too, and nobody's work. */
export const READ_RECEIPT: Coding = { system: 'https://medplum.com/task-codes', code: 'read-receipt' };

export const DEFAULT_TASK_RULES: TaskRules = {
  claimable: ['requested', 'ready'],
  ignoredCodes: [READ_RECEIPT],
};

/**
 * Where a Task stands, in the words of the house:
 * `unclaimed` (nobody's, may be claimed), `assigned` (has an owner who has not accepted yet), `claimed`,
 * `closed` (nothing left to do), `ignored` (not work), `paused` (nobody's, and not claimable: draft, on-hold, ...).
 */
export type Standing = 'unclaimed' | 'assigned' | 'claimed' | 'closed' | 'ignored' | 'paused';

/** Statuses in which nothing is left to do. */
export const CLOSED: readonly string[] = ['completed', 'cancelled', 'rejected', 'failed', 'entered-in-error'];

export function standingOf(task: Task, rules: TaskRules): Standing {
  if (rules.ignoredCodes.some((code) => hasCoding(task.code, code))) return 'ignored';
  if (CLOSED.includes(task.status)) return 'closed';
  const claimable = rules.claimable.includes(task.status);
  if (task.owner) return claimable ? 'assigned' : 'claimed';
  return claimable ? 'unclaimed' : 'paused';
}

/** True when the concept carries a coding with this system and code; a display or text alone never matches. */
export function hasCoding(concept: CodeableConcept | undefined, coding: Coding): boolean {
  return concept?.coding?.some((one) => sameCoding(one, coding)) ?? false;
}

/** FHIR's identity of a coding: system and code, exactly. */
export function sameCoding(a: Coding, b: Coding): boolean {
  return a.code !== undefined && a.code === b.code && a.system === b.system;
}

/** Every coding that the Task's performerType carries. */
export function performerCodings(task: Task): Coding[] {
  return (task.performerType ?? []).flatMap((concept) => concept.coding ?? []);
}

/**
 * The owner in words; never empty, so that a sentence can be built on it. FHIR lets a patient own a Task; a patient is
 * never named, because an owner stands on every card.
 */
export function ownerName(task: Task): string {
  if (task.owner === undefined) return 'Nobody';
  const type = task.owner.type ?? task.owner.reference?.split('/')[0];
  if (type === 'Patient') return 'Patient';
  if (type === 'RelatedPerson') return 'Patient’s relative';
  return referenceName(task.owner) ?? 'Somebody';
}

/** What a reference is called: its display, else its type and id as they stand. */
export function referenceName(reference: Reference | undefined): string | undefined {
  return reference?.display?.trim() || reference?.reference || undefined;
}

const SHORT_REFERENCE_LENGTH = 6;

/** The short reference that people read on a card and type in a slash command: the first characters of the id. */
export function shortReference(taskId: string): string {
  return taskId.slice(0, SHORT_REFERENCE_LENGTH).toLowerCase();
}
