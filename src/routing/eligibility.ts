import type {
  Coding,
  HumanName,
  Period,
  Practitioner,
  PractitionerRole,
  Reference,
  Task,
} from '@medplum/fhirtypes';
import { performerCodings, sameCoding } from './task.ts';

/** A person of the care team as the record knows them. */
export interface Member {
  readonly practitioner: Practitioner & { id: string };
  readonly roles: readonly PractitionerRole[];
}

/** `active` may be left out; FHIR then takes the record to be in use. */
export function isActive(resource: { active?: boolean }): boolean {
  return resource.active !== false;
}

/** The roles that the person holds at this instant. */
export function rolesNow(member: Member, now: Date): PractitionerRole[] {
  return member.roles.filter((role) => isActive(role) && covers(role.period, now));
}

/**
 * May this person claim this Task? The specification: "providers whose PractitionerRole.code matches the
 * performerType can see and claim the Task". Compared on system and code; the person and the role must be active.
 */
export function mayClaim(task: Task, member: Member, now: Date): boolean {
  if (!isActive(member.practitioner)) return false;
  const wanted = performerCodings(task);
  return roleCodings(member, now).some((held) => wanted.some((coding) => sameCoding(held, coding)));
}

/** Every coding of every role held now. */
export function roleCodings(member: Member, now: Date): Coding[] {
  return rolesNow(member, now).flatMap((role) =>
    (role.code ?? []).flatMap((concept) => concept.coding ?? []),
  );
}

/** What the person's roles are called, for a sentence: "Registered nurse". */
export function roleNames(member: Member, now: Date): string[] {
  const names = rolesNow(member, now).flatMap((role) =>
    (role.code ?? []).map(
      (concept) => concept.text ?? concept.coding?.[0]?.display ?? concept.coding?.[0]?.code,
    ),
  );
  return [...new Set(names.filter((name) => name !== undefined))];
}

/** The person's name as it is written into the record and onto cards. */
export function nameOf(practitioner: Practitioner): string {
  const name = practitioner.name?.find((one) => one.use === 'official') ?? practitioner.name?.[0];
  return (name && humanName(name)) || `Practitioner/${practitioner.id}`;
}

/** The reference to the person, with the name that people will read. */
export function referenceTo(practitioner: Practitioner): Reference<Practitioner> & { reference: string } {
  return { reference: `Practitioner/${practitioner.id}`, display: nameOf(practitioner) };
}

function humanName(name: HumanName): string {
  return (
    name.text ?? [...(name.prefix ?? []), ...(name.given ?? []), name.family].filter(Boolean).join(' ').trim()
  );
}

/**
 * Does the period include the instant? Bounds are inclusive, and a date without a time means the whole day
 * (http://hl7.org/fhir/R4/datatypes.html#Period). Nobody says in which time zone, so the day is taken as wide as it
 * is anywhere on Earth: a nurse on her last evening must still be able to claim.
 */
export function covers(period: Period | undefined, now: Date): boolean {
  const start = period?.start === undefined ? Number.NEGATIVE_INFINITY : earliest(period.start);
  const end = period?.end === undefined ? Number.POSITIVE_INFINITY : latest(period.end);
  return start <= now.getTime() && now.getTime() <= end;
}

const HOUR = 3_600_000;
const FIRST_ZONE = 14 * HOUR; // UTC+14, where every day begins first
const LAST_ZONE = 12 * HOUR; // UTC-12, where every day ends last

function earliest(text: string): number {
  return text.includes('T') ? Date.parse(text) : Date.parse(text) - FIRST_ZONE;
}

function latest(text: string): number {
  if (text.includes('T')) return Date.parse(text);
  const day = new Date(text);
  // A date may stop at the year or at the month.
  if (text.length === 4) day.setUTCFullYear(day.getUTCFullYear() + 1);
  else if (text.length === 7) day.setUTCMonth(day.getUTCMonth() + 1);
  else day.setUTCDate(day.getUTCDate() + 1);
  return day.getTime() + LAST_ZONE - 1;
}
