import type { PractitionerRole } from '@medplum/fhirtypes';
import type { Line } from '../cards/card.ts';
import { covers, isActive, nameOf, roleNames, rolesNow } from '../routing/eligibility.ts';
import type { Pool } from '../routing/pools.ts';
import { hasCoding } from '../routing/task.ts';
import type { Asking } from './asking.ts';
import { quoted } from './counting.ts';
import type { Listing, Query, Row } from './query.ts';

/** Who the person is to the record. */
export const whoami = {
  name: 'whoami',
  label: 'Who am I',
  description: 'Who you are in the record, and what you may claim',
  takes: 'nothing',
} as const satisfies Query;

/** How the person was found, and where they may claim. */
export interface Linked {
  /** The person's id in chat. */
  readonly chatId: string;
  /** The pools whose Tasks they may claim now. */
  readonly held: readonly Pool[];
}

export function listWhoami(linked: Linked, asking: Asking): Listing {
  return { sentence: whoSentence(asking), sections: [{ rows: whoRows(linked, asking) }] };
}

export function whoSentence({ actor }: Asking): string {
  return `You are ${nameOf(actor.practitioner)} in the record.`;
}

/** How they are linked, what they are, where they may claim, and what is missing. */
export function whoRows({ chatId, held }: Linked, asking: Asking): Row[] {
  const { actor, now } = asking;
  const names = roleNames(actor, now);
  const byIdentifier = actor.practitioner.identifier?.some(({ value }) => value === chatId) ?? false;
  const how = byIdentifier ? `the identifier ${chatId} that it carries` : 'your e-mail address';
  const lines: Line[] = [
    ['Linked to ', { code: `Practitioner/${actor.practitioner.id}` }, ` by ${how}.`],
    names.length > 0
      ? ['Your role: ', { bold: names.join(', ') }, '.']
      : ['You have no role that is active now.'],
    held.length > 0
      ? ['You may claim in ', { bold: held.map((pool) => pool.name).join(', ') }, '.']
      : ['There is no pool here in which you may claim.'],
    ...missing(asking, held).map((sentence) => [sentence]),
  ];
  return lines.map((line) => ({ line, buttons: [] }));
}

/** Why somebody may not claim, or not everything that they could: what their administrator can look at. */
function missing({ actor, pools, now }: Asking, held: readonly Pool[]): string[] {
  if (!isActive(actor.practitioner))
    return ['Your Practitioner record is not active, so you cannot act on Tasks. Ask your administrator.'];
  if (actor.roles.length === 0)
    return ['You have no PractitionerRole in the record. Ask your administrator for one.'];
  const current = rolesNow(actor, now);
  const past = actor.roles.filter((role) => !current.includes(role)).map((role) => pastRole(role, now));
  const foreign = current.filter((role) => !pools.some((pool) => isOf(role, pool)));
  const unserved = foreign.flatMap(namesOf);
  return [
    ...new Set(past),
    ...(unserved.length > 0 ? [`No pool is served here for ${quoted(unserved)}.`] : []),
    ...(held.length === 0 && past.length > 0 ? ['Ask your administrator for a role that is active.'] : []),
  ];
}

function pastRole(role: PractitionerRole, now: Date): string {
  const [name = 'without a name'] = namesOf(role);
  if (!isActive(role)) return `Your role “${name}” is not active.`;
  const { start, end } = role.period ?? {};
  const begins = start !== undefined && !covers({ start }, now);
  return begins
    ? `Your role “${name}” begins on ${day(start)}.`
    : `Your role “${name}” ended on ${day(end)}.`;
}

function namesOf(role: PractitionerRole): string[] {
  const names = (role.code ?? []).map(
    ({ text, coding }) => text ?? coding?.[0]?.display ?? coding?.[0]?.code,
  );
  return names.filter((name) => name !== undefined);
}

function isOf(role: PractitionerRole, pool: Pool): boolean {
  return role.code?.some((concept) => hasCoding(concept, pool.performerType)) ?? false;
}

/** The day as the record has it: nobody says in which time zone. */
function day(instant: string | undefined): string {
  return instant?.slice(0, 10) ?? 'a day that the record does not say';
}
