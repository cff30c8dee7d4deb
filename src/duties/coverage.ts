import type { CodeableConcept, Provenance, Task } from '@medplum/fhirtypes';
import { heardAt } from '../record/answer.ts';
import { deedOf } from '../record/provenance.ts';
import { SERVICE } from '../record/writes.ts';
import { type Member, nameOf, referenceTo } from '../routing/eligibility.ts';
import { type Pool, performerTypeName } from '../routing/pools.ts';
import { findReason, REASONS } from '../routing/reasons.ts';
import { escalate } from '../verbs/escalate.ts';
import { note } from '../verbs/note.ts';
import type { Accepted, Change } from '../verbs/verb.ts';
import { type Absence, absenceSentence } from './away.ts';
import { RAISE } from './follow-up.ts';
import { fromPatient, isAnswered, type Message } from './thread.ts';

/**
 * How an absence shows in the record: `not-available` (PractitionerRole.notAvailable), `no-free-slot` (the person's
 * Schedule has none in the next hour, as Medplum's documentation does it).
 */
export type AwaySign = 'not-available' | 'no-free-slot';

export const AWAY_SIGNS: readonly AwaySign[] = ['not-available', 'no-free-slot'];

/** What to do with Tasks of people who are away. */
export interface CoverageRules {
  readonly away: readonly AwaySign[];
  /** How far ahead a free slot is looked for, in minutes. */
  readonly freeSlotWithinMinutes: number;
  /** Who covers for whom (references); a Task of anybody else goes back to its pool. */
  readonly covers: Readonly<Record<string, string>>;
}

/** In `Provenance.activity`: the owner is away, and somebody else gets the Task. */
export const COVER = 'cover';

/** Deeds that say nothing about who is to have the Task. */
const BESIDE: readonly string[] = [RAISE, escalate.name, note.name];

/** Why an owner cannot look after a Task now, and who could. */
export interface Gap {
  readonly owner: Member;
  readonly absence: Absence;
  /** Whoever covers for the owner, where that one is there. */
  readonly standIn: Member | undefined;
  /** The performerType that the Task has, or had last. */
  readonly home: readonly CodeableConcept[] | undefined;
}

/**
 * Whether the patient has written something that the Task's owner may never have seen: nobody has answered it, and the
 * Task has not been handed to anybody since. Who takes a Task, or is given one, after the patient wrote, is taken to be
 * there, whatever the calendar says.
 */
export function hasNews(
  task: Task,
  provenances: readonly Provenance[],
  messages: readonly Message[],
): boolean {
  const newest = fromPatient(messages).at(-1);
  if (newest === undefined || isAnswered(newest, messages, task)) return false;
  const handed = provenances.map(deedOf).find((deed) => deed && !BESIDE.includes(deed.verb));
  return handed === undefined || handed.at < heardAt(newest);
}

/**
 * Gives the Task of somebody who is away to whoever covers for them, or back to its pool. Whoever covers gets it inside
 * its pool, whose people keep it in sight. Undefined where there is neither: it stays, and is reported as an orphan.
 */
export function coverOf(task: Task, gap: Gap, pools: readonly Pool[]): Accepted | undefined {
  const why = absenceSentence(gap.owner.practitioner, gap.absence);
  if (gap.standIn) {
    const { practitioner } = gap.standIn;
    return covered(
      { status: 'requested', businessStatus: 'assigned', owner: referenceTo(practitioner) },
      `${why}${NEXT}given to ${nameOf(practitioner)}, who covers.`,
    );
  }
  if (!gap.home?.length) return undefined;
  const pool = performerTypeName({ ...task, performerType: [...gap.home] }, pools);
  return covered(
    { status: 'requested', businessStatus: 'unassigned', owner: null, performerType: gap.home },
    `${why}${NEXT}back in “${pool}”.`,
  );
}

/**
 * Why a Task was taken from its owner, as its note says: "Ana Silva is away until 2026-12-27". Undefined where the note is
 * not there.
 *
 * @param at when, as the Provenance says: the note is of the same instant.
 */
export function awayIn({ note = [] }: Task, at: string): string | undefined {
  const ours = note.find(
    ({ authorReference, time }) => authorReference?.display === SERVICE.who.display && time === at,
  );
  return ours?.text?.slice(0, ours.text.lastIndexOf(NEXT));
}

/** Between why and what became of it. */
const NEXT = '; ';

function covered(change: Change, note: string): Accepted {
  const reason = findReason('covering-absence', REASONS);
  return {
    kind: 'accepted',
    verb: COVER,
    guard: 'version',
    change,
    ...(reason && { reason }),
    note,
    sentence: note,
  };
}
