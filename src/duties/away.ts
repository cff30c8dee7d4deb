import type { Practitioner, PractitionerRole, Task } from '@medplum/fhirtypes';
import { isActive, type Member, nameOf, rolesNow } from '../routing/eligibility.ts';
import { performerCodings, sameCoding } from '../routing/task.ts';
import type { CoverageRules } from './coverage.ts';

/** Somebody does not do their Tasks now: in words that follow their name, e.g. "is away until 2026-12-27". */
export interface Absence {
  readonly words: string;
}

/**
 * Whether the record says that somebody is away now; undefined where it does not. Who is not active any more is, too.
 *
 * Somebody with several roles is away when all of those are in which they do this Task (those of its performerType, else
 * all that they hold): a nurse who is on leave from one of two sites still works at the other.
 */
export function absenceOf(member: Member, task: Task, rules: CoverageRules, now: Date): Absence | undefined {
  if (rules.away.length === 0) return undefined;
  if (!isActive(member.practitioner)) return { words: 'is no longer active in the record' };
  if (!rules.away.includes('not-available')) return undefined;
  const today = dayIn(zoneOf(member.practitioner), now);
  const leaves = rolesFor(task, member, now).map((role) => leaveOf(role, today, now));
  if (leaves.length === 0 || leaves.some((leave) => leave === undefined)) return undefined;
  // Whichever role they come back to first.
  const ends = leaves.map((leave) => leave?.end).filter((end) => end !== undefined);
  return { words: ['is away', until(ends.toSorted()[0])].filter(Boolean).join(' ') };
}

/** The absence of somebody whose Schedule has no free slot. */
export function nothingFree(rules: CoverageRules): Absence {
  return { words: `has no free time in the next ${rules.freeSlotWithinMinutes} minutes` };
}

function rolesFor(task: Task, member: Member, now: Date): PractitionerRole[] {
  const held = rolesNow(member, now);
  const wanted = performerCodings(task);
  const fitting = held.filter(({ code = [] }) =>
    code.flatMap(({ coding = [] }) => coding).some((coding) => wanted.some((one) => sameCoding(one, coding))),
  );
  return fitting.length > 0 ? fitting : held;
}

/** The period of `notAvailable` that includes now; one that says no time says nothing. */
function leaveOf(
  { notAvailable = [] }: PractitionerRole,
  today: string,
  now: Date,
): { end?: string } | undefined {
  const found = notAvailable
    .map(({ during }) => during)
    .filter((during) => during?.start !== undefined || during?.end !== undefined)
    .find(
      (during) =>
        (during?.start === undefined || !isAfter(during.start, today, now)) &&
        (during?.end === undefined || !isBefore(during.end, today, now)),
    );
  return found && { ...(found.end && { end: found.end }) };
}

// A date without a time means the whole day (month, year) where the person is: it is compared with what day it is there.
function isAfter(bound: string, today: string, now: Date): boolean {
  return bound.includes('T') ? Date.parse(bound) > now.getTime() : bound > today.slice(0, bound.length);
}

function isBefore(bound: string, today: string, now: Date): boolean {
  return bound.includes('T') ? Date.parse(bound) < now.getTime() : bound < today.slice(0, bound.length);
}

function until(end: string | undefined): string {
  if (end === undefined) return '';
  return `until ${end.includes('T') ? `${new Date(end).toISOString().slice(0, 16).replace('T', ' ')} UTC` : end}`;
}

/** http://hl7.org/fhir/StructureDefinition/timezone: Medplum's scheduling wants it on everybody who has a Schedule. */
const TIMEZONE = 'http://hl7.org/fhir/StructureDefinition/timezone';

function zoneOf({ extension = [] }: Practitioner): string {
  return extension.find(({ url }) => url === TIMEZONE)?.valueCode ?? 'UTC';
}

/** The day that it is there, as YYYY-MM-DD; in UTC where there is no such zone. */
function dayIn(timeZone: string, now: Date): string {
  try {
    return new Intl.DateTimeFormat('en-CA', { timeZone }).format(now);
  } catch {
    return now.toISOString().slice(0, 10);
  }
}

/** "Ana Silva is away until 2026-12-27". */
export function absenceSentence(practitioner: Practitioner, { words }: Absence): string {
  return `${nameOf(practitioner)} ${words}`;
}
