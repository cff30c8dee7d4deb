import type { Communication } from '@medplum/fhirtypes';
import type { Message } from '../../src/duties/thread.ts';
import type { Member } from '../../src/routing/eligibility.ts';
import { refTo } from './pure-clinic.ts';

/** The day of `pure-clinic.ts`, at this time (UTC). */
export function at(time: string): string {
  return `2026-03-02T${time}:00.000Z`;
}

/** What somebody says in the thread of `pure-clinic.ts` at a time of that day. */
export function said(
  id: string,
  time: string,
  sender: Communication['sender'],
  more: Partial<Communication> = {},
): Message {
  return {
    resourceType: 'Communication',
    id,
    meta: { versionId: `${id}-v1`, lastUpdated: at(time) },
    status: 'in-progress',
    partOf: [{ reference: 'Communication/header' }],
    ...(sender && { sender }),
    sent: at(time),
    payload: [{ contentString: `What ${id} says.` }],
    ...more,
  };
}

export const HOMER = { reference: 'Patient/homer-simpson', display: 'Homer Simpson' };
export const MARGE = { reference: 'RelatedPerson/marge-simpson', display: 'Marge Simpson' };

export function patientSays(id: string, time: string, more: Partial<Communication> = {}): Message {
  return said(id, time, HOMER, more);
}

export function staffSays(member: Member, id: string, time: string, more: Partial<Communication> = {}) {
  return said(id, time, refTo(member), more);
}
