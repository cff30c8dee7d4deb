import { createHash } from 'node:crypto';
import type { ClinicPerson } from '../clinic.ts';
import { stableId } from '../fhir/stable-id.ts';
import type { TeamsPerson } from './types.ts';

const GUEST = 'U0GUEST';
const STRANGER = 'U0STRANGER';

/** The tenant that the stranger belongs to. */
export const OTHER_TENANT_ID = stableId('Tenant', 'elsewhere');

/** The Entra object id of a person of the clinic; the same on every start. */
export const aadObjectIdOf = (slackId: string): string => stableId('TeamsUser', slackId);

/** The people of the clinic in its tenant, a guest of the tenant, and somebody of another one. */
export function peopleOf(clinic: readonly ClinicPerson[], tenantId: string): TeamsPerson[] {
  return [
    ...clinic.map((person) => memberOf(person, tenantId)),
    {
      ...identity(GUEST),
      given: 'Robin',
      family: 'Vance',
      email: 'robin.vance@locum.example',
      userPrincipalName: 'robin.vance_locum.example#EXT#@riverside.example',
      tenantId,
      userRole: 'guest',
    },
    {
      ...identity(STRANGER),
      given: 'Sasha',
      family: 'Kern',
      email: 'sasha.kern@elsewhere.example',
      userPrincipalName: 'sasha.kern@elsewhere.example',
      tenantId: OTHER_TENANT_ID,
      userRole: 'user',
    },
  ];
}

export const displayName = ({ given, family }: Pick<TeamsPerson, 'given' | 'family'>): string =>
  `${given} ${family}`.trim();

/** The chat of one person with the bot, the same id each time. */
export const personalId = (person: TeamsPerson): string => `a:1${digest('chat', person.aadObjectId)}`;

function memberOf(person: ClinicPerson, tenantId: string): TeamsPerson {
  const { slackId, given, family, email, pools, featured, obstacle } = person;
  return {
    ...identity(slackId),
    given,
    family,
    email,
    userPrincipalName: email,
    tenantId,
    userRole: 'user',
    pools,
    featured,
    ...(obstacle ? { obstacle } : {}),
  };
}

function identity(slackId: string) {
  const aadObjectId = aadObjectIdOf(slackId);
  return {
    id: slackId,
    teamsId: `29:1${digest('user', aadObjectId)}`,
    aadObjectId,
    pools: [],
    featured: false,
  };
}

const digest = (...parts: readonly string[]): string =>
  createHash('sha256').update(parts.join(' ')).digest('base64url');
