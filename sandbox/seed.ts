import type { Patient, Practitioner, PractitionerRole, Resource } from '@medplum/fhirtypes';
import type { ClinicPatient, ClinicPerson, ClinicPool } from './clinic.ts';
import { PATIENTS, PEOPLE, POOLS, WORKSPACE } from './clinic.ts';
import type { FhirServer } from './fhir/index.ts';
import { featuresOf } from './fhir/index.ts';
import { stableId } from './fhir/stable-id.ts';
import { writePast } from './past.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** The Practitioner of somebody in the workspace; `undefined` for who has none, or is not known. */
export function practitionerOf(slackId: string): string | undefined {
  const person = PEOPLE.find((candidate) => candidate.slackId === slackId);
  return person && person.obstacle !== 'not-linked' ? stableId('Practitioner', slackId) : undefined;
}

/** The Patient with this key of `clinic.ts`, or with this id. */
export function patientBy(keyOrId: string): (ClinicPatient & { readonly id: string }) | undefined {
  return patients().find(({ key, id }) => key === keyOrId || id === keyOrId);
}

/** The patients with their ids, in the order of `clinic.ts`. */
export function patients(): readonly (ClinicPatient & { readonly id: string })[] {
  return PATIENTS.map((patient) => ({ ...patient, id: stableId('Patient', patient.key) }));
}

/** Fills an empty server with the clinic of `clinic.ts`: its people, its patients, and some answered messages. */
export async function seed(fhir: FhirServer): Promise<void> {
  const longAgo = fhir.repositoryFor({ now: () => new Date(Date.now() - 30 * DAY_MS).toISOString() });
  const put = (resource: Resource & { id: string }) => longAgo.createResource(resource, { assignedId: true });

  for (const resource of projectResources(fhir)) await put(resource);
  for (const patient of patients()) await put(toPatient(patient));
  for (const person of PEOPLE) {
    const id = practitionerOf(person.slackId);
    if (!id) continue;
    await put(toPractitioner(person, id));
    for (const pool of POOLS.filter((candidate) => person.pools.includes(candidate.id))) {
      await put(toRole(person, id, pool));
    }
  }
  await writePast(fhir, { patients: patients(), practitionerOf });
}

/** The project, its client, and the people who are members: every second one, so that both cases are met. */
function projectResources({ projectId, clientId, settings }: FhirServer): (Resource & { id: string })[] {
  const project = { reference: `Project/${projectId}` };
  const client = { reference: `ClientApplication/${clientId}` };
  const members = PEOPLE.filter(({ featured, slackId }) => featured && practitionerOf(slackId) !== undefined)
    .filter((_, index) => index % 2 === 0)
    .map((person) => ({
      name: displayName(person),
      reference: `Practitioner/${practitionerOf(person.slackId)}`,
    }));
  return [
    { resourceType: 'Project', id: projectId, name: WORKSPACE.name, features: featuresOf(settings) },
    { resourceType: 'ClientApplication', id: clientId, name: 'Switchboard', status: 'active' },
    {
      resourceType: 'ProjectMembership',
      id: stableId('ProjectMembership', 'client'),
      active: true,
      admin: true,
      project,
      user: client,
      profile: client,
    },
    ...members.map(({ name, reference }) => ({
      resourceType: 'ProjectMembership' as const,
      id: stableId('ProjectMembership', reference),
      active: true,
      project,
      user: { reference: `User/${stableId('User', reference)}`, display: name },
      profile: { reference, display: name },
    })),
  ];
}

function toPatient({ id, given, family, birthDate, gender }: ClinicPatient & { readonly id: string }) {
  const patient: Patient & { id: string } = {
    resourceType: 'Patient',
    id,
    active: true,
    name: [{ given: [given], family }],
    birthDate,
    gender,
  };
  return patient;
}

function toPractitioner(person: ClinicPerson, id: string) {
  const practitioner: Practitioner & { id: string } = {
    resourceType: 'Practitioner',
    id,
    active: person.obstacle !== 'inactive-practitioner',
    name: [{ given: [person.given], family: person.family }],
    telecom: [{ system: 'email', use: 'work', value: person.email }],
    ...(person.linkedBy === 'identifier'
      ? { identifier: [{ system: WORKSPACE.identifierSystem, value: person.slackId }] }
      : undefined),
  };
  return practitioner;
}

function toRole(person: ClinicPerson, practitioner: string, pool: ClinicPool) {
  const ended = person.obstacle === 'ended-role';
  const thisYear = new Date().getUTCFullYear();
  const role: PractitionerRole & { id: string } = {
    resourceType: 'PractitionerRole',
    id: stableId('PractitionerRole', person.slackId, pool.id),
    active: true,
    practitioner: { reference: `Practitioner/${practitioner}`, display: displayName(person) },
    code: [{ coding: [{ system: pool.system, code: pool.code, display: pool.name }] }],
    period: { start: `${thisYear - 3}-01-01`, ...(ended ? { end: `${thisYear - 1}-12-31` } : undefined) },
  };
  return role;
}

function displayName({ given, family }: ClinicPerson): string {
  return `${given} ${family}`;
}
