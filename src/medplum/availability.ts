import {
  type MedplumClient,
  SchedulingParametersURI,
  ServiceTypeReferenceURI,
  serviceTypeIncludesAllServices,
} from '@medplum/core';
import type { Bundle, Extension, Parameters, Resource, Schedule } from '@medplum/fhirtypes';
import { RecordError } from '../runtime/ports/record.ts';
import { attempt, fresh } from './requests.ts';

type InUse = Schedule & { id: string };

/**
 * Whether a person's Schedules have a free slot between two instants; undefined for somebody who has no Schedule in use.
 * Throws a `RecordError` where the server can say it of none of them, because they are not set up for that.
 *
 * As in https://www.medplum.com/docs/communications/messaging-automations, by `Schedule/<id>/$find`. Servers since the
 * summer of 2026 do not have it any more; there `Appointment/$find` is asked, for each service that the Schedule offers.
 */
export async function hasFreeSlot(
  client: MedplumClient,
  practitionerId: string,
  from: Date,
  to: Date,
): Promise<boolean | undefined> {
  const doing = `looking for a free slot of Practitioner/${practitionerId}`;
  const range = { start: from.toISOString(), end: to.toISOString(), _count: '1' };
  const schedules = await attempt(doing, async () => {
    const query = `actor=Practitioner/${practitionerId}&_count=20`;
    const found = await client.search('Schedule', query, fresh());
    return (found.entry ?? []).map(({ resource }) => resource).filter(isInUse);
  });
  if (schedules.length === 0) return undefined;
  const answers: boolean[] = [];
  let silent: RecordError | undefined;
  for (const schedule of schedules) {
    try {
      const free = await attempt(doing, () => isFree(client, schedule, range));
      if (free) return true;
      answers.push(free);
    } catch (error) {
      if (!(error instanceof RecordError && UNANSWERED.includes(error.kind))) throw error;
      silent = error;
    }
  }
  if (answers.length === 0 && silent) throw silent;
  return false;
}

/** What a server says that has no such operation, or a Schedule that lacks what the operation needs (a time zone, say). */
const UNANSWERED: readonly string[] = ['gone', 'invalid', 'forbidden'];

type Range = Readonly<Record<string, string>>;

async function isFree(client: MedplumClient, schedule: InUse, range: Range): Promise<boolean> {
  const types = serviceTypesOf(schedule);
  let services: string[];
  try {
    const url = client.fhirUrl('Schedule', schedule.id, '$find');
    return await finds(client, url, {
      ...range,
      ...(types.length > 0 && { 'service-type': types.join(',') }),
    });
  } catch (error) {
    // Newer servers want a HealthcareService to be named, or have the Appointment's operation alone.
    services = await servicesOf(client, schedule);
    if (services.length === 0) throw error;
  }
  for (const service of services) {
    const more = { schedule: `Schedule/${schedule.id}`, 'service-type-reference': service };
    if (await finds(client, client.fhirUrl('Appointment', '$find'), { ...range, ...more })) return true;
  }
  return false;
}

async function finds(client: MedplumClient, url: URL, query: Range): Promise<boolean> {
  url.search = new URLSearchParams(query).toString();
  return bundleIn(await client.get<Resource>(url, fresh())).length > 0;
}

/** The documentation wraps the Bundle in Parameters; the servers answer with the Bundle itself. */
function bundleIn(answer: Resource): NonNullable<Bundle['entry']> {
  const isParameters = (one: Resource): one is Parameters => one.resourceType === 'Parameters';
  const isBundle = (one: Resource | undefined): one is Bundle => one?.resourceType === 'Bundle';
  const bundle = isParameters(answer) ? answer.parameter?.[0]?.resource : answer;
  return isBundle(bundle) ? (bundle.entry ?? []) : [];
}

function isInUse(schedule: Schedule | undefined): schedule is InUse {
  return schedule?.id !== undefined && schedule.active !== false;
}

/** The service types of a Schedule as `system|code`. */
function serviceTypesOf({ serviceType = [] }: Schedule): string[] {
  const codings = serviceType.flatMap(({ coding = [] }) => coding).filter(({ code }) => code !== undefined);
  return [...new Set(codings.map(({ system = '', code }) => `${system}|${code}`))];
}

/** The HealthcareServices that a Schedule is for: https://www.medplum.com/docs/scheduling/defining-availability */
async function servicesOf(
  client: MedplumClient,
  { serviceType, extension = [] }: Schedule,
): Promise<string[]> {
  if (serviceTypeIncludesAllServices(serviceType)) {
    const all = await client.searchResources('HealthcareService', '_count=20', fresh());
    return all.map(({ id }) => `HealthcareService/${id}`);
  }
  const parameters = extension.filter(({ url }) => url === SchedulingParametersURI);
  const named = [
    ...(serviceType ?? []).flatMap((type) => referencesIn(type.extension, ServiceTypeReferenceURI)),
    ...parameters.flatMap((one) => referencesIn(one.extension, 'service')),
  ];
  return [...new Set(named)];
}

function referencesIn(extensions: readonly Extension[] = [], url: string): string[] {
  return extensions
    .filter((one) => one.url === url)
    .map(({ valueReference }) => valueReference?.reference)
    .filter((reference) => reference !== undefined);
}
