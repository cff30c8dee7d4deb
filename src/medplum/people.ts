import type { MedplumClient, WithId } from '@medplum/core';
import type { Bundle, Practitioner, PractitionerRole } from '@medplum/fhirtypes';
import type { Found, PeopleStore } from '../runtime/ports/record.ts';
import { hasFreeSlot } from './availability.ts';
import { resourcesOf } from './bundles.ts';
import { toRecordError } from './errors.ts';
import { membershipOf } from './memberships.ts';

/** How many people a type-ahead looks through. */
const NAME_MATCHES = 20;
/** The most people of one pool that are counted. */
const ROLE_MATCHES = 1_000;

/** Finds Practitioners, each with their roles, in one request. */
export function createPeopleStore(client: MedplumClient): PeopleStore {
  async function search(query: string): Promise<Found[]> {
    try {
      const withRoles = `${query}&_revinclude=PractitionerRole:practitioner`;
      return found(await client.search('Practitioner', withRoles, { cache: 'no-store' }));
    } catch (error) {
      throw toRecordError(error, 'looking for a Practitioner');
    }
  }

  return {
    byIdentifier: (system, value) => search(`identifier=${encodeURIComponent(`${system}|${value}`)}`),
    byEmail: (email) => search(`email=${encodeURIComponent(email)}`),
    byId: async (id) => (await search(`_id=${encodeURIComponent(id)}`))[0],
    byRole: async ({ system, code }) => {
      const token = encodeURIComponent(`${system}|${code}`);
      // The roles that made them match come with them, and all their others.
      return search(`_has:PractitionerRole:practitioner:role=${token}&_count=${ROLE_MATCHES}`);
    },
    membership: (id) => membershipOf(client, id),
    hasFreeSlot: (id, from, to) => hasFreeSlot(client, id, from, to),
    byName: (words) => search(`${words ? `name=${encodeURIComponent(words)}&` : ''}_count=${NAME_MATCHES}`),
  };
}

function found(bundle: Bundle): Found[] {
  const resources = resourcesOf(bundle);
  const roles = resources.filter((one): one is PractitionerRole => one.resourceType === 'PractitionerRole');
  return resources
    .filter((one): one is WithId<Practitioner> => one.resourceType === 'Practitioner')
    .map((practitioner) => ({
      practitioner,
      roles: roles.filter((role) => role.practitioner?.reference === `Practitioner/${practitioner.id}`),
    }));
}
