import type { WithId } from '@medplum/core';
import { SchedulingParametersURI, TimezoneExtensionURI, toServiceTypeCodeableConcepts } from '@medplum/core';
import type {
  HealthcareService,
  Patient,
  Practitioner,
  PractitionerRole,
  ProjectMembership,
  RelatedPerson,
  Resource,
  Schedule,
  User,
} from '@medplum/fhirtypes';
import type { ClinicPatient, ClinicPerson, ClinicPool, ClinicRelative } from './clinic.ts';
import { CALENDAR, PATIENTS, PEOPLE, POOLS, RELATIVES, WORKSPACE } from './clinic.ts';
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

/** The people who write for a patient, with their ids and the patient's. */
export function relatives(): readonly (ClinicRelative & {
  readonly id: string;
  readonly patientId: string;
})[] {
  return RELATIVES.map((relative) => ({
    ...relative,
    id: stableId('RelatedPerson', relative.key),
    patientId: stableId('Patient', relative.patient),
  }));
}

/** The Schedule of somebody in the workspace; `undefined` for who has none. */
export function scheduleOf(slackId: string): string | undefined {
  return slackId === CALENDAR.slackId ? stableId('Schedule', slackId) : undefined;
}

/**
 * Fills an empty server with the clinic of `clinic.ts`: its people, its patients, and some answered messages.
 *
 * @param now when the clinic opens: what is seeded lies before it.
 */
export async function seed(fhir: FhirServer, now: Date): Promise<void> {
  const longAgo = fhir.repositoryFor({
    now: () => new Date(now.getTime() - 30 * DAY_MS).toISOString(),
  });
  const put = (resource: Resource & { id: string }) => longAgo.createResource(resource, { assignedId: true });

  for (const resource of projectResources(fhir)) await put(resource);
  for (const patient of patients()) await put(toPatient(patient));
  for (const relative of relatives()) await put(toRelatedPerson(relative));
  const service = toService();
  await put(service);
  for (const person of PEOPLE) {
    const id = practitionerOf(person.slackId);
    if (!id) continue;
    await put(toPractitioner(person, id));
    if (!person.outsider) for (const resource of memberResources(fhir, person, id)) await put(resource);
    const schedule = scheduleOf(person.slackId);
    if (schedule) await put(toSchedule(person, id, schedule, service));
    for (const pool of POOLS.filter((candidate) => person.pools.includes(candidate.id))) {
      await put(toRole(person, id, pool, now.getUTCFullYear()));
    }
  }
  await writePast(fhir, { patients: patients(), practitionerOf }, now);
}

/** The project, and its client, who is an administrator unless the server is set otherwise. */
function projectResources({ projectId, clientId, settings }: FhirServer): (Resource & { id: string })[] {
  const client = { reference: `ClientApplication/${clientId}` };
  return [
    { resourceType: 'Project', id: projectId, name: WORKSPACE.name, features: featuresOf(settings) },
    { resourceType: 'ClientApplication', id: clientId, name: 'Switchboard', status: 'active' },
    {
      resourceType: 'ProjectMembership',
      id: stableId('ProjectMembership', 'client'),
      active: true,
      admin: settings.clientAdmin,
      project: { reference: `Project/${projectId}` },
      user: client,
      profile: client,
    },
  ];
}

/** What makes somebody a member of the project: a login, and the membership that ties it to the Practitioner. */
function memberResources({ projectId }: FhirServer, person: ClinicPerson, practitioner: string) {
  const reference = `Practitioner/${practitioner}`;
  const project = { reference: `Project/${projectId}` };
  const display = displayName(person);
  const user: WithId<User> = {
    resourceType: 'User',
    id: stableId('User', reference),
    firstName: person.given,
    lastName: person.family,
    email: person.email,
    project,
  };
  const membership: WithId<ProjectMembership> = {
    resourceType: 'ProjectMembership',
    id: stableId('ProjectMembership', reference),
    active: true,
    project,
    user: { reference: `User/${user.id}`, display },
    profile: { reference, display },
  };
  return [user, membership];
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

function toRelatedPerson({
  id,
  patientId,
  given,
  family,
  relationship,
}: ReturnType<typeof relatives>[number]) {
  const system = 'http://terminology.hl7.org/CodeSystem/v3-RoleCode';
  const relative: WithId<RelatedPerson> = {
    resourceType: 'RelatedPerson',
    id,
    active: true,
    patient: { reference: `Patient/${patientId}` },
    relationship: [{ coding: [{ system, ...relationship }], text: relationship.display }],
    name: [{ given: [given], family }],
  };
  return relative;
}

/** What the calendar offers. */
function toService() {
  const { key, code, name } = CALENDAR.service;
  const system = 'urn:switchboard:sandbox:service';
  const service: WithId<HealthcareService> = {
    resourceType: 'HealthcareService',
    id: stableId('HealthcareService', key),
    active: true,
    name,
    type: [{ coding: [{ system, code, display: name }], text: name }],
  };
  return service;
}

function toSchedule(
  person: ClinicPerson,
  practitioner: string,
  id: string,
  service: WithId<HealthcareService>,
) {
  const length = { value: CALENDAR.minutes, unit: 'min' };
  const schedule: WithId<Schedule> = {
    resourceType: 'Schedule',
    id,
    active: true,
    actor: [{ reference: `Practitioner/${practitioner}`, display: displayName(person) }],
    serviceType: toServiceTypeCodeableConcepts(service),
    extension: [
      {
        url: SchedulingParametersURI,
        extension: [
          { url: 'duration', valueDuration: length },
          { url: 'alignmentInterval', valueDuration: length },
        ],
      },
    ],
  };
  return schedule;
}

function toPractitioner(person: ClinicPerson, id: string) {
  const practitioner: Practitioner & { id: string } = {
    resourceType: 'Practitioner',
    id,
    active: person.obstacle !== 'inactive-practitioner',
    name: [{ given: [person.given], family: person.family }],
    telecom: [{ system: 'email', use: 'work', value: person.email }],
    ...(person.slackId === CALENDAR.slackId
      ? { extension: [{ url: TimezoneExtensionURI, valueCode: CALENDAR.timezone }] }
      : undefined),
    ...(person.linkedBy === 'identifier'
      ? { identifier: [{ system: WORKSPACE.identifierSystem, value: person.slackId }] }
      : undefined),
  };
  return practitioner;
}

function toRole(person: ClinicPerson, practitioner: string, pool: ClinicPool, thisYear: number) {
  const ended = person.obstacle === 'ended-role';
  const role: PractitionerRole & { id: string } = {
    resourceType: 'PractitionerRole',
    id: stableId('PractitionerRole', person.slackId, pool.id),
    active: true,
    practitioner: { reference: `Practitioner/${practitioner}`, display: displayName(person) },
    code: [{ coding: [{ system: pool.system, code: pool.code, display: pool.name }] }],
    period: { start: `${thisYear - 3}-01-01`, ...(ended ? { end: `${thisYear - 1}-06-30` } : undefined) },
  };
  return role;
}

function displayName({ given, family }: ClinicPerson): string {
  return `${given} ${family}`;
}
