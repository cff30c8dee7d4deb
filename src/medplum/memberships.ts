import type { MedplumClient } from '@medplum/core';
import type { Membership } from '../runtime/ports/record.ts';
import { RecordError } from '../runtime/ports/record.ts';
import { attempt, fresh } from './requests.ts';

/**
 * Whether writes can be made on a person's behalf: only for somebody with a ProjectMembership, and only by a client
 * whose own membership is an administrator's. The server itself lets a membership that was switched off through.
 */
export async function membershipOf(client: MedplumClient, practitionerId: string): Promise<Membership> {
  try {
    const found = await attempt(`looking for the membership of Practitioner/${practitionerId}`, () =>
      client.search('ProjectMembership', `profile=Practitioner/${practitionerId}&_count=20`, fresh()),
    );
    const memberships = (found.entry ?? [])
      .map(({ resource }) => resource)
      .filter((one) => one !== undefined);
    if (memberships.length === 0) return 'none';
    return memberships.some((one) => one.active !== false) ? 'active' : 'inactive';
  } catch (error) {
    if (error instanceof RecordError && error.kind === 'forbidden') return 'unknown';
    throw error;
  }
}
